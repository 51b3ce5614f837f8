/** Reading the wallet's file from some frame to its end, and telling a torn end, which may be cut, from damage, which may not. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { UnusableData } from './failures.ts';
import { isInUse } from './folder-lock.ts';
import { FRAME_HEADER_BYTES, findMagic, isIntact, readHeader } from './frame.ts';
import { type Access, acknowledgedEnd, LEDGER_FILE } from './frame-file.ts';

export interface ReadFrame {
  readonly number: number;
  /** Place of the payload's first byte in the file. */
  readonly place: number;
  /** The next frame is read into the same memory: it holds these bytes only until then. */
  readonly payload: Buffer;
}

/** Where the good frames end, and how many there are. */
export interface FramesEnd {
  readonly end: number;
  readonly frames: number;
}

/**
 * Hands over every good frame from a place on. The file's end may be torn: a frame that a crash cut short was never acknowledged,
 * and whoever opens the file for writing cuts it off.
 *
 * @param from where to begin: the end of frame number `frames`
 * @param access who only looks sees no more than was acknowledged while another process works on the folder
 * @throws {UnusableData} where something is damaged that was, or may have been, acknowledged
 */
export function readFrames(
  folder: string,
  from: FramesEnd,
  take: (frame: ReadFrame) => void,
  access: Access = 'own',
): FramesEnd {
  const file = openSync(path.join(folder, LEDGER_FILE), access === 'own' ? 'a+' : 'r');
  try {
    // The note first: what it speaks of is in the file by then, also while the file grows.
    const acknowledged = acknowledgedEnd(folder, access);
    const size = access === 'look' && isInUse(folder) ? acknowledged : fstatSync(file).size;
    let { end, frames } = from;
    const read = new Reading(file, size);
    for (let frame = read.frameAt(end); frame !== undefined; frame = read.frameAt(end)) {
      if (frame.number !== frames + 1) throw damaged(folder, end, `frame ${frame.number} follows frame ${frames}`);
      take(frame);
      frames = frame.number;
      end = frame.place + frame.payload.length;
    }
    if (end < acknowledged)
      throw damaged(folder, end, `frame ${frames + 1} is damaged or missing, and it was acknowledged`);
    if (end < size && read.hasFrameBehind(end))
      throw damaged(folder, end, `frame ${frames + 1} is damaged, and others follow it`);
    return { end, frames };
  } finally {
    closeSync(file);
  }
}

function damaged(folder: string, end: number, what: string): UnusableData {
  const file = path.join(folder, LEDGER_FILE);
  return new UnusableData(`${file} at byte ${end}: ${what}. The wallet does not start on it; see docs/EMBEDDED.md`);
}

/** Reading a file up to what was its size. A whole history is read into one piece of memory, not into a new one for each frame. */
class Reading {
  private readonly file: number;
  private readonly size: number;
  private memory = Buffer.alloc(0);

  constructor(file: number, size: number) {
    this.file = file;
    this.size = size;
  }

  /** The frame at a place, or undefined if there is no intact one. */
  frameAt(place: number): ReadFrame | undefined {
    if (place + FRAME_HEADER_BYTES > this.size) return undefined;
    const header = readHeader(this.bytesAt(place, FRAME_HEADER_BYTES));
    if (header === undefined) return undefined;
    const length = FRAME_HEADER_BYTES + header.payloadBytes;
    if (place + length > this.size) return undefined;
    const frame = this.bytesAt(place, length);
    if (!isIntact(frame)) return undefined;
    return { number: header.number, place: place + FRAME_HEADER_BYTES, payload: frame.subarray(FRAME_HEADER_BYTES) };
  }

  /** Whether an intact frame begins anywhere behind a place: then what is bad there is no torn end. */
  hasFrameBehind(place: number): boolean {
    const rest = this.bytesAt(place, this.size - place);
    // It is looked through while frames are read, so they get other memory.
    this.memory = Buffer.alloc(0);
    for (let at = findMagic(rest, 1); at !== -1; at = findMagic(rest, at + 1)) {
      if (this.frameAt(place + at) !== undefined) return true;
    }
    return false;
  }

  private bytesAt(place: number, bytes: number): Buffer {
    if (this.memory.length < bytes) this.memory = Buffer.allocUnsafe(bytes);
    return this.memory.subarray(0, readSync(this.file, this.memory, 0, bytes, place));
  }
}
