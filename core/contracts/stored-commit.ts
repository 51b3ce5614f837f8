/**
 * A commit as the ledger stores it: what one batch did to one account. State and events are JSON texts which are stored as they
 * were hashed, so an auditor checks the very bytes and no second encoder has to agree with the first.
 *
 * hash = SHA-256 of the canonical text, which is the JSON array
 *   ["wallet.commit", v, account key, version, at, "epoch/sequence/index" or "", highArrival, previous hash, length of state]
 * and behind it, with nothing between, the stored texts of state and events. Hashes are lower-case hexadecimal, the hash before the
 * first commit is the empty string, and lengths count UTF-16 units. In commits of v 1 the two texts stand within the array instead of
 * the length, as JSON strings. Golden vectors in the tests hold both for ever.
 */
import * as z from 'zod/mini';
import type { AccountEvent, AccountState, Credited, Debited, Trace } from '../domain/account.ts';
import type { Position } from '../domain/position.ts';
import {
  accountKind,
  eventRef,
  milliseconds,
  minorUnits,
  reason,
  requestCommands,
  toJson,
  trace,
  version,
} from './json.ts';

export const COMMIT_VERSION = 2;
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
  const { v, account, version, at, position, highArrival, prevHash, state, events } = commit;
  const place = encodePosition(position);
  const head = `["wallet.commit",${v},${JSON.stringify(account)},${version},${at},"${place}",${highArrival},"${prevHash}"`;
  if (v === 1) return `${head},${JSON.stringify(state)},${JSON.stringify(events)}]`;
  return `${head},${state.length}]${state}${events}`;
}

/** The last sequence number that was written: all commits of a turn of the embedded wallet have the same. */
let lastSequence = { sequence: -1n, text: '-1' };

export function encodePosition(position: Position | undefined): string {
  if (position === undefined) return '';
  const { epoch, sequence, index } = position;
  if (sequence !== lastSequence.sequence) lastSequence = { sequence, text: sequence.toString() };
  return `${epoch}/${lastSequence.text}/${index}`;
}

/** Reads a stored position; throws on a text that {@link encodePosition} never writes. */
export function decodePosition(text: string): Position | undefined {
  if (text === '') return undefined;
  const match = /^([0-9]+)\/([0-9]+)\/([0-9]+)$/.exec(text);
  if (match === null) throw new Error(`stored position is "${text}", expected epoch/sequence/index`);
  const [, epoch = '', sequence = '', index = ''] = match;
  return { epoch: Number(epoch), sequence: BigInt(sequence), index: Number(index) };
}

const limits = { transferLimit: z.exactOptional(minorUnits), dailyLimit: z.exactOptional(minorUnits) };
const stateSchema = z.object({
  status: z.enum(['unopened', 'open', 'frozen', 'closing', 'closed']),
  kind: accountKind,
  currency: z.string(),
  owner: z.string(),
  balance: minorUnits,
  held: minorUnits,
  overdraftLimit: minorUnits,
  closingVersion: z.int(),
  ...limits,
  spending: z.exactOptional(z.object({ day: z.int(), amount: minorUnits })),
});

const authority = { actor: z.exactOptional(z.string()), asOwner: z.exactOptional(z.literal(true)) };
const properties = {
  kind: accountKind,
  currency: z.string(),
  owner: z.string(),
  overdraftLimit: minorUnits,
  ...limits,
};
const changes = {
  currency: z.string(),
  overdraftLimit: z.exactOptional(minorUnits),
  transferLimit: z.exactOptional(z.nullable(minorUnits)),
  dailyLimit: z.exactOptional(z.nullable(minorUnits)),
};
const ofRequest = { request: z.string(), ...authority, arrival: milliseconds };
const command = z.enum(requestCommands);
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
  z.object({ type: z.literal('Opened'), ...ofRequest, ...properties }),
  z.object({ type: z.literal('LimitsChanged'), ...ofRequest, ...changes }),
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
    changes: z.exactOptional(z.object(changes)),
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
  const properties = `{"status":"${status}","kind":"${kind}","currency":"${currency}","owner":${JSON.stringify(owner)}`;
  const amounts = `,"balance":"${balance}","held":"${held}","overdraftLimit":"${overdraftLimit}"`;
  return `${properties}${amounts},"closingVersion":${closingVersion}${limitsText(state)}}`;
}

/** Nothing for an account without limits: its states are the texts that they always were. */
function limitsText({ transferLimit, dailyLimit, spending }: AccountState): string {
  const perTransfer = transferLimit === undefined ? '' : `,"transferLimit":"${transferLimit}"`;
  const perDay = dailyLimit === undefined ? '' : `,"dailyLimit":"${dailyLimit}"`;
  const spent = spending === undefined ? '' : `,"spending":{"day":${spending.day},"amount":"${spending.amount}"}`;
  return perTransfer + perDay + spent;
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
  if (event.type === 'Debited' && event.asOwner === undefined) return debitedText(event);
  if (event.type === 'Credited' && isOnItsWay(event.trace)) return creditedText(event);
  return toJson(event);
}

/** A trace as every credit has it, as opposed to one of a transfer that came back. */
function isOnItsWay({ refusedAt, refusal, refundSentAt }: Trace): boolean {
  return refusedAt === undefined && refusal === undefined && refundSentAt === undefined;
}

/** The last time that was written, in digits: all events of a batch have the same few. */
let lastTime = { ms: 0, text: '0' };

function digitsOf(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: String(ms) };
  return lastTime.text;
}

function debitedText({ transfer, to, amount, currency, actor, arrival, balance }: Debited): string {
  const by = actor === undefined ? '' : `,"actor":${JSON.stringify(actor)}`;
  const content = `{"type":"Debited","transfer":"${transfer}","to":"${to}","amount":"${amount}","currency":"${currency}"`;
  return `${content}${by},"arrival":${digitsOf(arrival)},"balance":"${balance}"}`;
}

function creditedText(event: Credited): string {
  const { transfer, from, amount, currency, issuedAt, debitRef, trace, recheck, cancel, arrival } = event;
  const { debitedAt, payerBalance, creditSentAt } = trace;
  const content = `{"type":"Credited","transfer":"${transfer}","from":"${from}","amount":"${amount}","currency":"${currency}"`;
  const origin = `,"issuedAt":${digitsOf(issuedAt)},"debitRef":{"version":${debitRef.version},"index":${debitRef.index}}`;
  const story = `"debitedAt":${digitsOf(debitedAt)},"payerBalance":"${payerBalance}","creditSentAt":${digitsOf(creditSentAt)}`;
  return `${content}${origin},"trace":{${story}},"recheck":${recheck},"cancel":${cancel},"arrival":${digitsOf(arrival)}}`;
}

export function encodeEvents(events: readonly AccountEvent[]): string {
  return toJson(events);
}

/** Reads stored events; throws on a text that holds none: the log is damaged then. */
export function decodeEvents(text: string): readonly AccountEvent[] {
  return eventsSchema.parse(JSON.parse(text));
}
