/**
 * What is read and written by hand for the usual transfer is what the schema reads and what the resource's JSON is, whatever comes:
 * the short ways are taken only where they lead to the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTransferOnRecord, transferResource, transferText } from '../../core/contracts/http-answers.ts';
import { isPlainTransfer, transferSchema } from '../../core/contracts/http-requests.ts';
import type { Phase } from '../../core/domain/outcome.ts';
import { reasons } from '../../core/domain/reason.ts';

const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.constant(''),
  fc.string(),
);
const accounts = fc.oneof(fc.stringMatching(/^[a-z0-9:_-]{1,66}$/), fc.constant('a-1\n'), fc.string());
const members = fc.record(
  {
    transaction_id: fc.oneof(uuids, fc.integer()),
    from_account: fc.oneof(accounts, fc.constant(null)),
    to_account: accounts,
    amount: fc.oneof(fc.constant('10.50'), fc.string(), fc.double()),
    currency: fc.oneof(fc.constant('EUR'), fc.string()),
    more: fc.constant('than is known'),
  },
  { requiredKeys: [] },
);
const usual = fc.record({
  transaction_id: fc.uuid(),
  from_account: fc.stringMatching(/^[a-z0-9:_-]{1,64}$/),
  to_account: fc.stringMatching(/^[a-z0-9:_-]{1,64}$/),
  amount: fc.string(),
  currency: fc.string(),
});

test('a body that is taken for a transfer is one by the schema', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(usual, members, fc.jsonValue()), (body) => {
      if (!isPlainTransfer(body)) return;
      taken += 1;
      expect(transferSchema.parse(body)).toEqual(body);
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

const times = fc.constantFrom(0, 1_767_225_600_000, 1_767_225_600_001);
const outcomes = fc.constantFrom('ok' as const, ...reasons);
const steps = fc.constantFrom('debit', 'credit_sent', 'credit', 'refund_sent', 'refund') satisfies fc.Arbitrary<
  Phase['phase']
>;
const usualPhases = fc.tuple(times, times, times).map(([debit, sent, credit]): readonly Phase[] => [
  { phase: 'debit', at: debit, outcome: 'ok' },
  { phase: 'credit_sent', at: sent, outcome: 'ok' },
  { phase: 'credit', at: credit, outcome: 'ok' },
]);
const phases = fc.oneof(
  usualPhases,
  fc.array(fc.record({ phase: steps, at: times, outcome: outcomes }), { maxLength: 5 }),
);
const records = fc.record(
  {
    subject: fc.record({
      type: fc.constant('transfer' as const),
      from: fc.constantFrom('alice', 'settlement:bank'),
      to: fc.constant('bob'),
      amount: fc.bigInt({ min: 1n, max: 10n ** 18n }),
      currency: fc.constantFrom('USD', 'JPY', 'BHD'),
    }),
    status: fc.constantFrom('claimed', 'refused', 'completed', 'reversed', 'rejected'),
    arrival: times,
    reason: fc.constantFrom(...reasons),
    payerBalance: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
    phases,
    id: fc.constant('default#x'),
    lane: fc.constant(1),
    position: fc.constant({ epoch: 1, sequence: 1n, index: 0 }),
  },
  { requiredKeys: ['subject', 'status', 'arrival', 'id', 'lane', 'position'] },
);

test('the text of a transfer is the JSON of its resource', () => {
  fc.assert(
    fc.property(fc.uuid(), records, (transfer, record) => {
      if (!isTransferOnRecord(record)) throw new Error('it is none');
      expect(transferText(transfer, record)).toBe(JSON.stringify(transferResource(transfer, record)));
    }),
    { numRuns: 2_000 },
  );
});
