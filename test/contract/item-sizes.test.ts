/**
 * Shows that a claim and a commit with one event fit one write unit (1,024 bytes) even when every name in them is as long as it
 * may be: that is what makes a transfer cost four write units. Sizes are computed from the items that the adapters write, and the
 * computation is held against the examples of DynamoDB's documentation of item sizes.
 */
import { describe, expect, it } from 'vitest';
import { itemOfCommit } from '../../adapters/aws/commit-item.ts';
import { itemBytes, valueBytes, WRITE_UNIT_BYTES, writeUnits } from '../../adapters/aws/item-size.ts';
import { attributesOfStatus, itemOfClaim } from '../../adapters/aws/transfer-item.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { type Claim, subjectOf } from '../../core/contracts/claim.ts';
import { encodeEvents, encodeState, MAX_EVENTS_BYTES } from '../../core/contracts/stored-commit.ts';
import { type AccountCommand, type AccountState, decide, evolve, type Trace } from '../../core/domain/account.ts';
import { type StatusWrite, statusOf } from '../../core/domain/outcome.ts';
import { reasons } from '../../core/domain/reason.ts';
import { credit, debit, open, refund } from '../account-commands.ts';
import { SEQUENCE, T0 } from './sample-records.ts';

/** The scope in use is `default`; account ids and owners may have 64 bytes. */
const SCOPE = 'default';
const LONG_ID = 'a'.repeat(64);
const OTHER_LONG_ID = 'b'.repeat(64);
const AMOUNT = 999_999_999_999_999_999n;
const BALANCE = -9_999_999_999_999_999_999n;
const VERSION = 9_999_999;
const POSITION = { epoch: 99, sequence: SEQUENCE, index: 999 };

const state: AccountState = {
  status: 'open',
  kind: 'settlement',
  currency: 'USD',
  owner: 'o'.repeat(64),
  balance: BALANCE,
  held: 0n,
  overdraftLimit: 0n,
  closingVersion: 0,
};
const trace: Trace = { debitedAt: T0, payerBalance: BALANCE, creditSentAt: T0 };
const traceBack: Trace = { ...trace, refusedAt: T0, refusal: 'insufficient_funds', refundSentAt: T0 };
const long = { from: LONG_ID, to: OTHER_LONG_ID };
const ref = { version: VERSION, index: 999 };

function commitWith(command: AccountCommand, before: AccountState = state) {
  const event = decide(before, command, T0);
  return itemOfCommit({
    v: 1,
    account: `${SCOPE}#${LONG_ID}`,
    version: VERSION,
    at: T0,
    position: POSITION,
    highArrival: T0,
    prevHash: sha256('before'),
    hash: sha256('this'),
    state: encodeState(evolve(before, event, VERSION)),
    events: encodeEvents([event]),
  });
}

function claim(more: Partial<Claim> = {}): Claim {
  return {
    id: `${SCOPE}#00000000-0000-4000-8000-000000000000`,
    subject: { type: 'transfer', from: LONG_ID, to: OTHER_LONG_ID, amount: AMOUNT, currency: 'USD' },
    contentHash: sha256('content'),
    lane: 8_191,
    position: POSITION,
    arrival: T0,
    ...more,
  };
}

function statusAfter(command: AccountCommand, before: AccountState = state): StatusWrite {
  const event = decide(before, command, T0);
  const status = statusOf(event, { account: `${SCOPE}#${LONG_ID}`, ...ref }, T0);
  if (status === undefined) throw new Error('no status follows');
  return status;
}

describe('sizes as DynamoDB counts them', () => {
  it.each([
    ['text in UTF-8', { S: 'é' }, 2],
    ['an empty text', { S: '' }, 0],
    ['a number of one digit', { N: '7' }, 2],
    ['a number of 18 digits', { N: '123456789012345678' }, 10],
    ['a negative number', { N: '-27' }, 3],
    ['zeros at the end', { N: '1200' }, 2],
    ['bytes', { B: new Uint8Array(32) }, 32],
    ['a boolean', { BOOL: true }, 1],
    ['nothing', { NULL: true as const }, 1],
    ['a list', { L: [{ S: 'ab' }, { S: 'c' }] }, 3 + 2 + 3],
    ['a map', { M: { ab: { S: 'c' } } }, 3 + 1 + 3],
  ])('%s', (_, value, bytes) => {
    expect(valueBytes(value)).toBe(bytes);
  });

  it('rounds up to units of 1 KB', () => {
    expect([0, 1, 1_024, 1_025, 400_000].map(writeUnits)).toEqual([1, 1, 1, 2, 391]);
  });
});

describe('one write unit', () => {
  const debitLong = debit(AMOUNT, { ...long, recheck: true, actor: 'x'.repeat(64) });
  const spending = { day: 20_454, amount: AMOUNT };
  const limits = { overdraftLimit: AMOUNT, transferLimit: AMOUNT, dailyLimit: 10n * AMOUNT, spending };
  const limited: AccountState = { ...state, kind: 'customer', ...limits };
  const frozen: AccountState = { ...state, status: 'frozen' };
  it.each([
    ['a debit', commitWith(debitLong)],
    ['a rejected debit', commitWith(debitLong, { ...state, kind: 'customer' })],
    ["a debit of another's account", commitWith({ ...debitLong, asOwner: true })],
    ['a credit', commitWith(credit(AMOUNT, { from: OTHER_LONG_ID, to: LONG_ID, debitRef: ref, trace }))],
    [
      'a refused credit',
      commitWith(credit(AMOUNT, { from: OTHER_LONG_ID, to: LONG_ID, debitRef: ref, trace }), frozen),
    ],
    ['a refund', commitWith(refund(AMOUNT, { ...long, debitRef: ref, refusalRef: ref, trace: traceBack }))],
    ['a debit within limits', commitWith(debitLong, limited)],
    ['a debit that a limit refuses', commitWith(debitLong, { ...limited, transferLimit: 1n })],
    ['an opening', commitWith(open({ request: LONG_ID, actor: LONG_ID, owner: LONG_ID, overdraftLimit: AMOUNT }))],
    ['an opening by its owner', commitWith(open({ request: LONG_ID, actor: LONG_ID, owner: LONG_ID, asOwner: true }))],
  ])('holds a commit with %s', (name, item) => {
    expect(itemBytes(item), name).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
  });

  const longestReason = [...reasons].sort((a, b) => b.length - a.length)[0] ?? 'cancelled';
  const requested = { type: 'request', account: LONG_ID, command: 'UnfreezeAccount' } as const;
  const party = { account: LONG_ID, owner: '"'.repeat(64), kind: 'settlement' } as const;
  const opening = open({ ...party, overdraftLimit: AMOUNT, transferLimit: AMOUNT, dailyLimit: AMOUNT });
  it.each([
    [
      "a customer's transfer",
      claim({ by: 'x'.repeat(64) }),
      statusAfter(credit(AMOUNT, { ...long, debitRef: ref, trace })),
    ],
    [
      "a customer's reversed transfer",
      claim({ by: 'x'.repeat(64) }),
      { ...statusAfter(refund(AMOUNT, { ...long, trace: traceBack })), reason: longestReason },
    ],
    ['a completed transfer', claim(), statusAfter(credit(AMOUNT, { ...long, debitRef: ref, trace }))],
    [
      'a reversed transfer',
      claim(),
      { ...statusAfter(refund(AMOUNT, { ...long, trace: traceBack })), reason: longestReason },
    ],
    ['a rejected transfer', claim(), statusAfter(debitLong, { ...state, kind: 'customer' })],
    [
      'an opening',
      claim({ id: `${SCOPE}#request#${LONG_ID}`, subject: subjectOf(opening) }),
      { ...statusAfter(opening), reason: longestReason },
    ],
    [
      'a request',
      claim({ id: `${SCOPE}#request#${LONG_ID}`, subject: requested }),
      statusAfter(open({ kind: 'settlement' })),
    ],
  ])('holds the claim of %s, before and after its final status', (name, claimed, status) => {
    const item = itemOfClaim(claimed);
    expect(itemBytes(item), name).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
    expect(itemBytes({ ...item, ...attributesOfStatus(status) }), name).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
  });
});

describe('the largest item', () => {
  it('is a commit full of events, within the 400 KB of DynamoDB', () => {
    const item = { ...commitWith(debit(1n, long)), events: { S: 'x'.repeat(MAX_EVENTS_BYTES) } };
    expect(itemBytes(item)).toBeLessThanOrEqual(400 * 1_024);
  });
});
