/**
 * The document that a saga execution carries from step to step: a chunk of the debited transfers of one batch, and what to do
 * next. It stays below the 262,144 bytes of a Step Functions state with room for what the steps add.
 */
import * as z from 'zod/mini';
import type { ChunkAction, SagaItem, SagaMode } from '../domain/transfer.ts';
import {
  accountId,
  eventRef,
  milliseconds,
  minorUnits,
  positiveMinorUnits,
  reason,
  scopeName,
  toJson,
  transferId,
} from './json.ts';

export const CHUNK_VERSION = 1;
/** Most bytes of items in a new chunk. Refusals and sendings add up to 260 bytes to an item, so it starts at little over half of 200 KB. */
export const MAX_CHUNK_BYTES = 110_000;

const sending = z.object({ firstAt: milliseconds, lastAt: milliseconds, times: z.int() });
const itemSchema = z.object({
  scope: scopeName,
  transfer: transferId,
  from: accountId,
  to: accountId,
  amount: positiveMinorUnits,
  currency: z.string(),
  issuedAt: milliseconds,
  debitRef: eventRef,
  debitedAt: milliseconds,
  payerBalance: minorUnits,
  refusal: z.exactOptional(z.object({ ref: eventRef, reason, arrival: milliseconds, at: milliseconds })),
  credit: z.exactOptional(sending),
  refund: z.exactOptional(sending),
});

const chunkSchema = z.object({
  v: z.literal(CHUNK_VERSION),
  /** SHA-256 of the transfers that the chunk began with. */
  chunk_hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** Counts the recoveries of the chunk, from 1. */
  attempt: z.int().check(z.positive()),
  /** Name of the recovery execution, should it come to that: chunk hash and attempt. */
  recovery_name: z.string().check(z.maxLength(80)),
  /** When the execution first looked, UTC milliseconds; 0 before. */
  started_at: milliseconds,
  /** How often the execution has looked. */
  looks: z.int(),
  /** Key of the record by which the check-back finds the chunk, and which its end takes away; absent if another record does. */
  open_key: z.exactOptional(z.string()),
  items: z.array(itemSchema),
});

export interface SagaChunk {
  readonly v: number;
  readonly chunk_hash: string;
  readonly attempt: number;
  readonly recovery_name: string;
  readonly started_at: number;
  readonly looks: number;
  readonly open_key?: string;
  readonly items: readonly SagaItem[];
}

/** What a step answers: the chunk, less what is done, and what the state machine does next. */
export interface AdvancedChunk extends SagaChunk {
  readonly next_action: ChunkAction;
  readonly wait_seconds: number;
  /** For the operators; empty unless `next_action` is `report`. */
  readonly report: string;
}

/** JSON text of a chunk, or of what a step answers. */
export function encodeChunk(chunk: SagaChunk): string {
  return toJson(chunk);
}

/** Bytes of one item within a chunk's JSON; all its characters are ASCII. */
export function itemBytes(item: SagaItem): number {
  return toJson(item).length + 1;
}

/** Reads a chunk; throws on anything else, which only a broken state machine could send. */
export function decodeChunk(candidate: unknown): SagaChunk {
  return chunkSchema.parse(candidate);
}

const stepInputSchema = z.object({ mode: z.enum(['saga', 'recovery']), chunk: chunkSchema });

/** Reads what the state machine hands to a step; throws on anything else. */
export function decodeStepInput(candidate: unknown): { readonly mode: SagaMode; readonly chunk: SagaChunk } {
  return stepInputSchema.parse(candidate);
}

/** Name of a chunk's recovery: two for the same chunk and attempt meet each other instead of working twice. */
export function recoveryName(chunkHash: string, attempt: number): string {
  return `${chunkHash.slice(0, 60)}-${attempt}`;
}
