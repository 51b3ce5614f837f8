/**
 * What goes between the thread that serves HTTP and the one that settles comes out as it went in: debits of any request, and whatever
 * became of them, the unusual ones too.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AcceptedRecord, claimantOf, subjectOf } from '../../core/contracts/claim.ts';
import type { DebitAccount } from '../../core/domain/account.ts';
import { type Phase, transferClaimId } from '../../core/domain/outcome.ts';
import { packDebits, packOutcomes, unpackDebits, unpackOutcomes } from '../../local/front/packed-transfers.ts';
import { transferId } from '../memory-wallet.ts';

const asker = fc.constantFrom(
  { scope: 'default' },
  { scope: 'tenant', actor: 'a "quoted" name, with spaces' },
  { scope: 'default', actor: 'alice', asOwner: true as const },
);
const account = fc.stringMatching(/^[a-z0-9:_-]{1,64}$/);
const content = fc.record({
  transfer: fc.integer({ min: 1 }).map(transferId),
  from: account,
  to: account,
  amount: fc.bigInt({ min: 1n, max: 10n ** 18n }),
  currency: fc.constantFrom('USD', 'JPY'),
});
const debits = fc
  .tuple(asker, fc.array(content, { minLength: 1, maxLength: 20 }))
  .map(([by, contents]) =>
    contents.map((one): DebitAccount => ({ type: 'DebitAccount', ...by, ...one, recheck: false })),
  );

const AT = 1_700_000_000_000;
const times = fc.constantFrom(AT, AT, AT, AT + 1);
const phasesOf = (at: number): readonly Phase[] =>
  (['debit', 'credit_sent', 'credit'] as const).map((phase) => ({ phase, at, outcome: 'ok' }));

/** What can become of a debit: not settled at once, completed as almost all are or nearly so, refused. */
const outcomes = fc.record({
  arrival: times,
  end: fc.oneof(
    fc.constant(undefined),
    fc.record({ status: fc.constant('completed' as const), phases: times.map(phasesOf), payerBalance: fc.bigInt() }),
    fc.record({ status: fc.constant('completed' as const), phases: fc.constant(phasesOf(AT).slice(1)) }),
    fc.constant({ status: 'rejected' as const, reason: 'insufficient_funds' as const, phases: [] }),
    fc.constant({
      status: 'reversed' as const,
      reason: 'account_frozen' as const,
      phases: phasesOf(AT),
      payerBalance: 7n,
    }),
  ),
});

test('debits come out as they went in', () => {
  fc.assert(
    fc.property(debits, (all) => {
      const packed = packDebits(all);
      expect(packed === undefined ? undefined : unpackDebits(structuredClone(packed))).toEqual(all);
    }),
  );
});

test('debits that are not all of one request, or say more than all do, are not packed', () => {
  const [one] = fc.sample(debits, 1)[0] ?? [];
  if (one === undefined) throw new Error('no debit was made');
  expect(packDebits([])).toBeUndefined();
  expect(packDebits([{ ...one, note: 'ab' }])).toBeUndefined();
  expect(packDebits([{ ...one, recheck: true }])).toBeUndefined();
  for (const other of [{ scope: 'another' }, { actor: 'another' }, { asOwner: true as const, actor: 'another' }])
    expect(packDebits([one, { ...one, ...other }])).toBeUndefined();
});

test('outcomes come out as they went in', () => {
  const both = debits.chain((all) =>
    fc.tuple(fc.constant(all), fc.array(outcomes, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(both, ([all, ends]) => {
      const records = all.map((debit, i): AcceptedRecord | undefined => {
        const outcome = ends[i];
        if (outcome?.end === undefined) return undefined;
        const id = transferClaimId(debit.scope, debit.transfer);
        return { id, subject: subjectOf(debit), ...claimantOf(debit), arrival: outcome.arrival, ...outcome.end };
      });
      expect(unpackOutcomes(structuredClone(packOutcomes(records)), all)).toEqual(records);
    }),
  );
});
