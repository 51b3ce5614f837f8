/**
 * The wallet's one file, growing by frames (group commit): while one frame is being synced, what happens next gathers in memory
 * and becomes the next frame. So at any load there is one write and one sync at a time, and each carries all there is.
 *
 *   append ... seal │ append ... append ... seal │ ...
 *         write+sync frame n ───────────────> write+sync frame n+1 ──> acknowledged up to n+1
 *
 * Because frames are synced one after the other, a frame that is torn by a crash is the last one and was never acknowledged.
 */
import { closeSync, existsSync, fdatasync, ftruncateSync, openSync, readSync, write, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { UnusableData, WalletStopped } from './failures.ts';
import { FRAME_HEADER_BYTES, readHeader, sealFrame } from './frame.ts';

const writeBytes = promisify(write);
const sync = promisify(fdatasync);

export const LEDGER_FILE = 'ledger.wal';
const ACKNOWLEDGED_FILE = 'acknowledged';
/** Offset as a 64-bit float, then its CRC-32. */
const ACKNOWLEDGED_BYTES = 12;
const FIRST_BUFFER_BYTES = 1 << 20;
const SMALL_WRITE_BYTES = 1 << 16;

/** A frame that is being filled, or being written. */
interface OpenFrame {
  buffer: Buffer;
  /** Bytes used, the header's room included. */
  used: number;
  /** Place of its first byte in the file. */
  readonly start: number;
  readonly number: number;
}

/** Whether a folder is opened by the one process that works on it, or only looked at, perhaps while that process goes on. */
export type Access = 'own' | 'look';

interface Waiter {
  readonly frame: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class FrameFile {
  private readonly ledger: number;
  private readonly acknowledged: number;
  private open: OpenFrame;
  private writing: OpenFrame | undefined;
  private spare: Buffer | undefined;
  private waiters: Waiter[] = [];
  private durableFrame: number;
  private isSealed = true;
  private failure: WalletStopped | undefined;

  /**
   * @param folder the data folder, which exists
   * @param end where the last good frame ends; what lies behind it is cut off
   * @param frames number of good frames
   */
  constructor(folder: string, end: number, frames: number) {
    this.ledger = openSync(path.join(folder, LEDGER_FILE), 'a+');
    this.acknowledged = openSync(path.join(folder, ACKNOWLEDGED_FILE), 'a');
    closeSync(this.acknowledged);
    this.acknowledged = openSync(path.join(folder, ACKNOWLEDGED_FILE), 'r+');
    ftruncateSync(this.ledger, end);
    this.durableFrame = frames;
    const buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
    this.open = { buffer, used: FRAME_HEADER_BYTES, start: end, number: frames + 1 };
    this.acknowledge(end);
  }

  /** Number of the frame that takes what is appended now. */
  get openFrame(): number {
    return this.open.number;
  }

  /** Bytes that wait for the disk. */
  get backlog(): number {
    return this.open.used + (this.writing?.used ?? 0);
  }

  /** Where the next appended byte will stand in the file. */
  get position(): number {
    return this.open.start + this.open.used;
  }

  /** Where the frame begins that takes what is appended now. */
  get openStart(): number {
    return this.open.start;
  }

  /** The frame that a place is in while that frame is not on disk yet; else 0. */
  frameAt(place: number): number {
    if (place >= this.open.start) return this.open.number;
    return this.writing !== undefined && place >= this.writing.start ? this.writing.number : 0;
  }

  /** Room for at least `bytes` in the open frame; call {@link appended} with the place where writing into it ended. */
  room(bytes: number): { readonly buffer: Buffer; readonly at: number } {
    if (this.failure !== undefined) throw this.failure;
    const { open } = this;
    if (open.used + bytes > open.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(open.buffer.length * 2, open.used + bytes));
      open.buffer.copy(larger, 0, 0, open.used);
      open.buffer = larger;
    }
    return { buffer: open.buffer, at: open.used };
  }

  appended(end: number): void {
    this.open.used = end;
    this.isSealed = false;
  }

  /** Everything appended so far belongs together and may go to disk; until then none of it does. Gives back its frame. */
  seal(): number {
    this.isSealed = true;
    const frame = this.open.used > FRAME_HEADER_BYTES ? this.open.number : this.open.number - 1;
    this.writeNext();
    return frame;
  }

  /** Resolves when a frame is on disk; rejects if it never will be. */
  async durable(frame: number): Promise<void> {
    if (frame <= this.durableFrame) return;
    if (this.failure !== undefined) throw this.failure;
    await new Promise<void>((resolve, reject) => this.waiters.push({ frame, resolve, reject }));
  }

  isDurable(frame: number): boolean {
    return frame <= this.durableFrame;
  }

  /** Bytes at a place in the file, also if they are still on their way to it. */
  read(place: number, bytes: number): Buffer {
    const inMemory = [this.open, this.writing].find((frame) => frame !== undefined && place >= frame.start);
    if (inMemory !== undefined) {
      const from = place - inMemory.start;
      return inMemory.buffer.subarray(from, Math.min(from + bytes, inMemory.used));
    }
    const buffer = Buffer.allocUnsafe(bytes);
    return buffer.subarray(0, readSync(this.ledger, buffer, 0, bytes, place));
  }

  /** The payload of every frame as of the call, copied, with its place; those on their way to disk too. */
  *payloads(): Generator<{ readonly place: number; readonly payload: Buffer }, void> {
    const { start: last, used } = this.open;
    for (let start = 0; start < last; ) {
      const bytes = readHeader(this.read(start, FRAME_HEADER_BYTES))?.payloadBytes;
      if (bytes === undefined) throw new UnusableData(`no frame begins at byte ${start} of ${LEDGER_FILE}`);
      const place = start + FRAME_HEADER_BYTES;
      yield { place, payload: Buffer.from(this.read(place, bytes)) };
      start = place + bytes;
    }
    const place = last + FRAME_HEADER_BYTES;
    yield { place, payload: Buffer.from(this.read(place, used - FRAME_HEADER_BYTES)) };
  }

  /** Nothing more is taken, and who waits is told. */
  stop(cause: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = new WalletStopped('the wallet has stopped and must be started again', { cause });
    for (const { reject } of this.waiters) reject(this.failure);
    this.waiters = [];
  }

  /** Waits for what was sealed, then closes the files. */
  async close(): Promise<void> {
    try {
      if (this.failure === undefined) await this.durable(this.seal());
    } finally {
      this.stop(new Error('closed'));
      closeSync(this.ledger);
      closeSync(this.acknowledged);
    }
  }

  private writeNext(): void {
    const frame = this.open;
    if (this.writing !== undefined || !this.isSealed || frame.used === FRAME_HEADER_BYTES) return;
    sealFrame(frame.buffer, frame.used, frame.number);
    const buffer = this.spare ?? Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
    this.spare = undefined;
    this.writing = frame;
    this.open = { buffer, used: FRAME_HEADER_BYTES, start: frame.start + frame.used, number: frame.number + 1 };
    this.writeFrame(frame).catch((error: unknown) => this.stop(error));
  }

  private async writeFrame(frame: OpenFrame): Promise<void> {
    for (let written = 0; written < frame.used; ) written += await this.writeSome(frame, written);
    await sync(this.ledger);
    this.acknowledge(frame.start + frame.used);
    this.durableFrame = frame.number;
    this.writing = undefined;
    this.spare = frame.buffer;
    this.writeNext();
    const ready = this.waiters.filter((waiter) => waiter.frame <= frame.number);
    this.waiters = this.waiters.filter((waiter) => waiter.frame > frame.number);
    for (const { resolve } of ready) resolve();
  }

  /** What is small is copied to the system's memory sooner than another thread is asked to do it. */
  private async writeSome({ buffer, used }: OpenFrame, from: number): Promise<number> {
    const bytes = used - from;
    if (bytes <= SMALL_WRITE_BYTES) return writeSync(this.ledger, buffer, from, bytes, null);
    return (await writeBytes(this.ledger, buffer, from, bytes, null)).bytesWritten;
  }

  /**
   * Writes down how far the file has been acknowledged, before anyone is told. Not synced: it costs 5 µs and survives the death
   * of the process, and after a power cut it is only some frames behind, which have others behind them.
   */
  private acknowledge(end: number): void {
    const bytes = Buffer.alloc(ACKNOWLEDGED_BYTES);
    bytes.writeDoubleLE(end);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8);
    writeSync(this.acknowledged, bytes, 0, ACKNOWLEDGED_BYTES, 0);
  }
}

/** How far the file was acknowledged when it was last written down; 0 if that cannot be told. */
export function acknowledgedEnd(folder: string, access: Access = 'own'): number {
  const name = path.join(folder, ACKNOWLEDGED_FILE);
  if (access === 'look' && !existsSync(name)) return 0;
  const bytes = Buffer.alloc(ACKNOWLEDGED_BYTES);
  const file = openSync(name, access === 'own' ? 'a+' : 'r');
  try {
    if (readSync(file, bytes, 0, ACKNOWLEDGED_BYTES, 0) < ACKNOWLEDGED_BYTES) return 0;
  } finally {
    closeSync(file);
  }
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32LE(8)) {
    throw new UnusableData(`${name} is damaged; see docs/EMBEDDED.md`);
  }
  return bytes.readDoubleLE(0);
}
