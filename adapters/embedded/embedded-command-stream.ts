/**
 * The stream of commands in process: what is sent gathers until the wallet's next turn takes all of it. A command counts as sent
 * when its turn is on disk, so it is settled by then; nothing is ever delivered twice.
 */
import { encodeCommand, encodeRecord } from '../../core/contracts/commands.ts';
import { type AccountCommand, addressee } from '../../core/domain/account.ts';
import { accountKey, laneOf } from '../../core/domain/lane.ts';
import type { Position } from '../../core/domain/position.ts';
import type { PlacedCommand, StreamRecord } from '../../core/flows/read-batch.ts';
import type { CommandStream, Digest } from '../../core/ports.ts';

/** Commands of one record: the longest that there can be has below 1 KB of JSON, and a record takes 256 KB. */
const RECORD_COMMANDS = 250;
/** Accounts whose lanes are remembered; a digest costs 0.4 µs, a look here a tenth of that. */
const REMEMBERED_LANES = 100_000;
/** Positions count records within a frame of the ledger's file, in the low digits of a sequence number. */
const RECORDS_PER_FRAME = 1_000_000n;

/** Takes what was sent; resolves when it is settled and on disk. */
export type Consumer = (commands: readonly AccountCommand[]) => Promise<void>;

export class EmbeddedCommandStream implements CommandStream {
  private readonly consume: Consumer;

  constructor(consume: Consumer) {
    this.consume = consume;
  }

  async send(commands: readonly AccountCommand[]): Promise<void> {
    if (commands.length > 0) await this.consume(commands);
  }
}

/** A record whose bytes are made only if somebody wants them: when it goes into quarantine. */
class LazyRecord implements StreamRecord {
  readonly partitionKey: string;
  readonly sequence: bigint;
  readonly arrival: number;
  readonly commands: AccountCommand[] = [];

  constructor(lane: number, sequence: bigint, arrival: number) {
    this.partitionKey = String(lane);
    this.sequence = sequence;
    this.arrival = arrival;
  }

  get data(): Uint8Array {
    return new TextEncoder().encode(encodeRecord(this.commands.map(encodeCommand)));
  }
}

/** Gives commands their places in their lanes, as a stream would. */
export class Placement {
  private readonly lanes: number;
  private readonly epoch: number;
  private readonly digest: Digest;
  private readonly laneOfAccount = new Map<string, number>();
  private frame = 0;
  private records = 0n;

  constructor({ lanes, epoch, digest }: { readonly lanes: number; readonly epoch: number; readonly digest: Digest }) {
    this.lanes = lanes;
    this.epoch = epoch;
    this.digest = digest;
  }

  /**
   * @param frame number of the frame that will hold what comes of the commands: no earlier one on disk has it, so sequence numbers
   *   rise over restarts too
   * @param arrival UTC milliseconds
   */
  place(commands: readonly AccountCommand[], frame: number, arrival: number): readonly PlacedCommand[] {
    this.begin(frame);
    const open = new Map<number, LazyRecord>();
    return commands.map((command) => {
      const account = accountKey(addressee(command));
      const lane = this.lane(account);
      const record = this.recordFor(open, lane, arrival);
      const index = record.commands.push(command) - 1;
      const position = { epoch: this.epoch, sequence: record.sequence, index };
      return { command, account, lane, position, arrival, record };
    });
  }

  /** Positions for commands of one turn, each behind the one before, whatever lanes they are in. */
  positions(frame: number): () => Position {
    this.begin(frame);
    const sequence = this.nextSequence();
    let index = 0;
    return () => {
      const position = { epoch: this.epoch, sequence, index };
      index += 1;
      return position;
    };
  }

  private begin(frame: number): void {
    if (frame !== this.frame) this.records = 0n;
    this.frame = frame;
  }

  private nextSequence(): bigint {
    this.records += 1n;
    return BigInt(this.frame) * RECORDS_PER_FRAME + this.records - 1n;
  }

  private recordFor(open: Map<number, LazyRecord>, lane: number, arrival: number): LazyRecord {
    const last = open.get(lane);
    if (last !== undefined && last.commands.length < RECORD_COMMANDS) return last;
    const record = new LazyRecord(lane, this.nextSequence(), arrival);
    open.set(lane, record);
    return record;
  }

  /** Lane of an account's key. */
  lane(account: string): number {
    const known = this.laneOfAccount.get(account);
    if (known !== undefined) return known;
    if (this.laneOfAccount.size >= REMEMBERED_LANES) this.laneOfAccount.clear();
    const lane = laneOf(this.digest(account), this.lanes);
    this.laneOfAccount.set(account, lane);
    return lane;
  }
}
