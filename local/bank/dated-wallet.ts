/**
 * An embedded wallet that lived through a bank file: each movement is done on its day, by a clock that follows the file. For what
 * depends on days, as reconciliation with the bank's statement, which no wallet can show that does all of the file today.
 */
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { DEFAULT_SCOPE as SCOPE } from '../../core/contracts/scope.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import { readDate, startOfDay } from '../../core/domain/day.ts';
import { parseAmount, parseLimit } from '../../core/domain/money.ts';
import type { Clock } from '../../core/ports.ts';
import { type BankPlan, openingKey, type PlannedAccount, type PlannedTransfer } from './bank-file.ts';

/** Business is done at noon. */
const NOON_MS = 12 * 3_600_000;
/** Transfers of one turn of the wallet. */
const BATCH = 500;

/** A clock that stands still until it is set. */
class CalendarClock implements Clock {
  private time = 0;

  now(): number {
    return this.time;
  }

  set(time: number): void {
    this.time = time;
  }

  async sleep(ms: number): Promise<void> {
    this.time += ms;
  }
}

/** Opens the accounts of a plan and makes its transfers, day after day, in a folder; the caller closes the wallet. */
export async function liveThrough(plan: BankPlan, folder: string): Promise<EmbeddedWallet> {
  const clock = new CalendarClock();
  const silent = { meter: { count: () => undefined }, journal: { warn: () => undefined } };
  const wallet = new EmbeddedWallet({ folder, clock, digest: sha256, ...silent });
  clock.set(noonOf(plan.days[0]?.day ?? ''));
  await wallet.commands.send(plan.accounts.map(openingOf));
  for (const { day, first, count } of plan.days) {
    clock.set(noonOf(day));
    for (let at = first; at < first + count; at += BATCH)
      await wallet.commands.send(plan.transfers.slice(at, Math.min(at + BATCH, first + count)).map(debitOf));
  }
  // The days go on, so that nothing that is missing may still come.
  clock.set(noonOf(plan.days.at(-1)?.day ?? '') + startOfDay(31));
  return wallet;
}

function noonOf(date: string): number {
  return startOfDay(readDate(date) ?? 0) + NOON_MS;
}

function openingOf(planned: PlannedAccount): AccountCommand {
  const { account_id: account, kind, currency, owner, overdraft_limit } = planned;
  const limit = parseLimit(overdraft_limit, currency);
  const asked = { scope: SCOPE, recheck: false, request: openingKey(planned) };
  return { type: 'OpenAccount', ...asked, account, kind, currency, owner, overdraftLimit: limit.ok ? limit.minor : 0n };
}

function debitOf({ transaction_id, from_account, to_account, amount, currency }: PlannedTransfer): AccountCommand {
  const parsed = parseAmount(amount, currency);
  const content = {
    transfer: transaction_id,
    from: from_account,
    to: to_account,
    amount: parsed.ok ? parsed.minor : 0n,
  };
  return { type: 'DebitAccount', scope: SCOPE, recheck: false, ...content, currency };
}
