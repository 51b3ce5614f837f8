/**
 * Commands in a Kinesis stream, keyed by lane. A call of PutRecords keeps no order: a record may fail while a later one is taken.
 * So records go out in waves with one record of each lane, and a wave begins when the one before it is durable as a whole.
 */
import { hash } from 'node:crypto';
import {
  type KinesisClient,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import { type PackedRecord, packRecords } from '../../core/contracts/record-packing.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { CommandStream } from '../../core/ports.ts';
import { backOffMs, type Pause, pause } from './back-off.ts';
import { kinesis } from './clients.ts';
import { StreamFailure } from './failures.ts';

/** PutRecords takes no more. */
const MAX_RECORDS_PER_CALL = 500;
/** Bytes of data and keys in one call, half of what PutRecords takes: an answer for less comes sooner. */
const MAX_CALL_BYTES = 5 * 1024 * 1024;
const PARALLEL_CALLS = 4;
/** Tries of a record that a shard refuses; with the waits between them about three seconds. */
export const MAX_RECORD_TRIES = 8;

export interface CommandStreamSettings {
  readonly streamName: string;
  /** Number of lanes, fixed when the stream is made. */
  readonly lanes: number;
  readonly client?: KinesisClient;
  readonly pause?: Pause;
}

export class KinesisCommandStream implements CommandStream {
  private readonly client: KinesisClient;
  private readonly streamName: string;
  private readonly lanes: number;
  private readonly pause: Pause;

  constructor(settings: CommandStreamSettings) {
    this.client = settings.client ?? kinesis();
    this.streamName = settings.streamName;
    this.lanes = settings.lanes;
    this.pause = settings.pause ?? pause;
  }

  async send(commands: readonly AccountCommand[]): Promise<void> {
    const records = packRecords(commands, { lanes: this.lanes, digest: (text) => hash('sha256', text, 'hex') });
    for (const wave of wavesOf(records)) await this.put(wave);
  }

  /** Puts the records of a wave, those that fail again and again within bounds. */
  private async put(wave: readonly PackedRecord[]): Promise<void> {
    let open = wave.map(
      ({ partitionKey, data }): PutRecordsRequestEntry => ({ PartitionKey: partitionKey, Data: data }),
    );
    let lastError = '';
    for (let tries = 1; tries <= MAX_RECORD_TRIES; tries += 1) {
      if (tries > 1) await this.pause(backOffMs(tries - 1));
      const results = (await inParallel(callsOf(open), PARALLEL_CALLS, (call) => this.putCall(call))).flat();
      lastError = results.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'no answer';
      open = open.filter((_, i) => results[i]?.SequenceNumber === undefined);
      if (open.length === 0) return;
    }
    throw new StreamFailure(`${open.length} records were not taken in ${MAX_RECORD_TRIES} tries: ${lastError}`);
  }

  private async putCall(call: readonly PutRecordsRequestEntry[]): Promise<readonly PutRecordsResultEntry[]> {
    try {
      const answer = await this.client.send(new PutRecordsCommand({ StreamName: this.streamName, Records: [...call] }));
      return call.map((_, i) => answer.Records?.[i] ?? {});
    } catch (cause) {
      throw new StreamFailure(`putting ${call.length} records failed`, { cause });
    }
  }
}

/** The n-th wave holds the n-th record of each lane. */
function wavesOf(records: readonly PackedRecord[]): readonly (readonly PackedRecord[])[] {
  const waves: PackedRecord[][] = [];
  const lanes = Map.groupBy(records, ({ partitionKey }) => partitionKey);
  for (const lane of lanes.values()) {
    for (const [n, record] of lane.entries()) {
      const wave = waves[n] ?? [];
      waves[n] = wave;
      wave.push(record);
    }
  }
  return waves;
}

/** Cuts records into calls, in order. */
function callsOf(records: readonly PutRecordsRequestEntry[]): readonly PutRecordsRequestEntry[][] {
  const calls: PutRecordsRequestEntry[][] = [];
  let bytes = 0;
  for (const record of records) {
    const added = (record.Data?.length ?? 0) + (record.PartitionKey?.length ?? 0);
    const last = calls.at(-1);
    if (last === undefined || last.length === MAX_RECORDS_PER_CALL || bytes + added > MAX_CALL_BYTES) {
      calls.push([record]);
      bytes = added;
    } else {
      last.push(record);
      bytes += added;
    }
  }
  return calls;
}
