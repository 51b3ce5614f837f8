/** From the bytes of a batch to commands with their places, and what cannot be read set aside. */
import { decodeRecord, type ReadCommand } from '../contracts/commands.ts';
import { type AccountCommand, addressee } from '../domain/account.ts';
import { accountKey, laneOf } from '../domain/lane.ts';
import type { Position } from '../domain/position.ts';
import type { Digest, QuarantinedRecord } from '../ports.ts';

/** One record as the stream delivers it. */
export interface StreamRecord {
  readonly partitionKey: string;
  /** Sequence number; comparable within a shard. */
  readonly sequence: bigint;
  /** Approximate arrival, UTC milliseconds. */
  readonly arrival: number;
  readonly data: Uint8Array;
}

/** A command with its place in its lane. */
export interface PlacedCommand {
  readonly command: AccountCommand;
  /** Key of the account that it addresses. */
  readonly account: string;
  readonly lane: number;
  readonly position: Position;
  /** Arrival of its record, UTC milliseconds. */
  readonly arrival: number;
  /** The record it came in, for quarantine. */
  readonly record: StreamRecord;
}

export interface Batch {
  readonly commands: readonly PlacedCommand[];
  readonly unreadable: readonly QuarantinedRecord[];
}

/** How the stream is cut into lanes, and which stream it is. */
export interface StreamSettings {
  readonly lanes: number;
  /** Raised when the stream is replaced, so that positions go on rising. */
  readonly epoch: number;
}

/** Reads the records of a batch in order. What cannot be read, or travels in a lane that is not its own, is unreadable. */
export function readBatch(records: readonly StreamRecord[], settings: StreamSettings, digest: Digest): Batch {
  const commands: PlacedCommand[] = [];
  const unreadable: QuarantinedRecord[] = [];
  for (const record of records) {
    for (const read of decodeRecord(record.data)) {
      const placed = place(read, record, settings, digest);
      if (typeof placed === 'string') unreadable.push(quarantined(record, read.index, placed));
      else commands.push(placed);
    }
  }
  return { commands, unreadable };
}

function place(
  read: ReadCommand,
  record: StreamRecord,
  settings: StreamSettings,
  digest: Digest,
): PlacedCommand | string {
  if (!read.ok) return read.fault;
  const account = accountKey(addressee(read.command));
  const lane = laneOf(digest(account), settings.lanes);
  if (record.partitionKey !== String(lane)) return `in lane ${record.partitionKey}, but its account's lane is ${lane}`;
  const position = { epoch: settings.epoch, sequence: record.sequence, index: read.index };
  return { command: read.command, account, lane, position, arrival: record.arrival, record };
}

/** A record set aside: its whole bytes, and which command of it is meant (-1: the record as a whole). */
export function quarantined(record: StreamRecord, index: number, reason: string): QuarantinedRecord {
  const { partitionKey, sequence, arrival, data } = record;
  const key = `${partitionKey}/${sequence}/${index < 0 ? 'record' : index}`;
  return { key, reason, partitionKey, sequence: String(sequence), arrival, data };
}
