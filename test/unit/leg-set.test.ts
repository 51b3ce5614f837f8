/**
 * What an audit remembers of legs is exactly what a set of their keys would: no leg is taken for another, and none is forgotten.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountEvent, legKeyOfEvent } from '../../core/domain/account.ts';
import { LegSet } from '../../core/flows/leg-set.ts';
import { transferId } from '../memory-wallet.ts';

const facts = { amount: 1n, currency: 'USD', arrival: 1, balance: 0n, to: 'bob' };
const trace = { debitedAt: 1, payerBalance: 0n, creditSentAt: 1 };
const ofLeg = { amount: 1n, currency: 'USD', arrival: 1, issuedAt: 1, recheck: false, trace };
const ref = { version: 1, index: 0 };
const credit = { ...ofLeg, from: 'alice', debitRef: ref, cancel: false };

function eventsOf(transfer: string): readonly AccountEvent[] {
  return [
    { type: 'Debited', transfer, ...facts },
    { type: 'DebitRejected', transfer, ...facts, reason: 'account_frozen' },
    { type: 'Credited', transfer, ...credit },
    { type: 'CreditRefused', transfer, ...credit, reason: 'account_frozen' },
    { type: 'Refunded', transfer, ...ofLeg, to: 'bob', debitRef: ref, refusalRef: ref, balance: 0n },
    { type: 'Frozen', request: transfer, arrival: 1 },
  ];
}

/** Few of each kind, so that they come again; some differ in one digit, some are no UUIDs, or none in lower case. */
const ids = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map(transferId),
  fc.uuid(),
  fc.integer({ min: 0, max: 31 }).map((bit) => `00000000-0000-4000-8000-${(2 ** bit).toString(16).padStart(12, '0')}`),
  fc.constantFrom(
    'request-1',
    '00000000-0000-0000-0000-000000000000',
    '0190A5D4-7B3E-7C62-9A4F-3C1D5E6F7A8C',
    '0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8c',
    '0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a-c',
    '0190a5d47b3e7c629a4f3c1d5e6f7a8c----',
    'g190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8c',
  ),
);
const events = fc.array(
  fc.tuple(ids, fc.nat({ max: 5 })).map(([id, kind]) => eventsOf(id)[kind]),
  { maxLength: 300 },
);

test('is a set of legs', () => {
  fc.assert(
    fc.property(events, (all) => {
      const legs = new LegSet();
      const keys = new Set<string>();
      for (const event of all) {
        if (event === undefined) throw new Error('there are six kinds of events here');
        const key = legKeyOfEvent(event);
        expect(legs.add(event)).toBe(!keys.has(key));
        keys.add(key);
      }
    }),
  );
});
