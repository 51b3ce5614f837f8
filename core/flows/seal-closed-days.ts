/**
 * Sealing of closed days, by itself: the closing wrote down the newest commit of every account before midnight, so a seal needs no
 * look into the ledger. What it takes from the archive is what the closing named by its content, whole or not at all.
 *
 *   manifests/DAY ──> closing/DAY/HASH, each ──> heads ──> root ──> stored under the day's name
 *
 * `sealDay` makes the same seal from the ledger: who runs both has compared archive and ledger.
 */
import { decodeClosed, MANIFESTS_PREFIX, nameOf } from '../contracts/archive.ts';
import type { ChainHead, DaySeal } from '../contracts/seal.ts';
import type { Archive, Digest } from '../ports.ts';
import { readManifest } from './close-day.ts';
import { inParallel } from './in-parallel.ts';
import { DayNotSealable, type HeadSealPorts, sealedDays, sealHeads } from './seal-day.ts';

/** Texts read at a time; each has some 2 MB. */
const PARALLEL_TEXTS = 8;

export interface ClosedDaySealPorts extends HeadSealPorts {
  readonly archive: Pick<Archive, 'get' | 'list'>;
  readonly digest: Digest;
}

/** The day that is to be sealed next: the first closed one after the last sealed, or the last closed one where none is sealed. */
export async function nextToSeal({
  archive,
  seals,
}: Pick<ClosedDaySealPorts, 'archive' | 'seals'>): Promise<string | undefined> {
  const names = await Array.fromAsync(archive.list(MANIFESTS_PREFIX));
  const closed = names.map((name) => name.slice(MANIFESTS_PREFIX.length));
  const sealed = (await sealedDays(seals)).at(-1);
  return sealed === undefined ? closed.at(-1) : closed.find((day) => day > sealed);
}

/**
 * Seals the day that is next.
 *
 * @returns undefined if every closed day is sealed
 * @throws {DayNotSealable} if the archive does not hold the closing whole, or other heads of that day are sealed
 */
export async function sealNextClosedDay(ports: ClosedDaySealPorts): Promise<DaySeal | undefined> {
  const day = await nextToSeal(ports);
  return day === undefined ? undefined : sealHeads(ports, day, () => headsOfClosing(ports, day));
}

/** The newest commit of each account before a day's end, as its closing says. Logs that it found damaged are not among them. */
async function headsOfClosing({ archive, digest }: ClosedDaySealPorts, day: string): Promise<readonly ChainHead[]> {
  const manifest = await readManifest(archive, day);
  if (manifest === undefined) throw new DayNotSealable(`day ${day} is not closed`);
  const parts = await inParallel(manifest.closings, PARALLEL_TEXTS, async (name): Promise<readonly ChainHead[]> => {
    const text = await archive.get(name);
    if (text === undefined || nameOf('closing', day, digest(text)) !== name)
      throw new DayNotSealable(`the archive does not hold what the closing of day ${day} stored as ${name}`);
    return decodeClosed(text).map(({ account, version, hash }) => ({ account, version, hash }));
  });
  const heads = parts.flat();
  if (heads.length === manifest.accounts) return heads;
  throw new DayNotSealable(`day ${day} was closed with ${manifest.accounts} logs, its texts hold ${heads.length}`);
}
