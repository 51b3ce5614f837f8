/** Hashes by which transfers are found, in memory and in the runs on disk. */

/** A 64-bit hash of an identity, in two halves. */
export interface IdHash {
  readonly high: number;
  readonly low: number;
}

/** Two 32-bit numbers that nobody outside knows. */
export type HashKey = readonly [number, number];

/** For what need not be kept from anybody, and has to be the same in every process. */
export const OPEN_KEY: HashKey = [0, 0];

const FINAL_ROUNDS = 3;

/**
 * HalfSipHash-1-3 with 64 bits, of the text in UTF-16. Clients choose the identities of their transfers: with a hash that they could
 * compute they would choose a thousand of the same, and each look-up would then read a thousand places of the disk.
 */
export function hashOf(id: string, [key0, key1]: HashKey): IdHash {
  const pairs = id.length >>> 1;
  let v0 = key0;
  let v1 = key1 ^ 0xee;
  let v2 = key0 ^ 0x6c796765;
  let v3 = key1 ^ 0x74656462;
  let high = 0;
  // Every word has one round, the last of them holds the length; then come the rounds that end each half.
  for (let step = 0; step <= pairs + 2 * FINAL_ROUNDS; step += 1) {
    let word = 0;
    if (step < pairs) word = id.charCodeAt(2 * step) | (id.charCodeAt(2 * step + 1) << 16);
    else if (step === pairs) word = (id.length << 25) | (id.length % 2 === 0 ? 0 : id.charCodeAt(id.length - 1));
    else if (step === pairs + 1) v2 ^= 0xee;
    else if (step === pairs + 1 + FINAL_ROUNDS) {
      high = v1 ^ v3;
      v1 ^= 0xdd;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return { high: high >>> 0, low: (v1 ^ v3) >>> 0 };
}
