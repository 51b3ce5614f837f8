/**
 * A bank file's money moved through the embedded wallet by a clock that follows the file's dates: every movement lies at a moment
 * of its own day, so any past balance can be compared with the file's sum up to that moment.
 */
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
import { CountingMeter } from '../adapters/memory/counting-meter.ts';
import { ManualClock } from '../adapters/memory/manual-clock.ts';
import { SilentJournal } from '../adapters/memory/silent-journal.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import type { DebitAccount, OpenAccount } from '../core/domain/account.ts';
import { type ParsedAmount, parseAmount, parseLimit } from '../core/domain/money.ts';
import { type BankPlan, openingKey, type PlannedAccount, type PlannedTransfer } from '../local/bank/bank-file.ts';
import { SCOPE } from './memory-wallet.ts';

export interface BankMovement {
  readonly account: string;
  /** Minor units, negative where money left the account. */
  readonly amount: bigint;
  /** UTC milliseconds. */
  readonly at: number;
}

export interface BankWallet {
  readonly wallet: EmbeddedWallet;
  readonly clock: ManualClock;
  /** Both sides of every transfer, oldest first. */
  readonly movements: readonly BankMovement[];
  /** When the accounts were opened, UTC milliseconds. */
  readonly openedAt: number;
}

/** Transfers that are sent at one moment; a busy day has several. */
const SENT_TOGETHER = 20;
const MINUTE_MS = 60_000;

/** Opens the file's accounts a minute before its first day, and moves its money day by day. The caller closes the wallet. */
export async function moveBankFile(plan: BankPlan, folder: string): Promise<BankWallet> {
  const [first] = plan.days;
  const openedAt = Date.parse(first?.day ?? '') - MINUTE_MS;
  const clock = new ManualClock(openedAt);
  const tools = { clock, digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
  const wallet = new EmbeddedWallet({ folder, ...tools });
  await wallet.commands.send(plan.accounts.map(opening));
  const movements: BankMovement[] = [];
  for (const { day, first: from, count } of plan.days) {
    clock.set(Date.parse(day));
    for (let i = from; i < from + count; i += SENT_TOGETHER) {
      clock.advance(MINUTE_MS);
      const sent = plan.transfers.slice(i, Math.min(i + SENT_TOGETHER, from + count)).map(debitOf);
      await wallet.commands.send(sent);
      movements.push(...sent.flatMap((debit) => sidesOf(debit, clock.now())));
    }
  }
  return { wallet, clock, movements, openedAt };
}

/** An account's balance at a moment as the file tells it, minor units. */
export function fileBalance(movements: readonly BankMovement[], account: string, moment: number): bigint {
  const before = movements.filter((movement) => movement.account === account && movement.at <= moment);
  return before.reduce((sum, { amount }) => sum + amount, 0n);
}

function opening(account: PlannedAccount): OpenAccount {
  const { account_id, currency, kind, owner, overdraft_limit } = account;
  const properties = { currency, kind, owner, overdraftLimit: minorOf(parseLimit(overdraft_limit, currency)) };
  const identity = { scope: SCOPE, recheck: false, request: openingKey(account), account: account_id };
  return { type: 'OpenAccount', ...identity, ...properties };
}

function debitOf({ transaction_id, from_account, to_account, amount, currency }: PlannedTransfer): DebitAccount {
  const content = { transfer: transaction_id, from: from_account, to: to_account, currency };
  return {
    type: 'DebitAccount',
    scope: SCOPE,
    recheck: false,
    ...content,
    amount: minorOf(parseAmount(amount, currency)),
  };
}

function minorOf(parsed: ParsedAmount): bigint {
  if (!parsed.ok) throw new Error(`the plan holds an amount that is none: ${parsed.fault}`);
  return parsed.minor;
}

function sidesOf({ from, to, amount }: DebitAccount, at: number): readonly BankMovement[] {
  return [
    { account: from, amount: -amount, at },
    { account: to, amount, at },
  ];
}
