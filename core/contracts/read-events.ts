/**
 * Reading the events of whole ledgers: the two that every transfer has are taken from the text by the very form in which they are
 * written, in a third of the time that parsing them as JSON and checking the members takes. Everything else, and everything unusual,
 * is left to {@link decodeEvents}, which stays the reference: a property test holds the two to the same results, refusals included.
 */
import type { AccountEvent } from '../domain/account.ts';
import { decodeEvents } from './stored-commit.ts';

const id = '"([\\w-]{1,64})"';
const account = '"([a-z0-9:_-]{1,64})"';
const digits = '"(-?[0-9]{1,38})"';
const whole = '(0|[1-9][0-9]{0,14})';
const positive = '([1-9][0-9]{0,14})';
const currency = '"([A-Z]{3})"';
const flag = '(true|false)';

const debitedForm = new RegExp(
  `\\{"type":"Debited","transfer":${id},"to":${account},"amount":${digits},"currency":${currency},"arrival":${whole},"balance":${digits}\\}`,
  'y',
);
const creditedForm = new RegExp(
  `\\{"type":"Credited","transfer":${id},"from":${account},"amount":${digits},"currency":${currency},"issuedAt":${whole},"debitRef":\\{"version":${positive},"index":${whole}\\},"trace":\\{"debitedAt":${whole},"payerBalance":${digits},"creditSentAt":${whole}\\},"recheck":${flag},"cancel":${flag},"arrival":${whole}\\}`,
  'y',
);

/** Reads stored events; throws on a text that holds none: the log is damaged then. */
export function readEvents(text: string): readonly AccountEvent[] {
  const events: AccountEvent[] = [];
  let at = 1;
  if (text[0] !== '[') return decodeEvents(text);
  for (;;) {
    const event = usualEvent(text, at);
    if (event === undefined) return decodeEvents(text);
    events.push(event);
    at = end;
    if (at === text.length - 1 && text[at] === ']') return events;
    if (text[at] !== ',') return decodeEvents(text);
    at += 1;
  }
}

/** Where the event ends that {@link usualEvent} found. */
let end = 0;

function usualEvent(text: string, at: number): AccountEvent | undefined {
  return text.startsWith('{"type":"D', at) ? debited(text, at) : credited(text, at);
}

function debited(text: string, at: number): AccountEvent | undefined {
  debitedForm.lastIndex = at;
  const found = debitedForm.exec(text);
  if (found === null) return undefined;
  const [all, transfer = '', to = '', amount = '', code = '', arrival = '', balance = ''] = found;
  end = at + all.length;
  const content = { transfer, to, amount: BigInt(amount), currency: code };
  return { type: 'Debited', ...content, arrival: Number(arrival), balance: BigInt(balance) };
}

function credited(text: string, at: number): AccountEvent | undefined {
  creditedForm.lastIndex = at;
  const found = creditedForm.exec(text);
  if (found === null) return undefined;
  const [all, transfer = '', from = '', amount = '', code = '', issuedAt, version, index, ...rest] = found;
  const [debitedAt, payerBalance = '', creditSentAt, recheck, cancel, arrival] = rest;
  end = at + all.length;
  return {
    type: 'Credited',
    transfer,
    from,
    amount: BigInt(amount),
    currency: code,
    issuedAt: Number(issuedAt),
    debitRef: { version: Number(version), index: Number(index) },
    trace: {
      debitedAt: Number(debitedAt),
      payerBalance: BigInt(payerBalance),
      creditSentAt: Number(creditSentAt),
    },
    recheck: recheck === 'true',
    cancel: cancel === 'true',
    arrival: Number(arrival),
  };
}
