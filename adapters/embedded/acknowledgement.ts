/**
 * When an adapter's method may resolve. Inside a turn at once: the turn's end makes all of it durable together, or none. Outside
 * of one only when what it wrote, or what it read, is on disk: whoever is told of something may rely on it.
 */
import type { WalletStore } from './wallet-store.ts';

export interface Acknowledgement {
  /** Resolves when what was written so far may be told. */
  written(): Promise<void>;
  /** Resolves when what was read may be told. @param frame the frame that it goes to disk with, 0 if it is there */
  read(frame: number): Promise<void>;
}

/** For the turn itself. */
export const withinTurn: Acknowledgement = {
  async written() {},
  async read() {},
};

/** For everybody else; each write is a turn of its own. */
export function afterSync(store: WalletStore): Acknowledgement {
  return {
    written: () => store.durable(store.seal()),
    read: (frame) => store.durable(frame),
  };
}
