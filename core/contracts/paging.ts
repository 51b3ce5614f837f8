/**
 * Lists come in pages. A page tells how to get the next one by a cursor: where the page ended, so that a list goes on where it
 * stopped whatever was added meanwhile. A cursor names a place within what is asked for and nothing else: it opens no account
 * that the request could not have asked for, so it needs no secret, only to be read with care.
 */
import type { EventRef } from '../domain/account.ts';
import type { Read } from './http-requests.ts';

/** Items of a page unless the request says otherwise. */
export const DEFAULT_PAGE_ITEMS = 25;
/** Most items of a page: as many transfers as one read of the transfers table takes. */
export const MOST_PAGE_ITEMS = 100;
/** Longer than any cursor of ours. */
const LONGEST_CURSOR = 512;
/** Digits of an index; no commit comes near. */
const NUMBER = '(0|[1-9][0-9]{0,14})';
/** Digits of a version, the first of which is 1. */
const VERSION = '([1-9][0-9]{0,14})';

/** How many items the page may have. */
export function readPageLimit(text: string | undefined): Read<number> {
  if (text === undefined) return { ok: true, value: DEFAULT_PAGE_ITEMS };
  const limit = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_PAGE_ITEMS) return { ok: true, value: limit };
  const detail = `limit must be a number from 1 to ${MOST_PAGE_ITEMS}.`;
  return { ok: false, fault: { reason: 'invalid_value', field: 'limit', detail } };
}

/** A place in the log of the account that is asked for: events before it are still to come. */
export function logCursor({ version, index }: EventRef): string {
  return encoded(`log ${version} ${index}`);
}

export function readLogCursor(text: string | undefined): Read<EventRef | undefined> {
  const read = decoded(text, new RegExp(`^log ${VERSION} ${NUMBER}$`));
  if (!read.ok || read.value === undefined) return read.ok ? { ok: true, value: undefined } : read;
  const [version = '', index = ''] = read.value;
  return { ok: true, value: { version: Number(version), index: Number(index) } };
}

/** Where a statement goes on, and the version that it ends with, so that all its pages are of one statement. */
export interface StatementPlace {
  readonly from: EventRef;
  readonly lastVersion: number;
}

export function statementCursor({ from, lastVersion }: StatementPlace): string {
  return encoded(`statement ${from.version} ${from.index} ${lastVersion}`);
}

export function readStatementCursor(text: string | undefined): Read<StatementPlace | undefined> {
  const read = decoded(text, new RegExp(`^statement ${VERSION} ${NUMBER} ${VERSION}$`));
  if (!read.ok || read.value === undefined) return read.ok ? { ok: true, value: undefined } : read;
  const [version = '', index = '', last = ''] = read.value;
  return {
    ok: true,
    value: { from: { version: Number(version), index: Number(index) }, lastVersion: Number(last) },
  };
}

/** The account that a page of accounts ended with. */
export function accountCursor(account: string): string {
  return encoded(`account ${account}`);
}

export function readAccountCursor(text: string | undefined): Read<string | undefined> {
  const read = decoded(text, /^account ([a-z0-9:_-]{1,64})$/);
  return read.ok ? { ok: true, value: read.value?.[0] } : read;
}

/**
 * A chunk of open work, and how many of its transfers were seen. Its key is a time and a hash, which tell nothing of whose it is: open
 * work is not kept by tenant.
 */
export interface OpenPlace {
  readonly key: string;
  readonly seen: number;
}

export function openCursor({ key, seen }: OpenPlace): string {
  return encoded(`open ${seen} ${key}`);
}

export function readOpenCursor(text: string | undefined): Read<OpenPlace | undefined> {
  const read = decoded(text, new RegExp(`^open ${NUMBER} ([0-9]{14}#[0-9a-f]{64})$`));
  if (!read.ok || read.value === undefined) return read.ok ? { ok: true, value: undefined } : read;
  const [seen = '', key = ''] = read.value;
  return { ok: true, value: { key, seen: Number(seen) } };
}

/** Base64 as URLs take it (RFC 4648, section 5): what is in it is nobody's promise. */
function encoded(place: string): string {
  return btoa(place).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The parts of a cursor, undefined if there is none. */
function decoded(text: string | undefined, pattern: RegExp): Read<readonly string[] | undefined> {
  if (text === undefined) return { ok: true, value: undefined };
  const match = text.length > LONGEST_CURSOR ? null : pattern.exec(placeIn(text));
  if (match !== null) return { ok: true, value: match.slice(1) };
  const detail = 'cursor must be the next_cursor of an answer to the same question.';
  return { ok: false, fault: { reason: 'invalid_value', field: 'cursor', detail } };
}

function placeIn(cursor: string): string {
  if (!/^[A-Za-z0-9_-]*$/.test(cursor)) return '';
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
