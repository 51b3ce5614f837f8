/**
 * The audit of the seals: each is the root of the heads beside it and names the one before, the ledger still holds every head of
 * the newest, and no log that the newest does not know begins before its day's end. Older heads need no look of their own: the chains
 * of hashes, which the audit of the logs checks, lead to the newest.
 */
import { endOfDay } from '../contracts/day.ts';
import {
  type ChainHead,
  type DaySeal,
  decodeHeads,
  decodeSeal,
  headsName,
  inLeafOrder,
  rootOfHeads,
  sealName,
} from '../contracts/seal.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { accountOfKey } from '../domain/lane.ts';
import type { HashBytes } from '../domain/merkle.ts';
import { DamagedCommit, type EventLog, type LedgerScan, type SealStore } from '../ports.ts';
import type { Finding } from './audit-log.ts';
import { inParallel } from './in-parallel.ts';
import { sealedDays } from './seal-day.ts';

const PARALLEL_HEADS = 50;

export interface VerifySealPorts {
  readonly log: EventLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly seals: SealStore;
  readonly hash: HashBytes;
}

export interface VerifiedSeals {
  readonly days: number;
  readonly findings: readonly Finding[];
}

export async function verifySeals(ports: VerifySealPorts): Promise<VerifiedSeals> {
  const days = await sealedDays(ports.seals);
  const findings: Finding[] = [];
  let newest: StoredSeal | undefined;
  for (const day of days) {
    const stored = await storedSeal(ports.seals, day);
    if (typeof stored === 'string') {
      findings.push(broken('', 0, stored));
      continue;
    }
    findings.push(...sealFaults(stored, newest?.seal, ports.hash));
    newest = stored;
  }
  if (newest !== undefined) findings.push(...(await ledgerFaults(ports, newest)));
  return { days: days.length, findings };
}

interface StoredSeal {
  readonly seal: DaySeal;
  readonly heads: readonly ChainHead[];
}

/** A day's seal with the heads beside it, or what is wrong with them: whoever changed one may have left no seal at all. */
async function storedSeal(seals: SealStore, day: string): Promise<StoredSeal | string> {
  const seal = await seals.get(sealName(day));
  const heads = await seals.get(headsName(day));
  if (seal === undefined || heads === undefined) return `the heads of day ${day} are missing`;
  try {
    const stored = { seal: decodeSeal(seal), heads: decodeHeads(heads) };
    return stored.seal.day === day ? stored : `the seal of day ${day} is one of day ${stored.seal.day}`;
  } catch {
    return `the seal of day ${day}, or the heads beside it, cannot be read`;
  }
}

function sealFaults({ seal, heads }: StoredSeal, before: DaySeal | undefined, hash: HashBytes): readonly Finding[] {
  const root = rootOfHeads(hash, seal.day, inLeafOrder(heads));
  const isRoot = root === seal.root && heads.length === seal.accounts;
  const isNext = seal.previous?.root === before?.root && seal.previous?.day === before?.day;
  return [
    ...(isRoot ? [] : [broken('', 0, `the heads of day ${seal.day} have the root ${root}, sealed is ${seal.root}`)]),
    ...(isNext ? [] : [broken('', 0, `the seal of day ${seal.day} does not name the one before it`)]),
  ];
}

async function ledgerFaults(ports: VerifySealPorts, { seal, heads }: StoredSeal): Promise<readonly Finding[]> {
  const faults = await headFaults(ports.log, seal.day, heads);
  return [...faults, ...(await unknownLogs(ports, seal.day, heads))];
}

async function headFaults(log: EventLog, day: string, heads: readonly ChainHead[]): Promise<readonly Finding[]> {
  const faults = await inParallel(heads, PARALLEL_HEADS, async ({ account, version, hash }) => {
    const { account: id } = accountOfKey(account);
    const commit = await readable(log, account, version);
    if (commit === 'damaged')
      return [broken(account, version, `day ${day} sealed this commit of ${id}, and it cannot be read`)];
    if (commit === undefined)
      return [broken(account, version, `day ${day} sealed this commit of ${id}, and it is gone`)];
    if (commit.hash !== hash)
      return [broken(account, version, `day ${day} sealed it with the hash ${hash}, it has ${commit.hash}`)];
    return unsealed(await readable(log, account, version + 1), account, version + 1, day);
  });
  return faults.flat();
}

/** Logs that were put into the ledger later, with a time before the seal. */
async function unknownLogs(
  { log, scan }: VerifySealPorts,
  day: string,
  heads: readonly ChainHead[],
): Promise<readonly Finding[]> {
  const known = new Set(heads.map(({ account }) => account));
  const unknown = (await Array.fromAsync(scan.accounts(0, 1))).filter((account) => !known.has(account));
  const faults = await inParallel(unknown, PARALLEL_HEADS, async (account) =>
    unsealed(await readable(log, account, 1), account, 1, day),
  );
  return faults.flat();
}

/** A commit that the newest seal does not cover may not be of its day. What cannot be read is a finding of its log's own audit. */
function unsealed(
  commit: StoredCommit | 'damaged' | undefined,
  account: string,
  version: number,
  day: string,
): readonly Finding[] {
  if (commit === undefined || commit === 'damaged' || commit.at >= endOfDay(day)) return [];
  return [broken(account, version, `it lies in day ${day}, which was sealed without it`)];
}

async function readable(
  log: EventLog,
  account: string,
  version: number,
): Promise<StoredCommit | 'damaged' | undefined> {
  try {
    return await log.read(account, version);
  } catch (error) {
    if (error instanceof DamagedCommit) return 'damaged';
    throw error;
  }
}

function broken(account: string, version: number, what: string): Finding {
  return { kind: 'seal_broken', account, version, what };
}
