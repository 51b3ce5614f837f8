/**
 * Where the newest transfers stand in the wallet's file, by a 64-bit hash of their identity: open addressing over typed arrays,
 * because a map of strings costs twice the time, has every identity copied by the garbage collector, and holds 100 bytes more.
 *
 * Two identities may share a hash, so whoever finds a place looks whether it is the one that is meant.
 */
import type { IdHash } from './id-hash.ts';

const FIRST_SLOTS = 1 << 12;
/** Part of the slots that is used at most, so that a search ends soon. */
const MOST_USED = 0.5;

/** Whether the transfer that is meant stands at a place. */
export type Recognise = (place: number) => boolean;

export class PlaceTable {
  private highs = new Uint32Array(FIRST_SLOTS);
  private lows = new Uint32Array(FIRST_SLOTS);
  /** 0 where the slot is free: a frame's header stands there, no transfer. */
  private places = new Float64Array(FIRST_SLOTS);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** False if no transfer with that hash is in the table. */
  mayHold(hash: IdHash): boolean {
    return this.places[this.slotOf(hash, any)] !== 0;
  }

  /** Place of a transfer; 0 if it is not in the table. */
  find(hash: IdHash, isMeant: Recognise): number {
    return this.places[this.slotOf(hash, isMeant)] ?? 0;
  }

  /** Puts a transfer in, or moves it. */
  put(hash: IdHash, place: number, isMeant: Recognise): void {
    const slot = this.slotOf(hash, isMeant);
    if (this.places[slot] === 0) this.fill(slot, hash, place);
    else this.places[slot] = place;
  }

  /** Puts a transfer in that is not there. */
  add(hash: IdHash, place: number): void {
    this.fill(this.slotOf(hash, none), hash, place);
  }

  /** All that is in it, in no order. */
  forEach(take: (high: number, low: number, place: number) => void): void {
    for (let slot = 0; slot < this.places.length; slot += 1) {
      const place = this.places[slot] ?? 0;
      if (place !== 0) take(this.highs[slot] ?? 0, this.lows[slot] ?? 0, place);
    }
  }

  clear(): void {
    this.places.fill(0);
    this.used = 0;
  }

  /** The slot of the transfer that is meant, or the free one where it would stand. */
  private slotOf({ high, low }: IdHash, isMeant: Recognise): number {
    const mask = this.places.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = this.places[slot] ?? 0;
      if (place === 0) return slot;
      if (this.highs[slot] === high && this.lows[slot] === low && isMeant(place)) return slot;
    }
  }

  private fill(slot: number, { high, low }: IdHash, place: number): void {
    this.highs[slot] = high;
    this.lows[slot] = low;
    this.places[slot] = place;
    this.used += 1;
    if (this.used > this.places.length * MOST_USED) this.grow();
  }

  private grow(): void {
    const { highs, lows, places } = this;
    this.highs = new Uint32Array(places.length * 2);
    this.lows = new Uint32Array(places.length * 2);
    this.places = new Float64Array(places.length * 2);
    this.used = 0;
    for (let slot = 0; slot < places.length; slot += 1) {
      const place = places[slot] ?? 0;
      if (place !== 0) this.add({ high: highs[slot] ?? 0, low: lows[slot] ?? 0 }, place);
    }
  }
}

const any: Recognise = () => true;
const none: Recognise = () => false;
