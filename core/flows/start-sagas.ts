/**
 * Debited transfers on their way into sagas: chunks that fit the state of an execution, each recorded as open work before its saga
 * starts, so that a saga that is lost is missed.
 */
import { type DebitRange, FIRST_CHECK_MS, type OpenChunk, openKey } from '../contracts/open-work.ts';
import { CHUNK_VERSION, itemBytes, MAX_CHUNK_BYTES, recoveryName, type SagaChunk } from '../contracts/saga-chunk.ts';
import type { AccountEvent } from '../domain/account.ts';
import { accountKey, accountOfKey } from '../domain/lane.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { Clock, Digest, OpenWork, SagaStarter } from '../ports.ts';

export interface SagaStartPorts {
  readonly sagas: SagaStarter;
  readonly openWork: OpenWork;
  readonly clock: Clock;
  readonly digest: Digest;
}

/** Records chunks of transfers as open and starts a saga for each; gives back how many. */
export async function startSagas(ports: SagaStartPorts, items: readonly SagaItem[]): Promise<number> {
  const chunks = chunksOf(items, ports.digest);
  if (chunks.length === 0) return 0;
  const now = ports.clock.now();
  const open = chunks.map((chunk) => openChunk(chunk, now));
  await ports.openWork.open(open);
  await ports.sagas.start(
    chunks.map((chunk, i) => {
      const record = open[i];
      return record === undefined ? chunk : { ...chunk, open_key: openKey(record) };
    }),
  );
  return chunks.length;
}

/**
 * Cuts transfers into chunks. The same transfers in the same order give the same chunks.
 *
 * @param attempt counts the chunk's recoveries, since an execution's name can be used only once
 */
export function chunksOf(items: readonly SagaItem[], digest: Digest, attempt = 1): readonly SagaChunk[] {
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
  return chunks.map((chunk) => newChunk(chunk, digest, attempt));
}

function newChunk(items: readonly SagaItem[], digest: Digest, attempt: number): SagaChunk {
  const chunkHash = digest(items.map(({ scope, transfer }) => `${scope}#${transfer}`).join('\n'));
  const name = recoveryName(chunkHash, attempt);
  return { v: CHUNK_VERSION, chunk_hash: chunkHash, attempt, recovery_name: name, started_at: 0, looks: 0, items };
}

/** A debited transfer as its saga sees it: all of it is a fact of the payer's log. */
export function sagaItemOf(
  account: string,
  event: Extract<AccountEvent, { type: 'Debited' }>,
  debitRef: SagaItem['debitRef'],
  debitedAt: number,
): SagaItem {
  const { transfer, to, amount, currency, arrival, balance } = event;
  const { scope, account: from } = accountOfKey(account);
  const content = { scope, transfer, from, to, amount, currency };
  return { ...content, issuedAt: arrival, debitRef, debitedAt, payerBalance: balance };
}

function openChunk(chunk: SagaChunk, now: number): OpenChunk {
  const times = { openedAt: now, dueAt: now + FIRST_CHECK_MS, checks: 0 };
  return { kind: 'chunk', id: chunk.chunk_hash, ...times, debits: rangesOf(chunk.items) };
}

/** One range per commit, from the first to the last of its debits that are in the chunk. */
function rangesOf(items: readonly SagaItem[]): readonly DebitRange[] {
  const ranges = new Map<string, DebitRange>();
  for (const { scope, from, debitRef } of items) {
    const account = accountKey({ scope, account: from });
    const key = `${account} ${debitRef.version}`;
    const { first, last } = ranges.get(key) ?? { first: debitRef.index, last: debitRef.index };
    const { version, index } = debitRef;
    ranges.set(key, { account, version, first: Math.min(first, index), last: Math.max(last, index) });
  }
  return [...ranges.values()];
}
