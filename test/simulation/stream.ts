/**
 * The stream of commands: shards that hold ranges of keys, are split and merged, and stamp what arrives with a time that is only
 * roughly right. Sequence numbers rise within a shard and its descendants, and mean nothing between others. The stream may be
 * replaced by another, whose numbers begin anew under the next epoch.
 */
import { sha256 } from '../../adapters/node/sha256.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import { DAWN, type Ground } from './process.ts';
import { Signal } from './scheduler.ts';

export interface Shard {
  readonly name: string;
  readonly epoch: number;
  /** Share of the keys, from 0 to 1: this one and above. */
  readonly from: number;
  /** Below this one. */
  readonly to: number;
  /** Their records come first. */
  readonly parents: readonly Shard[];
  readonly records: StreamRecord[];
  next: bigint;
  closed: boolean;
  /** True once its records are processed to the last. */
  drained: boolean;
  /** Records that are done. */
  read: number;
}

const FIRST_SHARDS = 3;
/** Sequence numbers have as many digits as those of Kinesis. */
const SEQUENCE_SCALE = 10n ** 50n;
/** Usual and unusual error of an arrival, milliseconds. */
const USUAL_ARRIVAL_ERROR_MS = 300;
const ARRIVAL_JUMP_MS = 200_000;
const WILD_ARRIVAL_JUMP_MS = 900_000;
/** Share of the late copies that are stamped as if they had come earlier. */
const STAMPED_EARLY = 0.4;

export class SimulatedStream {
  readonly shards: Shard[] = [];
  /** Called for every new shard. */
  onShard: (shard: Shard) => void = () => {};
  /** Raised when there is something new to read, or a shard has ended. */
  readonly changed = new Signal();
  reshardings = 0;
  private readonly ground: Ground;
  private epoch = 1;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  /** Makes the first shards. */
  begin(): void {
    for (let i = 0; i < FIRST_SHARDS; i += 1) this.add(i / FIRST_SHARDS, (i + 1) / FIRST_SHARDS, []);
  }

  /**
   * Appends a record to its shard.
   *
   * @param lateByMs how long it was on its way: its arrival may be stamped with any moment of that
   */
  put(partitionKey: string, data: Uint8Array, lateByMs = 0): StreamRecord {
    const key = Number.parseInt(sha256(`shard of ${partitionKey}`).slice(0, 8), 16) / 0x1_0000_0000;
    const shard = this.open().find(({ from, to }) => key >= from && key < to);
    if (shard === undefined) throw new Error(`no shard is open for ${partitionKey}`);
    const record = { partitionKey, sequence: shard.next, arrival: this.arrival(lateByMs), data };
    shard.next += BigInt(this.ground.random.between(1, 1_000));
    shard.records.push(record);
    this.changed.raise();
    return record;
  }

  split(): void {
    const shard = this.ground.random.pick(this.open());
    const middle = (shard.from + shard.to) / 2;
    this.replace([shard], [shard.from, middle, shard.to]);
  }

  merge(): void {
    const open = this.open().sort((a, b) => a.from - b.from);
    const i = this.ground.random.between(0, Math.max(0, open.length - 2));
    const [left, right] = [open[i], open[i + 1]];
    if (left === undefined || right === undefined) return;
    this.replace([left, right], [left.from, right.to]);
  }

  /** All open shards end, and those of a new stream follow them. */
  replaceStream(): void {
    this.epoch += 1;
    this.replace(this.open(), [0, this.ground.random.unit(), 1]);
  }

  private open(): Shard[] {
    return this.shards.filter(({ closed }) => !closed);
  }

  private replace(parents: readonly Shard[], borders: readonly number[]): void {
    this.reshardings += 1;
    for (const parent of parents) parent.closed = true;
    for (const [i, from] of borders.entries()) {
      const to = borders[i + 1];
      if (to !== undefined) this.add(from, to, parents);
    }
    this.changed.raise();
  }

  private add(from: number, to: number, parents: readonly Shard[]): void {
    const name = `shard-${this.shards.length}`;
    const epoch = this.epoch;
    const next = this.firstSequence(parents.filter((parent) => parent.epoch === epoch));
    const shard = { name, epoch, from, to, parents, records: [], next, closed: false, drained: false, read: 0 };
    this.shards.push(shard);
    this.onShard(shard);
  }

  /** Above the numbers of all parents; elsewhere anything. */
  private firstSequence(parents: readonly Shard[]): bigint {
    const highest = parents.reduce((high, { next }) => (next > high ? next : high), 0n);
    return highest + SEQUENCE_SCALE * BigInt(this.ground.random.between(1, 1_000_000));
  }

  private arrival(lateByMs: number): number {
    const { random, scheduler, faults } = this.ground;
    const jump = faults.wildClocks ? WILD_ARRIVAL_JUMP_MS : ARRIVAL_JUMP_MS;
    const most = faults.strikes('arrival_jump') ? jump : USUAL_ARRIVAL_ERROR_MS;
    const earlier = random.chance(STAMPED_EARLY) ? random.between(0, lateByMs) : 0;
    return DAWN + scheduler.now - earlier + random.between(-most, most);
  }
}
