/**
 * What is said over a WebSocket by those who wait for outcomes. A client names transfers, and is told how each ended:
 *
 *   client                                                     wallet
 *     │ {"action":"subscribe","transaction_ids":[a,b,c]}  ──>    │
 *     │    <── {"type":"subscribed","outcomes":[a],"waiting":[b,c]}
 *     │    <── {"type":"outcome", ... b}                          │   when it has ended
 *
 * An outcome is told at least once and in no order. It is what `GET /v1/wallet/transfers/{transaction_id}` shows at that moment.
 */
import * as z from 'zod/mini';
import type { Reason } from '../domain/reason.ts';
import type { Caller } from './caller.ts';
import { type TransferOnRecord, transferResource } from './http-answers.ts';
import { type Read, readLookupRequest, readShape } from './http-requests.ts';
import { type Problem, problemOf } from './problems.ts';

/** What a client asks for beside its token, and what the wallet answers: the version of what is said here. */
export const SUBPROTOCOL = 'wallet.v1';
/** Browsers let a page choose nothing of a WebSocket's request but its subprotocols, so the token is one of them. */
const TOKEN_PREFIX = 'bearer.';
/** Bytes of a client's message: several times what a hundred ids need. */
export const MAX_MESSAGE_BYTES = 16 * 1_024;
/** Transfers that one connection may wait for at a time; DynamoDB keeps their ids in one item of 9 KB then. */
export const MOST_WAITS = 200;
/** Connections of one caller at a time. */
export const MOST_CONNECTIONS = 10;
/** A connection ends with its token, and after two hours whatever its token says. API Gateway quota. */
export const LONGEST_CONNECTION_MS = 2 * 3_600_000;

/** A client that is connected. */
export interface Connection {
  readonly id: string;
  readonly caller: Caller;
  /** When it ends, UTC milliseconds: nothing is told or taken from then on. */
  readonly until: number;
}

export type ClientMessage =
  | { readonly action: 'subscribe'; readonly transfers: readonly string[] }
  /** Keeps a connection alive where nothing else is said; API Gateway ends those that are idle for ten minutes. */
  | { readonly action: 'ping' };

const actionSchema = z.looseObject({ action: z.enum(['subscribe', 'ping'], 'must be "subscribe" or "ping"') });
const pingSchema = z.strictObject({});

/** A client's message, from JSON that may be anything. */
export function readClientMessage(message: unknown): Read<ClientMessage> {
  const read = readShape(actionSchema, message, '');
  if (!read.ok) return read;
  const { action, ...rest } = read.value;
  if (action === 'ping') {
    const nothing = readShape(pingSchema, rest, '');
    return nothing.ok ? { ok: true, value: { action } } : nothing;
  }
  const transfers = readLookupRequest(rest);
  return transfers.ok ? { ok: true, value: { action, transfers: transfers.value } } : transfers;
}

/** How a transfer ended, in the words of the API. */
export interface ToldOutcome {
  readonly transaction_id: string;
  readonly status: 'success' | 'failed';
  readonly state: 'completed' | 'rejected' | 'reversed';
  readonly reason?: Reason;
}

export type ServerMessage =
  | {
      readonly type: 'subscribed';
      /** Of those that have ended already. */
      readonly outcomes: readonly ToldOutcome[];
      /** All others, whether anything is known of them or not. */
      readonly waiting: readonly string[];
    }
  | ({ readonly type: 'outcome' } & ToldOutcome)
  | { readonly type: 'pong' }
  /** What the client said was not taken; it may go on. */
  | { readonly type: 'problem'; readonly problem: Problem };

/** Undefined while the transfer is under way. */
export function toldOutcome(transfer: string, record: TransferOnRecord): ToldOutcome | undefined {
  const { transaction_id, status, state, reason } = transferResource(transfer, record);
  if (status === 'pending' || state === 'pending') return undefined;
  return { transaction_id, status, state, ...(reason === undefined ? {} : { reason }) };
}

/**
 * The token among the subprotocols that a client offers; undefined unless there is exactly one, beside {@link SUBPROTOCOL}.
 *
 * @param header `Sec-WebSocket-Protocol` (RFC 6455)
 */
export function tokenAmong(header: string | undefined): string | undefined {
  const offered = (header ?? '').split(',').map((name) => name.trim());
  const tokens = offered.filter((name) => name.startsWith(TOKEN_PREFIX));
  const [only] = tokens;
  if (!offered.includes(SUBPROTOCOL) || only === undefined || tokens.length > 1) return undefined;
  return only.slice(TOKEN_PREFIX.length);
}

/** Why somebody is not connected, or something was not taken; not a word of it is special to whom it is told. */
export const socketProblems = {
  notAuthenticated: problemOf(
    'not_authenticated',
    `Offer the subprotocols "${SUBPROTOCOL}" and "${TOKEN_PREFIX}TOKEN", with a token of the issuer.`,
  ),
  tooManyConnections: problemOf('throttled', `A caller may have ${MOST_CONNECTIONS} connections at a time.`),
  tooManyWaits: problemOf('throttled', `A connection may wait for ${MOST_WAITS} transfers at a time.`),
  tooLarge: problemOf('body_too_large', `A message may have ${MAX_MESSAGE_BYTES} bytes.`),
  notText: problemOf('malformed_body', 'A message must be JSON in a text frame.'),
  ended: problemOf('not_authenticated', 'The connection has ended with its token. Connect again.'),
} as const;

const pushSchema = z.object({ v: z.literal(1), ended: z.array(z.string()) });

/** What the queue of pushes carries: keys of claims of transfers that have ended. */
export function encodePush(ended: readonly string[]): string {
  return JSON.stringify({ v: 1, ended });
}

export function decodePush(text: string): readonly string[] {
  return pushSchema.parse(JSON.parse(text)).ended;
}
