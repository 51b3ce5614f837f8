/**
 * Reading the events of whole ledgers: the two that every transfer has are taken from their bytes by the very form in which they are
 * written, in a third of the time that parsing them as JSON and checking the members takes. Everything else, and everything unusual,
 * is left to {@link decodeEvents}, which stays the reference: a property test holds the two to the same results, refusals included.
 */
import type { AccountEvent } from '../domain/account.ts';
import { ByteScan, slicesOf } from './byte-scan.ts';
import { decodeEvents } from './stored-commit.ts';

const utf8 = new TextEncoder();

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const TRUE = 0x74;
/** Of `{"type":"Debited"`, the first byte by which it differs from the others that every transfer has. */
const KIND_AT = '{"type":"'.length;
const DEBITED = 0x44;

const debitedForm = {
  transfer: utf8.encode('{"type":"Debited","transfer":"'),
  to: utf8.encode('","to":"'),
  amount: utf8.encode('","amount":"'),
  currency: utf8.encode('","currency":"'),
  arrival: utf8.encode('","arrival":'),
  balance: utf8.encode(',"balance":"'),
  end: utf8.encode('"}'),
};
const creditedForm = {
  transfer: utf8.encode('{"type":"Credited","transfer":"'),
  from: utf8.encode('","from":"'),
  amount: utf8.encode('","amount":"'),
  currency: utf8.encode('","currency":"'),
  issuedAt: utf8.encode('","issuedAt":'),
  version: utf8.encode(',"debitRef":{"version":'),
  index: utf8.encode(',"index":'),
  debitedAt: utf8.encode('},"trace":{"debitedAt":'),
  payerBalance: utf8.encode(',"payerBalance":"'),
  creditSentAt: utf8.encode('","creditSentAt":'),
  recheck: utf8.encode('},"recheck":'),
  cancel: utf8.encode(',"cancel":'),
  arrival: utf8.encode(',"arrival":'),
  end: utf8.encode('}'),
};
const flags = { yes: utf8.encode('true'), no: utf8.encode('false') };

/** Reads stored events; throws on a text that holds none: the log is damaged then. */
export function readEvents(text: string): readonly AccountEvent[] {
  const bytes = utf8.encode(text);
  return readUsualEvents(new ByteScan(bytes, 0, slicesOf(text, 0)), bytes.length) ?? decodeEvents(text);
}

/** As {@link readEvents}; undefined for a text that holds none. */
export function readableEvents(text: string): readonly AccountEvent[] | undefined {
  try {
    return readEvents(text);
  } catch {
    return undefined;
  }
}

/** Reads the stored events that end at a byte; undefined where anything about them is unusual, which need not be wrong. */
export function readUsualEvents(scan: ByteScan, end: number): readonly AccountEvent[] | undefined {
  const events: AccountEvent[] = [];
  scan.pass(OPEN);
  do {
    const event = usualEvent(scan);
    if (event === undefined) return undefined;
    events.push(event);
  } while (scan.passIf(COMMA));
  scan.pass(CLOSE);
  return scan.isUsual && scan.at === end ? events : undefined;
}

function usualEvent(scan: ByteScan): AccountEvent | undefined {
  const isDebit = scan.byteBehind(KIND_AT) === DEBITED;
  scan.passAll(isDebit ? debitedForm.transfer : creditedForm.transfer);
  if (!scan.isUsual) return undefined;
  const event = isDebit ? debited(scan) : credited(scan);
  return scan.isUsual ? event : undefined;
}

/** What stands behind the beginning, by which the event is known. */
function debited(scan: ByteScan): AccountEvent {
  const transfer = scan.untilQuote();
  scan.passAll(debitedForm.to);
  const to = scan.untilQuote();
  scan.passAll(debitedForm.amount);
  const amount = scan.amount();
  scan.passAll(debitedForm.currency);
  const currency = scan.untilQuote();
  scan.passAll(debitedForm.arrival);
  const arrival = scan.whole();
  scan.passAll(debitedForm.balance);
  const balance = scan.amount();
  scan.passAll(debitedForm.end);
  return { type: 'Debited', transfer, to, amount, currency, arrival, balance };
}

function credited(scan: ByteScan): AccountEvent {
  const transfer = scan.untilQuote();
  scan.passAll(creditedForm.from);
  const from = scan.untilQuote();
  scan.passAll(creditedForm.amount);
  const amount = scan.amount();
  scan.passAll(creditedForm.currency);
  const currency = scan.untilQuote();
  scan.passAll(creditedForm.issuedAt);
  const issuedAt = scan.whole();
  scan.passAll(creditedForm.version);
  const version = scan.positive();
  scan.passAll(creditedForm.index);
  const index = scan.whole();
  scan.passAll(creditedForm.debitedAt);
  const debitedAt = scan.whole();
  scan.passAll(creditedForm.payerBalance);
  const payerBalance = scan.amount();
  scan.passAll(creditedForm.creditSentAt);
  const creditSentAt = scan.whole();
  scan.passAll(creditedForm.recheck);
  const recheck = flag(scan);
  scan.passAll(creditedForm.cancel);
  const cancel = flag(scan);
  scan.passAll(creditedForm.arrival);
  const arrival = scan.whole();
  scan.passAll(creditedForm.end);
  const trace = { debitedAt, payerBalance, creditSentAt };
  const content = { type: 'Credited', transfer, from, amount, currency } as const;
  return { ...content, issuedAt, debitRef: { version, index }, trace, recheck, cancel, arrival };
}

function flag(scan: ByteScan): boolean {
  const isYes = scan.byteBehind(0) === TRUE;
  scan.passAll(isYes ? flags.yes : flags.no);
  return isYes;
}
