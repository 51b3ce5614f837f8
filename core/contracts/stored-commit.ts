/**
 * A commit as the ledger stores it: what one batch did to one account. State and events are JSON texts which are stored as they
 * were hashed, so an auditor checks the very bytes and no second encoder has to agree with the first.
 *
 * hash = SHA-256 of the canonical text: the JSON array
 *   ["wallet.commit", v, account key, version, at, "epoch/sequence/index" or "", highArrival, previous hash, state, events]
 * where state and events are the stored texts (as JSON strings), hashes are lower-case hexadecimal, and the hash before the first
 * commit is the empty string. Golden vectors in the tests hold this for ever.
 */
import * as z from 'zod/mini';
import type { AccountEvent, AccountState, Trace } from '../domain/account.ts';
import type { Position } from '../domain/position.ts';
import { accountKind, eventRef, milliseconds, minorUnits, reason, toJson, trace, version } from './json.ts';

export const COMMIT_VERSION = 1;
/**
 * Events of one commit are kept below this many bytes of JSON, so that the item stays below the 400 KB (409,600 bytes) that a
 * DynamoDB item may have, names, state and hashes included.
 */
export const MAX_EVENTS_BYTES = 395_000;

export interface StoredCommit {
  readonly v: number;
  /** Key of the account, `scope#account`. */
  readonly account: string;
  /** Dense from 1. */
  readonly version: number;
  /** Time of the commit, UTC milliseconds; never decreases within a log. */
  readonly at: number;
  /** The last position of the stream that this log covers; undefined while no command of the stream was applied. */
  readonly position: Position | undefined;
  /** Highest arrival seen, UTC milliseconds; never decreases within a log. */
  readonly highArrival: number;
  /** Hash of the commit before, hexadecimal; empty for the first. */
  readonly prevHash: string;
  readonly hash: string;
  /** JSON text of the state after the events. */
  readonly state: string;
  /** JSON text of the list of events. */
  readonly events: string;
}

/** The text whose SHA-256 is the commit's hash. */
export function canonicalText(commit: Omit<StoredCommit, 'hash'>): string {
  const { v, account, at, highArrival, prevHash, state, events } = commit;
  const position = encodePosition(commit.position);
  return JSON.stringify([
    'wallet.commit',
    v,
    account,
    commit.version,
    at,
    position,
    highArrival,
    prevHash,
    state,
    events,
  ]);
}

export function encodePosition(position: Position | undefined): string {
  return position === undefined ? '' : `${position.epoch}/${position.sequence}/${position.index}`;
}

/** Reads a stored position; throws on a text that {@link encodePosition} never writes. */
export function decodePosition(text: string): Position | undefined {
  if (text === '') return undefined;
  const match = /^([0-9]+)\/([0-9]+)\/([0-9]+)$/.exec(text);
  if (match === null) throw new Error(`stored position is "${text}", expected epoch/sequence/index`);
  const [, epoch = '', sequence = '', index = ''] = match;
  return { epoch: Number(epoch), sequence: BigInt(sequence), index: Number(index) };
}

const stateSchema = z.object({
  status: z.enum(['unopened', 'open', 'frozen', 'closing', 'closed']),
  kind: accountKind,
  currency: z.string(),
  owner: z.string(),
  balance: minorUnits,
  held: minorUnits,
  overdraftLimit: minorUnits,
  closingVersion: z.int(),
});

const authority = { actor: z.exactOptional(z.string()), asOwner: z.exactOptional(z.literal(true)) };
const properties = { kind: accountKind, currency: z.string(), owner: z.string(), overdraftLimit: minorUnits };
const ofRequest = { request: z.string(), ...authority, arrival: milliseconds };
const command = z.enum(['OpenAccount', 'FreezeAccount', 'UnfreezeAccount', 'CloseAccount', 'FinishClose']);
const content = { transfer: z.string(), amount: minorUnits, currency: z.string() };
const ofDebit = {
  ...content,
  to: z.string(),
  ...authority,
  arrival: milliseconds,
  balance: minorUnits,
};
const ofLeg = {
  ...content,
  issuedAt: milliseconds,
  debitRef: eventRef,
  trace,
  recheck: z.boolean(),
  arrival: milliseconds,
};
const ofCredit = { ...ofLeg, from: z.string(), cancel: z.boolean() };

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('Opened'),
    ...ofRequest,
    ...properties,
  }),
  z.object({ type: z.literal('Frozen'), ...ofRequest }),
  z.object({ type: z.literal('Unfrozen'), ...ofRequest }),
  z.object({ type: z.literal('CloseStarted'), ...ofRequest }),
  z.object({ type: z.literal('Reopened'), ...ofRequest }),
  z.object({ type: z.literal('Closed'), ...ofRequest, version }),
  z.object({ type: z.literal('RequestConfirmed'), ...ofRequest, command }),
  z.object({
    type: z.literal('RequestRefused'),
    ...ofRequest,
    command,
    reason,
    asked: z.exactOptional(z.object(properties)),
    version: z.exactOptional(version),
  }),
  z.object({ type: z.literal('Debited'), ...ofDebit }),
  z.object({ type: z.literal('DebitRejected'), ...ofDebit, reason }),
  z.object({ type: z.literal('Credited'), ...ofCredit }),
  z.object({ type: z.literal('CreditRefused'), ...ofCredit, reason }),
  z.object({ type: z.literal('Refunded'), ...ofLeg, to: z.string(), refusalRef: eventRef, balance: minorUnits }),
]);
const eventsSchema = z.array(eventSchema);

/** By hand, for it is written with every commit: the same text as {@link toJson} makes, in a sixth of the time. */
export function encodeState(state: AccountState): string {
  const { status, kind, currency, owner, balance, held, overdraftLimit, closingVersion } = state;
  const fixed = `{"status":"${status}","kind":"${kind}","currency":"${currency}","owner":${JSON.stringify(owner)}`;
  const amounts = `"balance":"${balance}","held":"${held}","overdraftLimit":"${overdraftLimit}"`;
  return `${fixed},${amounts},"closingVersion":${closingVersion}}`;
}

/** Reads a stored state; throws on a text that is none: the log is damaged then. */
export function decodeState(text: string): AccountState {
  return stateSchema.parse(JSON.parse(text));
}

/**
 * JSON text of an event. The two that every transfer has are written by hand (0.1 us instead of 0.9): ids, codes and digits hold
 * nothing that JSON escapes, names that others give are left to `JSON.stringify`. A test compares all kinds with {@link toJson}.
 */
export function encodeEvent(event: AccountEvent): string {
  switch (event.type) {
    case 'Debited': {
      const { transfer, to, amount, currency, actor, arrival, balance } = event;
      const content = `"transfer":"${transfer}","to":"${to}","amount":"${amount}","currency":"${currency}"`;
      const by = actor === undefined ? '' : `,"actor":${JSON.stringify(actor)}`;
      return `{"type":"Debited",${content}${by},"arrival":${arrival},"balance":"${balance}"}`;
    }
    case 'Credited': {
      const { transfer, from, amount, currency, issuedAt, debitRef, recheck, cancel, arrival } = event;
      const content = `"transfer":"${transfer}","from":"${from}","amount":"${amount}","currency":"${currency}"`;
      const origin = `"issuedAt":${issuedAt},"debitRef":{"version":${debitRef.version},"index":${debitRef.index}}`;
      const marks = `"recheck":${recheck},"cancel":${cancel},"arrival":${arrival}`;
      return `{"type":"Credited",${content},${origin},"trace":${encodeTrace(event.trace)},${marks}}`;
    }
    default:
      return toJson(event);
  }
}

function encodeTrace(trace: Trace): string {
  if (trace.refusedAt !== undefined || trace.refusal !== undefined || trace.refundSentAt !== undefined)
    return toJson(trace);
  const { debitedAt, payerBalance, creditSentAt } = trace;
  return `{"debitedAt":${debitedAt},"payerBalance":"${payerBalance}","creditSentAt":${creditSentAt}}`;
}

export function encodeEvents(events: readonly AccountEvent[]): string {
  return toJson(events);
}

/** Reads stored events; throws on a text that holds none: the log is damaged then. */
export function decodeEvents(text: string): readonly AccountEvent[] {
  return eventsSchema.parse(JSON.parse(text));
}
