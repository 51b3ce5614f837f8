/**
 * A snapshot: what is in memory at the end of some frame, so that a start reads only what came after. It is a copy and can be
 * lost: without one, or with a damaged one, the start reads the whole file.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import * as z from 'zod/mini';
import { keyedKinds } from './entries.ts';

const SNAPSHOT_FILE = 'snapshot.json';
/** 2: the runs are sorted by another hash. 3: that has a key. A snapshot of an older version is made again, with its runs. */
export const SNAPSHOT_VERSION = 3;

const whole = z.int().check(z.nonnegative());
const snapshotSchema = z.object({
  v: z.literal(SNAPSHOT_VERSION),
  /** Where the frame begins that was open when it was made, and how many came before. */
  end: whole,
  frames: whole,
  /** It covers all entries before this place. */
  position: whole,
  /** Runs of transfers that belong to it. */
  runs: whole,
  /** Key of the hash that the runs are sorted by. */
  hashKey: z.tuple([z.int(), z.int()]),
  accounts: z.array(z.tuple([z.string(), whole, z.array(whole)])),
  /** Place of the newest entry by kind and key. */
  keyed: z.array(z.tuple([z.enum(keyedKinds), z.string(), whole])),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

/** Replaces the snapshot at once: whoever reads finds the old one or the new one. */
export function writeSnapshot(folder: string, text: string): void {
  const temporary = path.join(folder, `${SNAPSHOT_FILE}.new`);
  const file = openSync(temporary, 'w');
  writeSync(file, `${crc32(text)}\n${text}`);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path.join(folder, SNAPSHOT_FILE));
  syncFolder(folder);
}

/**
 * Takes a snapshot away that cannot be read, before runs are made anew: they are sorted by another hash and have the same names, so
 * whoever could read it, as the version that wrote it can, would find no older transfer in them, and debit again for each.
 */
export function removeSnapshot(folder: string): void {
  rmSync(path.join(folder, SNAPSHOT_FILE), { force: true });
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

/** The snapshot of a folder; undefined if there is none that can be read. */
export function readSnapshot(folder: string): Snapshot | undefined {
  const name = path.join(folder, SNAPSHOT_FILE);
  if (!existsSync(name)) return undefined;
  const [checksum, text = ''] = readFileSync(name, 'utf8').split('\n', 2);
  if (String(crc32(text)) !== checksum) return undefined;
  const parsed = snapshotSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
