/** What every stream of commands must do, whatever carries it; the test reads the records as a processor would get them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import { decodeRecord, MAX_RECORD_BYTES } from '../../core/contracts/commands.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import { laneOf } from '../../core/domain/lane.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import type { CommandStream } from '../../core/ports.ts';
import { debit } from '../account-commands.ts';
import { newTransferId } from './sample-records.ts';

export const LANES = 4;

/** A stream with {@link LANES} lanes, and a way to read everything sent so far, in order within each lane. */
export interface ReadableStream {
  readonly stream: CommandStream;
  read(): Promise<readonly StreamRecord[]>;
}

export function describeCommandStream(name: string, makeStream: () => Promise<ReadableStream>): void {
  describe(`command stream: ${name}`, () => {
    let sut: ReadableStream;
    let seen = 0;
    beforeAll(async () => {
      sut = await makeStream();
    });

    /** Sends commands and gives back the records that came of it. */
    async function sent(commands: readonly AccountCommand[]): Promise<readonly StreamRecord[]> {
      await sut.stream.send(commands);
      const records = await sut.read();
      const fresh = records.slice(seen);
      seen = records.length;
      return fresh;
    }

    function commandsIn(records: readonly StreamRecord[]): readonly (AccountCommand | string)[] {
      return records.flatMap(({ data }) => decodeRecord(data).map((read) => (read.ok ? read.command : read.fault)));
    }

    it('carries a command in the lane of its account', async () => {
      const command = debit(5n, { from: 'carol', transfer: newTransferId() });
      const records = await sent([command]);
      expect(records.map(({ partitionKey }) => partitionKey)).toEqual([String(laneOf(sha256('default#carol'), LANES))]);
      expect(commandsIn(records)).toEqual([command]);
    });

    it('packs what shares a lane into one record, in the given order', async () => {
      const payers = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'p-6', 'p-7', 'p-8'];
      const commands = Array.from({ length: 200 }, (_, n) => {
        return debit(BigInt(n + 1), { from: payers[n % payers.length] ?? '', transfer: newTransferId() });
      });
      const records = await sent(commands);
      const lanes = Map.groupBy(commands, ({ from }) => String(laneOf(sha256(`default#${from}`), LANES)));
      expect(records).toHaveLength(lanes.size);
      for (const { partitionKey, data } of records) {
        expect(commandsIn([{ partitionKey, data, sequence: 0n, arrival: 0 }])).toEqual(lanes.get(partitionKey));
      }
    });

    it('keeps the order of a lane that needs several records', async () => {
      const commands = Array.from({ length: 2_500 }, (_, n) => debit(BigInt(n + 1), { transfer: newTransferId() }));
      const records = await sent(commands);
      expect(records.length).toBeGreaterThan(1);
      expect(records.every(({ data }) => data.length <= MAX_RECORD_BYTES)).toBe(true);
      expect(commandsIn(records)).toEqual(commands);
    });

    it('gives later records higher sequence numbers', async () => {
      const first = await sent([debit(1n, { transfer: newTransferId() })]);
      const second = await sent([debit(2n, { transfer: newTransferId() })]);
      expect((second[0]?.sequence ?? 0n) > (first[0]?.sequence ?? 0n)).toBe(true);
    });

    it('sends nothing for nothing', async () => {
      expect(await sent([])).toEqual([]);
    });
  });
}
