/** The wallet's file as it was when somebody came to look at it: nothing can be added, and nothing of the folder is changed. */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { UnusableData } from './failures.ts';
import { FRAME_HEADER_BYTES, readHeader } from './frame.ts';
import { type FrameFile, LEDGER_FILE } from './frame-file.ts';
import type { FramesEnd } from './read-frames.ts';

/** What {@link FrameFile} offers to the wallet's store. */
export type Frames = Pick<FrameFile, keyof FrameFile>;

export class FrozenFile implements Frames {
  readonly openFrame: number;
  readonly backlog = 0;
  /** Where the last good frame ends. */
  readonly position: number;
  readonly openStart: number;
  private readonly ledger: number;

  constructor(folder: string, { end, frames }: FramesEnd) {
    this.ledger = openSync(path.join(folder, LEDGER_FILE), 'r');
    this.openFrame = frames + 1;
    this.position = end;
    this.openStart = end;
  }

  /** All of it is on disk. */
  frameAt(): number {
    return 0;
  }

  room(): never {
    throw new Error('the wallet was opened to be looked at; nothing can be written');
  }

  appended(): never {
    return this.room();
  }

  /** Nothing waits to be sealed. */
  seal(): number {
    return 0;
  }

  async durable(): Promise<void> {}

  isDurable(): boolean {
    return true;
  }

  read(place: number, bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes);
    return buffer.subarray(0, readSync(this.ledger, buffer, 0, bytes, place));
  }

  *payloads(): Generator<{ readonly place: number; readonly payload: Buffer }, void> {
    for (let start = 0; start < this.position; ) {
      const bytes = readHeader(this.read(start, FRAME_HEADER_BYTES))?.payloadBytes;
      if (bytes === undefined) throw new UnusableData(`no frame begins at byte ${start} of ${LEDGER_FILE}`);
      const place = start + FRAME_HEADER_BYTES;
      yield { place, payload: this.read(place, bytes) };
      start = place + bytes;
    }
  }

  stop(): void {}

  async close(): Promise<void> {
    this.end();
  }

  end(): void {
    closeSync(this.ledger);
  }
}
