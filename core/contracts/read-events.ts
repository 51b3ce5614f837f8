/**
 * Reading the events of whole ledgers: the two that every transfer has are checked by hand, in a sixth of the time that their
 * schemas take; everything else, and everything unusual, is left to {@link decodeEvents}, which stays the reference. A property
 * test holds the two to the same results, refusals included.
 */
import type { AccountEvent, Credited, Debited, EventRef, Trace } from '../domain/account.ts';
import { decodeEvents } from './stored-commit.ts';

/** Reads stored events; throws on a text that holds none: the log is damaged then. */
export function readEvents(text: string): readonly AccountEvent[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return decodeEvents(text);
  const events: AccountEvent[] = [];
  for (const raw of parsed) {
    const event = isRecord(raw) ? usualEvent(raw) : undefined;
    if (event === undefined) return decodeEvents(text);
    events.push(event);
  }
  return events;
}

type Raw = Readonly<Record<string, unknown>>;

function usualEvent(raw: Raw): AccountEvent | undefined {
  if (raw['type'] === 'Debited') return debited(raw);
  return raw['type'] === 'Credited' ? credited(raw) : undefined;
}

const DIGITS = /^-?[0-9]{1,38}$/;
const DEBITED_MEMBERS = 7;
const CREDITED_MEMBERS = 11;
const TRACE_MEMBERS = 3;

/** A debit that nobody but the owner asked for; any other member, and it is not the usual one. */
function debited(raw: Raw): Debited | undefined {
  const { type, transfer, to, amount, currency, arrival, balance } = raw;
  if (type !== 'Debited' || Object.keys(raw).length !== DEBITED_MEMBERS) return undefined;
  if (!isText(transfer) || !isText(to) || !isText(currency)) return undefined;
  if (!isDigits(amount) || !isDigits(balance) || !isWhole(arrival)) return undefined;
  return { type, transfer, to, amount: BigInt(amount), currency, arrival, balance: BigInt(balance) };
}

function credited(raw: Raw): Credited | undefined {
  const { type, transfer, from, amount, currency, issuedAt, recheck, cancel, arrival } = raw;
  if (type !== 'Credited' || Object.keys(raw).length !== CREDITED_MEMBERS) return undefined;
  if (!isText(transfer) || !isText(from) || !isText(currency) || !isDigits(amount)) return undefined;
  if (!isWhole(issuedAt) || !isWhole(arrival) || typeof recheck !== 'boolean' || typeof cancel !== 'boolean')
    return undefined;
  const debitRef = usualRef(raw['debitRef']);
  const trace = usualTrace(raw['trace']);
  if (debitRef === undefined || trace === undefined) return undefined;
  const content = { transfer, from, amount: BigInt(amount), currency, issuedAt, debitRef, trace };
  return { type, ...content, recheck, cancel, arrival };
}

function usualRef(raw: unknown): EventRef | undefined {
  if (!isRecord(raw)) return undefined;
  const { version, index } = raw;
  return isWhole(version) && version > 0 && isWhole(index) ? { version, index } : undefined;
}

/** A trace on the way out: what it is like on the way back is for the schema. */
function usualTrace(raw: unknown): Trace | undefined {
  if (!isRecord(raw) || Object.keys(raw).length !== TRACE_MEMBERS) return undefined;
  const { debitedAt, payerBalance, creditSentAt } = raw;
  if (!isWhole(debitedAt) || !isWhole(creditSentAt) || !isDigits(payerBalance)) return undefined;
  return { debitedAt, payerBalance: BigInt(payerBalance), creditSentAt };
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isDigits(value: unknown): value is string {
  return typeof value === 'string' && DIGITS.test(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
