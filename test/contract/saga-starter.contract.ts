/** What every starter of sagas must do, whatever runs them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import { CHUNK_VERSION, recoveryName, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { SagaStarter } from '../../core/ports.ts';
import { newTransferId, T0 } from './sample-records.ts';

/** A starter, and a way to read the chunks of all executions so far. */
export interface ReadableSagaStarter {
  readonly starter: SagaStarter;
  read(): Promise<readonly SagaChunk[]>;
}

function chunk(transfers: number): SagaChunk {
  const items = Array.from({ length: transfers }, () => ({
    scope: 'default',
    transfer: newTransferId(),
    from: 'alice',
    to: 'bob',
    amount: 999_999_999_999_999_999n,
    currency: 'USD',
    issuedAt: T0,
    debitRef: { version: 7, index: 3 },
    debitedAt: T0 + 1,
    payerBalance: -1n,
  }));
  const chunkHash = sha256(items.map(({ transfer }) => transfer).join('\n'));
  const name = recoveryName(chunkHash, 1);
  return { v: CHUNK_VERSION, chunk_hash: chunkHash, attempt: 1, recovery_name: name, started_at: 0, looks: 0, items };
}

export function describeSagaStarter(name: string, makeStarter: () => Promise<ReadableSagaStarter>): void {
  describe(`saga starter: ${name}`, () => {
    let sut: ReadableSagaStarter;
    beforeAll(async () => {
      sut = await makeStarter();
    });

    it('starts an execution per chunk, with the chunk as its input', async () => {
      const chunks = [chunk(1), chunk(2), chunk(300)];
      await sut.starter.start(chunks);
      const started = await sut.read();
      for (const one of chunks) expect(started).toContainEqual(one);
    });

    it('starts the same chunk again without trouble', async () => {
      const again = chunk(1);
      await sut.starter.start([again]);
      await sut.starter.start([again]);
      const started = (await sut.read()).filter(({ chunk_hash }) => chunk_hash === again.chunk_hash);
      expect(started.length).toBeGreaterThanOrEqual(1);
    });
  });
}
