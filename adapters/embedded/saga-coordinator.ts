/**
 * The sagas that a turn did not bring to their end: almost none, since a turn takes a transfer from debit to credit or refund.
 * What is left is a transfer whose other account is in trouble. Each keeps its chunk on disk, and is asked for again, as a recheck,
 * after the pause that the transfer's own rules set.
 */
import { type AdvancedChunk, decodeChunk, encodeChunk, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { SagaMode } from '../../core/domain/transfer.ts';
import type { Journal, SagaStarter } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

interface OpenSaga {
  readonly chunk: SagaChunk;
  readonly mode: SagaMode;
  /** UTC milliseconds. */
  readonly dueAt: number;
}

export class SagaCoordinator implements SagaStarter {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;
  private readonly journal: Journal;
  private readonly open = new Map<string, OpenSaga>();

  /** Takes up every saga that is open on disk; all are due at once. */
  constructor(store: WalletStore, acknowledgement: Acknowledgement, journal: Journal) {
    this.store = store;
    this.acknowledgement = acknowledgement;
    this.journal = journal;
    for (const { chunk_hash, ...chunk } of this.chunks())
      this.open.set(chunk_hash, { chunk: { ...chunk, chunk_hash, started_at: 0 }, mode: 'recovery', dueAt: 0 });
  }

  async start(chunks: readonly SagaChunk[]): Promise<void> {
    for (const chunk of chunks) this.keep({ chunk, mode: 'saga', dueAt: 0 });
    await this.acknowledgement.written();
  }

  /** Chunks of all open sagas, as they are on disk. */
  chunks(): readonly SagaChunk[] {
    return this.store.keys(kinds.saga).flatMap((key) => {
      const text = this.store.get(kinds.saga, key);
      return text === undefined ? [] : [decodeChunk(JSON.parse(text))];
    });
  }

  /** Sagas whose next step is due. */
  due(now: number): readonly OpenSaga[] {
    return [...this.open.values()].filter(({ dueAt }) => dueAt <= now);
  }

  /** When the next step is due, UTC milliseconds; undefined if no saga is open. */
  nextDue(): number | undefined {
    return this.open.size === 0 ? undefined : Math.min(...[...this.open.values()].map(({ dueAt }) => dueAt));
  }

  /** Keeps what a step has left of a saga. One that has to be reported is left to the operators, and taken up by the next start. */
  advanced(chunk: AdvancedChunk, mode: SagaMode, now: number): void {
    switch (chunk.next_action) {
      case 'done':
        this.open.delete(chunk.chunk_hash);
        this.store.remove(kinds.saga, chunk.chunk_hash);
        return;
      case 'report':
        this.open.delete(chunk.chunk_hash);
        this.journal.warn('transfers have no outcome', { report: chunk.report });
        return;
      case 'escalate':
        this.keep({ chunk: { ...chunk, started_at: 0, looks: 0 }, mode: 'recovery', dueAt: now });
        return;
      case 'wait':
        this.keep({ chunk, mode, dueAt: now + chunk.wait_seconds * 1_000 });
        return;
      default:
        chunk.next_action satisfies never;
    }
  }

  private keep(saga: OpenSaga): void {
    this.open.set(saga.chunk.chunk_hash, saga);
    this.store.put(kinds.saga, saga.chunk.chunk_hash, encodeChunk(saga.chunk));
  }
}
