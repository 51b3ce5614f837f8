/**
 * How commands become records of the stream: each account's commands travel in its lane, in the order given, and as many of one
 * lane as fit share a record, since a stream charges and limits by record.
 */
import { type AccountCommand, addressee } from '../domain/account.ts';
import { accountKey, laneOf } from '../domain/lane.ts';
import { encodeCommand, encodeRecord, MAX_RECORD_BYTES } from './commands.ts';

/** A record ready to be put. Records of one lane must be put in the order in which they stand. */
export interface PackedRecord {
  /** The lane as decimal digits: the partition key. */
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface PackingSettings {
  readonly lanes: number;
  /** SHA-256 of a text in UTF-8, lower-case hexadecimal. */
  readonly digest: (text: string) => string;
}

/** Bytes of a record without its commands; each command adds one for its comma. */
const ENVELOPE_BYTES = encodeRecord([]).length;

/** Packs commands into records of at most {@link MAX_RECORD_BYTES}; lanes stand in the order of their first command. */
export function packRecords(commands: readonly AccountCommand[], settings: PackingSettings): readonly PackedRecord[] {
  const { lanes, digest } = settings;
  const encodedByLane = new Map<number, string[]>();
  for (const command of commands) {
    const lane = laneOf(digest(accountKey(addressee(command))), lanes);
    const encoded = encodedByLane.get(lane) ?? [];
    encodedByLane.set(lane, encoded);
    encoded.push(encodeCommand(command));
  }
  return [...encodedByLane].flatMap(([lane, encoded]) => packLane(String(lane), encoded));
}

function packLane(partitionKey: string, encoded: readonly string[]): readonly PackedRecord[] {
  const utf8 = new TextEncoder();
  const records: PackedRecord[] = [];
  let pending: string[] = [];
  let bytes = ENVELOPE_BYTES;
  const flush = () => records.push({ partitionKey, data: utf8.encode(encodeRecord(pending)) });
  for (const command of encoded) {
    const added = utf8.encode(command).length + 1;
    if (pending.length > 0 && bytes + added > MAX_RECORD_BYTES) {
      flush();
      pending = [];
      bytes = ENVELOPE_BYTES;
    }
    pending.push(command);
    bytes += added;
  }
  flush();
  return records;
}
