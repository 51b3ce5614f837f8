/**
 * Where older transfers stand in the wallet's file: sorted runs on disk, and in memory one bit-sliced Bloom filter for every 32 of
 * them. A new transfer has to be known as new, which is the usual question and is answered by the filter alone: each probe reads
 * one 32-bit word with a bit per run, so 32 runs (4 million transfers) cost three or four reads of memory, whatever their size.
 *
 *   slice[h1(id)] & slice[h2(id)] & ...  =  runs that may hold the id  ──> newest first: interpolate, read 4 KB, compare
 */
import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { IdHash } from './id-hash.ts';
import type { PlaceTable } from './place-table.ts';

/** Transfers of one run. The filter below is laid out for it. */
export const RUN_TRANSFERS = 1 << 17;
/** A run that cannot be written when it is due grows, to this at most. It is only slower then: the filter lets more through. */
export const MOST_RUN_TRANSFERS = 4 * RUN_TRANSFERS;
/** A run's transfers are numbered below it while they are sorted. With the 32 bits of a hash that fits into a float. */
const INDICES = 2 ** 20;
/** Runs that share a filter: the bits of a word. */
const RUNS_PER_SLICE = 32;
/**
 * Bits of a filter per run: 32 per transfer, of which 6 are set, let one in 40,000 strangers through. Each that gets through costs a
 * read of the run, and there are ever more runs: with 16 bits, after 5 million transfers one new transfer in 28 did.
 */
const SLICE_BITS = RUN_TRANSFERS * 32;
const PROBES = 6;
/** hash (two uint32), place (uint48), 2 bytes free. */
const RECORD_BYTES = 16;
/** Records read at once around the place where a hash should be: hashes are spread evenly, the error is some hundred at most. */
const WINDOW_RECORDS = 256;

interface Run {
  readonly file: number;
  readonly records: number;
}

export class TransferRuns {
  private readonly folder: string;
  private readonly runs: Run[] = [];
  private readonly slices: Uint32Array[] = [];

  /** @param count runs that exist in the folder, numbered from 0 */
  constructor(folder: string, count: number) {
    this.folder = folder;
    for (let n = 0; n < count; n += 1) this.add(readFileSync(this.fileOf(n)));
  }

  get count(): number {
    return this.runs.length;
  }

  /** False if no run holds the transfer, which is the usual answer. */
  mayHold(hash: IdHash): boolean {
    return this.slices.some((_, slice) => this.candidates(slice, hash) !== 0);
  }

  /** Places where the transfer may stand, the latest first. */
  *placesOf(hash: IdHash): Generator<number, void> {
    for (let slice = this.slices.length - 1; slice >= 0; slice -= 1) {
      let candidates = this.candidates(slice, hash);
      while (candidates !== 0) {
        const bit = 31 - Math.clz32(candidates);
        candidates &= ~(1 << bit);
        yield* this.placesIn(slice * RUNS_PER_SLICE + bit, hash);
      }
    }
  }

  /**
   * Writes and syncs a new run, the newest from now on. There may be a file of that name, which no snapshot counts; who looks into the
   * folder may read it, and finds it whole. The name is on disk with the snapshot that counts the run.
   */
  write(places: PlaceTable): void {
    const bytes = encodeRun(places);
    const name = this.fileOf(this.runs.length);
    const temporary = `${name}.new`;
    writeFileSync(temporary, bytes, { flush: true });
    renameSync(temporary, name);
    this.add(bytes);
  }

  close(): void {
    for (const { file } of this.runs) closeSync(file);
  }

  private fileOf(n: number): string {
    return path.join(this.folder, `transfers-${String(n).padStart(6, '0')}.run`);
  }

  private add(bytes: Buffer): void {
    const n = this.runs.length;
    const slice = Math.floor(n / RUNS_PER_SLICE);
    const words = this.slices[slice] ?? new Uint32Array(SLICE_BITS);
    this.slices[slice] = words;
    const mask = 1 << (n % RUNS_PER_SLICE);
    for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
      const high = bytes.readUInt32LE(at);
      const step = bytes.readUInt32LE(at + 4) | 1;
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = probeBit(high, step, probe);
        words[bit] = (words[bit] ?? 0) | mask;
      }
    }
    this.runs.push({ file: openSync(this.fileOf(n), 'r'), records: bytes.length / RECORD_BYTES });
  }

  private candidates(slice: number, { high, low }: IdHash): number {
    const words = this.slices[slice];
    let candidates = -1;
    for (let probe = 0; probe < PROBES && candidates !== 0; probe += 1)
      candidates &= words?.[probeBit(high, low | 1, probe)] ?? 0;
    return candidates;
  }

  private *placesIn(n: number, { high, low }: IdHash): Generator<number, void> {
    const run = this.runs[n];
    if (run === undefined) return;
    const { file, records } = run;
    const first = firstAtOrAbove(file, records, high);
    for (let at = first; at < records; at += 1) {
      const record = readRecords(file, at, 1);
      if (record.readUInt32LE(0) !== high) return;
      if (record.readUInt32LE(4) === low) yield record.readUIntLE(8, 6);
    }
  }
}

function probeBit(high: number, step: number, probe: number): number {
  return ((high + Math.imul(step, probe)) >>> 0) % SLICE_BITS;
}

/** Index of the first record whose high half is not below `high`: one window by interpolation, then, if it missed, by halves. */
function firstAtOrAbove(file: number, records: number, high: number): number {
  const guess = Math.floor((high / 2 ** 32) * records);
  const from = Math.max(0, Math.min(guess - WINDOW_RECORDS / 2, records - WINDOW_RECORDS));
  const to = Math.min(from + WINDOW_RECORDS, records);
  const window = readRecords(file, from, to - from);
  const highAt = (at: number) => window.readUInt32LE((at - from) * RECORD_BYTES);
  const highOnDisk = (at: number) => readRecords(file, at, 1).readUInt32LE(0);
  if (from > 0 && highAt(from) >= high) return halve(0, from, highOnDisk, high);
  if (to < records && highAt(to - 1) < high) return halve(to, records, highOnDisk, high);
  return halve(from, to, highAt, high);
}

function halve(from: number, to: number, highAt: (at: number) => number, high: number): number {
  let low = from;
  let end = to;
  while (low < end) {
    const middle = (low + end) >>> 1;
    if (highAt(middle) < high) low = middle + 1;
    else end = middle;
  }
  return low;
}

function readRecords(file: number, from: number, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(count * RECORD_BYTES);
  readSync(file, bytes, 0, bytes.length, from * RECORD_BYTES);
  return bytes;
}

/** Sorted by the high half alone: as floats of which the low bits are an index, which sort without a function. */
function encodeRun(places: PlaceTable): Buffer {
  const keys = new Float64Array(places.size);
  const lows = new Uint32Array(places.size);
  const values = new Float64Array(places.size);
  let n = 0;
  places.forEach((high, low, place) => {
    keys[n] = high * INDICES + n;
    lows[n] = low;
    values[n] = place;
    n += 1;
  });
  keys.sort();
  const bytes = Buffer.allocUnsafe(n * RECORD_BYTES).fill(0);
  keys.forEach((key, i) => {
    const index = key % INDICES;
    bytes.writeUInt32LE(Math.floor(key / INDICES), i * RECORD_BYTES);
    bytes.writeUInt32LE(lows[index] ?? 0, i * RECORD_BYTES + 4);
    bytes.writeUIntLE(values[index] ?? 0, i * RECORD_BYTES + 8, 6);
  });
  return bytes;
}
