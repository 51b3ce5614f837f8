/**
 * Proof of what an account held at a moment, for somebody who has no access to the wallet: the commit that tells it, all behind it
 * up to the day's last, and the way from that one to the day's sealed root. See docs/AUDIT.md for what exactly is proven.
 */
import { dayOf } from '../contracts/day.ts';
import { type BalanceProof, leafOf, SEAL_VERSION, toHex } from '../contracts/seal.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { type HashBytes, inclusionPath } from '../domain/merkle.ts';
import type { EventLog, LedgerScan, SealStore } from '../ports.ts';
import { findCommit } from './find-commit.ts';
import { readHeads, readSeal, sealedDays } from './seal-day.ts';

export interface ProvePorts {
  readonly log: EventLog;
  readonly scan: LedgerScan;
  readonly seals: SealStore;
  readonly hash: HashBytes;
}

/** Why there is no proof. */
export type NoProof = 'not_sealed' | 'no_log' | 'seal_broken';

/**
 * Proves what the log of an account says of a moment: by the seal of its day, or by a later one where that day has none, or where its
 * seal does not know the account, because it began later, or because its log was damaged then.
 *
 * @param account its key
 * @param at UTC milliseconds
 */
export async function proveBalance(ports: ProvePorts, account: string, at: number): Promise<BalanceProof | NoProof> {
  const days = (await sealedDays(ports.seals)).filter((day) => day >= dayOf(at));
  if (days.length === 0) return 'not_sealed';
  const day = await firstThatKnows(ports.seals, days, account);
  if (day === undefined) return 'no_log';
  return proveBySeal(ports, account, at, day);
}

/** The first of the sealed days whose heads have the account. Logs do not go, so it is found by halving. */
async function firstThatKnows(seals: SealStore, days: readonly string[], account: string): Promise<string | undefined> {
  const knows = async (day: string | undefined): Promise<boolean> => {
    const heads = day === undefined ? undefined : await readHeads(seals, day);
    return heads?.some((head) => head.account === account) ?? false;
  };
  if (await knows(days[0])) return days[0];
  let [without, having] = [0, days.length - 1];
  if (!(await knows(days[having]))) return undefined;
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2);
    if (await knows(days[middle])) having = middle;
    else without = middle;
  }
  return days[having];
}

async function proveBySeal(
  ports: ProvePorts,
  account: string,
  at: number,
  day: string,
): Promise<BalanceProof | NoProof> {
  const { seals, hash } = ports;
  const [seal, heads] = [await readSeal(seals, day), await readHeads(seals, day)];
  const index = heads?.findIndex((head) => head.account === account) ?? -1;
  const head = heads?.[index];
  if (seal === undefined || heads === undefined || head === undefined) return 'not_sealed';
  const commits = await stretch(ports, account, at, head.version);
  if (commits.at(-1)?.hash !== head.hash) return 'seal_broken';
  const leaves = heads.map((leaf) => leafOf(hash, day, leaf));
  const path = inclusionPath(hash, leaves, index).map(toHex);
  return { v: SEAL_VERSION, account, at, day, root: seal.root, index, size: heads.length, path, commits };
}

/** The commit of the moment, or the first one if there was none yet, and all behind it up to a version. */
async function stretch(
  { log, scan }: ProvePorts,
  account: string,
  at: number,
  through: number,
): Promise<readonly StoredCommit[]> {
  const { commit } = await findCommit(log, account, at);
  const commits: StoredCommit[] = [];
  for await (const next of scan.oldestFirst(account, (commit?.version ?? 1) - 1)) {
    if (next.version > through) break;
    commits.push(next);
  }
  return commits;
}
