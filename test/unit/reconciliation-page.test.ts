/** Shows that nothing that a bank writes gets out of its place in the page of a report: no element, no attribute, no script. */
import { describe, expect, it } from 'vitest';
import { reconciliationPage } from '../../cli/reconciliation-page.ts';
import { reportResource } from '../../cli/reconciliation-resource.ts';
import type { BankStatement } from '../../core/domain/bank-statement.ts';
import { type KeptBreak, stateOf } from '../../core/domain/kept-break.ts';
import { entry, FIRST_DAY, line } from '../statements.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(1)'>&amp;`;

function pageOf(text: string): string {
  const statement: BankStatement = {
    id: text,
    bankAccount: text,
    currency: 'CZK',
    from: FIRST_DAY,
    to: FIRST_DAY + 5,
    opening: 0n,
    closing: 100n,
    lines: [line(text, 100n, 1, { place: text, references: [text], text })],
  };
  const kept: KeptBreak = {
    id: text,
    account: `default#${text}`,
    currency: 'CZK',
    lines: statement.lines,
    entries: [entry(1, 90n, 1, { counterparty: text })],
    difference: 10n,
    history: [
      { type: 'Found', at: 0, by: text, statement: text, cause: 'amount_differs' },
      { type: 'Assigned', at: 1, by: text, to: text },
    ],
  };
  const report = reportResource({
    statement,
    account: `default#${text}`,
    opening: { bank: 0n, wallet: 0n },
    closing: { bank: 100n, wallet: 90n },
    entries: 1,
    matches: { reference: 0, amount_and_day: 0, one_to_many: 0, many_to_one: 0, many_to_many: 0, offset: 0 },
    breaks: [{ kept, state: stateOf(kept), isNew: true }],
    cleared: [],
    change: { total: 10n, byBreaks: 10n, byAdjustments: 0n, byCut: 0n, unexplained: 0n },
    dailyBalances: undefined,
  });
  return reconciliationPage([report], text);
}

/** The page with every text taken out: its elements with their attributes, and nothing else. */
function skeletonOf(page: string): readonly string[] {
  return page.match(/<[^>]*>/g) ?? [];
}

describe('the page of a report', () => {
  it('has the same elements whatever the bank writes', () => {
    expect(skeletonOf(pageOf(HOSTILE))).toEqual(skeletonOf(pageOf('plain')));
  });

  it('shows what the bank wrote, and what became of the break', () => {
    const page = pageOf('INV <7>');
    expect(page).toContain('INV &lt;7&gt;');
    expect(page).toContain('open, with INV &lt;7&gt;');
    expect(page).toContain('Open breaks: 1');
  });
});
