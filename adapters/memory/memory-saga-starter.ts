/** Sagas that were asked for; a test runs them when it likes, as often as it likes. */
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { SagaStarter } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemorySagaStarter implements SagaStarter {
  readonly hooks: WriteHooks<SagaChunk>;
  /** Every start in order, repeated ones too. */
  readonly started: SagaChunk[] = [];

  constructor(hooks: WriteHooks<SagaChunk> = {}) {
    this.hooks = hooks;
  }

  async start(chunks: readonly SagaChunk[]): Promise<void> {
    for (const chunk of chunks) await writeWithHooks(this.hooks, chunk, () => this.started.push(chunk));
  }
}
