/**
 * Records of work that somebody must come back to: a chunk of debited transfers whose saga may be lost, an account whose closing
 * is to be finished. Each is due at a time, and is taken away once nothing of it is left. A record holds references to commits of
 * the ledger and no copies of what stands there, so that it stays small and can never contradict the ledger.
 */
import * as z from 'zod/mini';
import { accountKey, accountOfKey } from '../domain/lane.ts';
import { accountId, scopeName, toJson, version } from './json.ts';

/** Debits of one commit, first to last by their index; other events in between are none of the record's. */
export interface DebitRange {
  /** Key of the payer's account. */
  readonly account: string;
  readonly version: number;
  readonly first: number;
  readonly last: number;
}

interface OpenRecordTimes {
  /** UTC milliseconds. */
  readonly openedAt: number;
  /** When it is to be checked, UTC milliseconds. */
  readonly dueAt: number;
  /** How often it was checked so far. */
  readonly checks: number;
}

/** Transfers that were debited and handed to a saga. */
export interface OpenChunk extends OpenRecordTimes {
  readonly kind: 'chunk';
  /** Hash of the chunk. */
  readonly id: string;
  readonly debits: readonly DebitRange[];
}

/** An account that is closing. */
export interface OpenClosing extends OpenRecordTimes {
  readonly kind: 'closing';
  readonly id: string;
  /** Key of the account. */
  readonly account: string;
  /** Version of the commit that started the closing. */
  readonly version: number;
  /** Every transfer that was debited in a commit at or above this version is over. */
  readonly doneFrom: number;
}

export type OpenRecord = OpenChunk | OpenClosing;

/** Time from the opening of a record to its first check: by then nearly every saga has ended and taken its record away. */
export const FIRST_CHECK_MS = 60_000;

/** Digits of a time in a key; enough for a thousand years. */
const TIME_DIGITS = 14;

/** What a record is taken away by. Keys sort by when their records are due. */
export function openKey({ dueAt, id }: Pick<OpenRecord, 'dueAt' | 'id'>): string {
  return `${String(dueAt).padStart(TIME_DIGITS, '0')}#${id}`;
}

/** The record's identity in a key; it stays the same when the record is postponed. Throws on a text that is no key. */
export function idOfOpenKey(key: string): string {
  if (key[TIME_DIGITS] !== '#') throw new Error(`"${key}" is no key of open work`);
  return key.slice(TIME_DIGITS + 1);
}

/** A closing's record is due at a time that only its commit decides, so telling of the same commit again gives the same key. */
export function openClosing(account: string, closingVersion: number, at: number): OpenClosing {
  return {
    kind: 'closing',
    id: `closing ${account} ${closingVersion}`,
    account,
    version: closingVersion,
    doneFrom: closingVersion + 1,
    openedAt: at,
    dueAt: at + FIRST_CHECK_MS,
    checks: 0,
  };
}

const rangesSchema = z.record(scopeName, z.record(accountId, z.array(z.int().check(z.nonnegative()))));
const closingSchema = z.object({ account: z.string(), version, doneFrom: version });

/** Numbers that describe one range. */
const RANGE_NUMBERS = 3;

/** What a record is about, as JSON text: of a chunk `{scope: {account: [version, first, last, version, ...]}}`. */
export function encodeWork(record: OpenRecord): string {
  if (record.kind === 'closing') {
    const { account, version: closingVersion, doneFrom } = record;
    return toJson({ account, version: closingVersion, doneFrom });
  }
  const byScope: Record<string, Record<string, number[]>> = {};
  for (const { account: key, version: commit, first, last } of record.debits) {
    const { scope, account } = accountOfKey(key);
    byScope[scope] ??= {};
    const ofScope = byScope[scope];
    ofScope[account] ??= [];
    ofScope[account].push(commit, first, last);
  }
  return toJson(byScope);
}

/** Reads a record; throws on a text that is none. */
export function decodeWork(kind: string, id: string, times: OpenRecordTimes, work: string): OpenRecord {
  if (kind === 'closing') return { kind, id, ...times, ...closingSchema.parse(JSON.parse(work)) };
  if (kind !== 'chunk') throw new Error(`open work of an unknown kind "${kind}"`);
  const debits = Object.entries(rangesSchema.parse(JSON.parse(work))).flatMap(([scope, accounts]) =>
    Object.entries(accounts).flatMap(([account, numbers]) => rangesOf(accountKey({ scope, account }), numbers)),
  );
  return { kind, id, ...times, debits };
}

function rangesOf(account: string, numbers: readonly number[]): readonly DebitRange[] {
  if (numbers.length % RANGE_NUMBERS !== 0) throw new Error(`a range of debits of ${account} is cut off`);
  const ranges: DebitRange[] = [];
  for (let i = 0; i < numbers.length; i += RANGE_NUMBERS) {
    const [commit = 0, first = 0, last = 0] = numbers.slice(i, i + RANGE_NUMBERS);
    ranges.push({ account, version: commit, first, last });
  }
  return ranges;
}
