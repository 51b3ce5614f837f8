/** A settlement account's log that holds given entries, for tests of the reconciliation: one commit per entry. */
import { MemoryEventLog } from '../adapters/memory/memory-event-log.ts';
import { encodeEvents, encodeState } from '../core/contracts/stored-commit.ts';
import { type AccountEvent, unopened } from '../core/domain/account.ts';
import type { LedgerEntry } from '../core/domain/reconciliation.ts';
import { commit } from './contract/sample-records.ts';

export const BANK = 'default#settlement:bank';

export interface SettlementLedger {
  readonly log: MemoryEventLog;
  /** The entries with the ids that they have in the log, oldest first. */
  readonly entries: readonly LedgerEntry[];
}

/** Entries with the bank's sign, at their times. The first commit opens the account, so the n-th entry has version n + 1. */
export async function settlementLedger(entries: readonly LedgerEntry[]): Promise<SettlementLedger> {
  const log = new MemoryEventLog();
  let balance = 0n;
  const state = () =>
    encodeState({ ...unopened, status: 'open', kind: 'settlement', currency: 'CZK', owner: 'bank', balance });
  await log.append([commit(BANK, 1, { at: 0, state: state(), events: '[]' })]);
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  for (const [i, entry] of sorted.entries()) {
    balance -= entry.amount;
    const events = encodeEvents([eventOf(entry, balance)]);
    await log.append([commit(BANK, i + 2, { at: entry.at, state: state(), events })]);
  }
  return { log, entries: sorted.map((entry, i) => ({ ...entry, id: `${i + 2}/0` })) };
}

function eventOf({ transfer, counterparty, amount, at }: LedgerEntry, balance: bigint): AccountEvent {
  const content = { transfer, currency: 'CZK', arrival: at };
  if (amount > 0n) return { type: 'Debited', ...content, to: counterparty, amount, balance };
  const trace = { debitedAt: at, payerBalance: 0n, creditSentAt: at };
  const debitRef = { version: 1, index: 0 };
  const sent = { issuedAt: at, debitRef, trace, recheck: false, cancel: false };
  return { type: 'Credited', ...content, ...sent, from: counterparty, amount: -amount };
}
