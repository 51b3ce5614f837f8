/**
 * The audit of the seals: each is the root of the heads beside it and names the one before, the ledger still holds every head of
 * the newest, and no log that the newest does not know begins before its day's end. Older heads need no look of their own: the chains
 * of hashes, which the audit of the logs checks, lead to the newest.
 */
import { endOfDay } from '../contracts/day.ts';
import { type ChainHead, type DaySeal, inLeafOrder, rootOfHeads } from '../contracts/seal.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { accountOfKey } from '../domain/lane.ts';
import type { HashBytes } from '../domain/merkle.ts';
import { DamagedCommit, type EventLog, type LedgerScan, type SealStore } from '../ports.ts';
import type { Finding } from './audit-log.ts';
import { inParallel } from './in-parallel.ts';
import { readHeads, readSeal, sealedDays } from './seal-day.ts';

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
  let before: DaySeal | undefined;
  for (const day of days) {
    const seal = await readSeal(ports.seals, day);
    const heads = await readHeads(ports.seals, day);
    if (seal === undefined || heads === undefined) {
      findings.push(broken('', 0, `the heads of day ${day} are missing`));
      continue;
    }
    findings.push(...sealFaults(seal, heads, before, ports.hash));
    if (day === days.at(-1)) {
      findings.push(...(await headFaults(ports.log, day, heads)));
      findings.push(...(await unknownLogs(ports, day, heads)));
    }
    before = seal;
  }
  return { days: days.length, findings };
}

function sealFaults(
  seal: DaySeal,
  heads: readonly ChainHead[],
  before: DaySeal | undefined,
  hash: HashBytes,
): readonly Finding[] {
  const root = rootOfHeads(hash, seal.day, inLeafOrder(heads));
  const isRoot = root === seal.root && heads.length === seal.accounts;
  const isNext = seal.previous?.root === before?.root && seal.previous?.day === before?.day;
  return [
    ...(isRoot ? [] : [broken('', 0, `the heads of day ${seal.day} have the root ${root}, sealed is ${seal.root}`)]),
    ...(isNext ? [] : [broken('', 0, `the seal of day ${seal.day} does not name the one before it`)]),
  ];
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
