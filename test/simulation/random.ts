/**
 * The simulation's only source of chance: a generator of ours (xoshiro128**) that a seed fixes, so that the same seed gives the
 * same day, step by step, on every machine.
 */

/** Two to the power of 32: one more than the largest 32-bit number. */
const RANGE = 0x1_0000_0000;

export class Random {
  private readonly state: Uint32Array;

  /** @param seed any whole number from 0 */
  constructor(seed: number) {
    this.state = new Uint32Array(4);
    let mixed = seed >>> 0;
    for (const i of this.state.keys()) {
      // SplitMix32: seeds that lie side by side must not give similar days.
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      this.state[i] = (word ^ (word >>> 15)) >>> 0;
    }
  }

  /** At least 0, below 1. */
  unit(): number {
    return this.word() / RANGE;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of the items; throws if there are none. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }

  /** One of the items, the first much more often than the last: the way in which few accounts are hot. */
  pickSkewed<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.unit() ** 3 * items.length)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const mixed = [...items];
    for (let i = mixed.length - 1; i > 0; i -= 1) {
      const j = this.between(0, i);
      const [a, b] = [mixed[i], mixed[j]];
      if (a === undefined || b === undefined) continue;
      mixed[i] = b;
      mixed[j] = a;
    }
    return mixed;
  }

  private word(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.state;
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const [c1, d1] = [c ^ a, d ^ b];
    this.state[1] = b ^ c1;
    this.state[0] = a ^ d1;
    this.state[2] = c1 ^ (b << 9);
    this.state[3] = rotated(d1, 11);
    return result;
  }
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
