/**
 * Sealing a day: the newest commit of every log before midnight UTC becomes a leaf, and the root over all leaves is stored apart, where
 * whoever may write to the ledger may change nothing. Sealing again gives the same seal, or says that the ledger is another now.
 *
 *   midnight ──> margin is over (no writer can add to the day any more) ──> heads ──> root ──> stored under the day's name
 */
import { DAY_MS, dayOf, endOfDay } from '../contracts/day.ts';
import {
  type ChainHead,
  type DaySeal,
  decodeHeads,
  decodeSeal,
  encodeHeads,
  encodeSeal,
  headsName,
  inLeafOrder,
  rootOfHeads,
  SEAL_VERSION,
  SEALS_PREFIX,
  sealName,
} from '../contracts/seal.ts';
import type { HashBytes } from '../domain/merkle.ts';
import type { Clock, EventLog, LedgerScan, SealStore } from '../ports.ts';
import { CLOSE_MARGIN_MS } from './close-day.ts';
import { findCommit } from './find-commit.ts';
import { inParallel } from './in-parallel.ts';

/** Logs asked for their heads at a time: the SDK keeps 50 connections. */
const PARALLEL_HEADS = 50;

/** What sealing takes, wherever the heads come from. */
export interface HeadSealPorts {
  readonly seals: SealStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly hash: HashBytes;
}

export interface SealPorts extends HeadSealPorts {
  readonly log: EventLog;
  readonly scan: LedgerScan;
}

/** The day cannot be sealed now, or was sealed otherwise. */
export class DayNotSealable extends Error {
  override readonly name: string = 'DayNotSealable';
}

/** The day is sealed, or was about to be, with other heads than those that it should have: somebody changed one or the other. */
export class SealDiffers extends DayNotSealable {
  override readonly name = 'SealDiffers';
}

/** The newest day that can be sealed. */
export function newestSealableDay(now: number): string {
  return dayOf(now - CLOSE_MARGIN_MS - DAY_MS);
}

/**
 * Seals a day from the ledger itself. Days are sealed in order, but one that was left out stays so: its seal would have to stand
 * before one that is made.
 *
 * @throws {DayNotSealable} if it is not over for long enough, or a later one is sealed
 * @throws {SealDiffers} if its seal differs from the ledger
 */
export async function sealDay(ports: SealPorts, day: string): Promise<DaySeal> {
  return sealHeads(ports, day, () => headsOf(ports, endOfDay(day)));
}

/**
 * Seals a day whose heads somebody else knows; they are asked for once it is clear that the day can be sealed.
 *
 * @throws {DayNotSealable} as {@link sealDay}, and if they hold an account twice
 */
export async function sealHeads(
  { seals, clock, hash }: HeadSealPorts,
  day: string,
  headsOfDay: () => Promise<readonly ChainHead[]>,
): Promise<DaySeal> {
  if (clock.now() < endOfDay(day) + CLOSE_MARGIN_MS)
    throw new DayNotSealable(`day ${day} cannot be sealed yet: writers may still add to it`);
  const previous = await sealBefore(seals, day);
  const heads = inLeafOrder(await headsOfDay());
  const twice = heads.find(({ account }, i) => account === heads[i - 1]?.account);
  if (twice !== undefined) throw new DayNotSealable(`day ${day} has two newest commits of ${twice.account}`);
  const root = rootOfHeads(hash, day, heads);
  const seal: DaySeal = { v: SEAL_VERSION, day, accounts: heads.length, root, previous };
  // The heads first: a seal without them could be proven against, but not be compared with the ledger.
  await seals.put([{ name: headsName(day), text: encodeHeads(heads) }]);
  const kept = rootOfHeads(hash, day, (await readHeads(seals, day)) ?? []);
  if (kept === root) await seals.put([{ name: sealName(day), text: encodeSeal(seal) }]);
  const stored = await readSeal(seals, day);
  if (stored?.root === root) return stored;
  throw new SealDiffers(
    `day ${day} is sealed with the root ${stored?.root ?? kept}, what it should hold has ${root} now`,
  );
}

/** The newest seal before a day. Refuses a day that was left out: the seal after it does not know it. */
async function sealBefore(seals: SealStore, day: string): Promise<DaySeal['previous']> {
  const days = await sealedDays(seals);
  if (!days.includes(day) && days.some((sealed) => sealed > day))
    throw new DayNotSealable(`day ${day} was left out, and a later one is sealed`);
  const before = days.filter((sealed) => sealed < day).at(-1);
  const seal = before === undefined ? undefined : await readSeal(seals, before);
  return seal === undefined ? null : { day: seal.day, root: seal.root };
}

/** Days that are sealed, oldest first. */
export async function sealedDays(seals: SealStore): Promise<readonly string[]> {
  const days: string[] = [];
  for await (const name of seals.list(SEALS_PREFIX)) days.push(name.slice(SEALS_PREFIX.length));
  return days.sort();
}

export async function readSeal(seals: SealStore, day: string): Promise<DaySeal | undefined> {
  const text = await seals.get(sealName(day));
  return text === undefined ? undefined : decodeSeal(text);
}

/** The heads behind a day's seal, in leaf order. */
export async function readHeads(seals: SealStore, day: string): Promise<readonly ChainHead[] | undefined> {
  const text = await seals.get(headsName(day));
  return text === undefined ? undefined : decodeHeads(text);
}

async function headsOf({ log, scan }: SealPorts, before: number): Promise<readonly ChainHead[]> {
  const accounts = await Array.fromAsync(scan.accounts(0, 1));
  const heads = await inParallel(accounts, PARALLEL_HEADS, async (account): Promise<ChainHead | undefined> => {
    const { commit } = await findCommit(log, account, before - 1, 'from_the_end');
    return commit === undefined ? undefined : { account, version: commit.version, hash: commit.hash };
  });
  return heads.filter((head) => head !== undefined);
}
