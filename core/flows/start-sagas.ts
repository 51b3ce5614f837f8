/** Debited transfers on their way into sagas: chunks that fit the state of an execution. */
import { CHUNK_VERSION, itemBytes, MAX_CHUNK_BYTES, recoveryName, type SagaChunk } from '../contracts/saga-chunk.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { Digest } from '../ports.ts';

/** Cuts transfers into chunks. The same transfers in the same order give the same chunks. */
export function chunksOf(items: readonly SagaItem[], digest: Digest): readonly SagaChunk[] {
  const chunks: SagaItem[][] = [];
  let bytes = MAX_CHUNK_BYTES;
  for (const item of items) {
    bytes += itemBytes(item);
    if (bytes > MAX_CHUNK_BYTES) {
      chunks.push([]);
      bytes = itemBytes(item);
    }
    chunks.at(-1)?.push(item);
  }
  return chunks.map((chunk) => newChunk(chunk, digest));
}

function newChunk(items: readonly SagaItem[], digest: Digest): SagaChunk {
  const chunkHash = digest(items.map(({ scope, transfer }) => `${scope}#${transfer}`).join('\n'));
  const attempt = 1;
  const name = recoveryName(chunkHash, attempt);
  return { v: CHUNK_VERSION, chunk_hash: chunkHash, attempt, recovery_name: name, started_at: 0, looks: 0, items };
}
