/**
 * The main job: moves a whole file of the bank through the wallet's HTTP API and proves that every koruna arrived. It may be run
 * again at any time, also after it was stopped half way: what was done stays done, and what is missing is made up for.
 */
import { type Patience, usualPatience } from '../../client/retrying-fetch.ts';
import { type TrialBalance, WalletClient } from '../../client/wallet-client.ts';
import { type BankPlan, readBankFile } from './bank-file.ts';
import {
  compareWithFile,
  countChanged,
  type Difference,
  type Holdings,
  isBalanced,
  readHoldings,
  readTrialBalance,
} from './check-balances.ts';
import { openAccounts, type RefusedAccount } from './open-accounts.ts';
import { type Output, type Progress, showProgress } from './progress.ts';
import { countByOutcome, MAX_BATCH, type Outcome, type Outcomes, sendTransfers } from './send-transfers.ts';

export interface MainJobPace {
  readonly patience: Patience;
  /** Small requests (openings, balances) under way at once. */
  readonly requestsAtOnce: number;
  readonly batchesAtOnce: number;
  readonly batchSize: number;
  /** Pause before asking again for what is not there yet. */
  readonly askAgainMs: number;
  /** How long to keep asking when nothing new comes. */
  readonly giveUpMs: number;
}

/** Enough at once to fill the wallet's batches, few enough for an emulator that shares one machine with its client. */
const usualPace: MainJobPace = {
  patience: usualPatience,
  requestsAtOnce: 16,
  batchesAtOnce: 4,
  batchSize: MAX_BATCH,
  askAgainMs: 500,
  giveUpMs: 180_000,
};

export interface MainJob {
  readonly apiUrl: string;
  /** Token of an operator: settlement accounts are opened and debited. */
  readonly token: string;
  /** Path of a file in the bank's format. */
  readonly file: string;
  readonly out: Output;
  readonly pace?: Partial<MainJobPace>;
}

/** A transfer that did not complete. */
export interface FailedTransfer {
  readonly transaction_id: string;
  readonly outcome: Outcome;
  readonly detail?: string;
}

export interface MainJobResult {
  readonly accounts: number;
  readonly transfers: number;
  /** Accounts that would not open; when there is one, nothing was sent. */
  readonly refusedAccounts: readonly RefusedAccount[];
  readonly byOutcome: Readonly<Record<Outcome, number>>;
  readonly failed: readonly FailedTransfer[];
  /** Accounts to which this run did anything: none when the file was moved before. */
  readonly changedAccounts: number;
  readonly differences: readonly Difference[];
  /** Settlement accounts that hold money of other files too. */
  readonly shared: readonly Difference[];
  readonly trialBalance: TrialBalance | undefined;
  /** Every transfer completed, every account as the file says, and the trial balance zero. */
  readonly ok: boolean;
  readonly exitCode: 0 | 1;
}

/**
 * Runs the main job and tells on `out` how it goes.
 *
 * @throws {BankFileError} when the file is not in the bank's format; nothing was sent then.
 * @throws {ApiUnreachableError} when the API stays away; run it again to go on.
 */
export async function runMainJob({ apiUrl, token, file, out, pace: wanted = {} }: MainJob): Promise<MainJobResult> {
  const pace = { ...usualPace, ...wanted };
  const plan = await readBankFile(file);
  const wallet = new WalletClient({ baseUrl: apiUrl, token, patience: pace.patience });
  describePlan(plan, file, out);
  const refusedAccounts = await withProgress(out, 'Opening accounts', plan.accounts.length, (progress) =>
    openAccounts(wallet, plan.accounts, pace, progress),
  );
  if (refusedAccounts.length > 0) return report(refusedResult(plan, refusedAccounts), out);
  const accounts = plan.accounts.map(({ account_id }) => account_id);
  const before = await readHoldings(wallet, accounts, pace.requestsAtOnce);
  const outcomes = await withProgress(out, 'Moving money', plan.transfers.length, (progress) =>
    sendTransfers(wallet, plan.transfers, pace, progress),
  );
  const trialBalance = await readTrialBalance(wallet, pace);
  const after = await readHoldings(wallet, accounts, pace.requestsAtOnce);
  const result = report(resultOf(plan, outcomes, before, after, trialBalance), out);
  const example = plan.accounts.at(-1)?.account_id ?? '';
  const next = `${apiUrl.replace(/\/+$/, '')}/v1/wallet/accounts/${example}/balance?consistent=true`;
  out.write(`\nTry next:\n  curl -s -H "authorization: Bearer $(npm run -s token -- --sub clerk)" '${next}'\n`);
  return result;
}

async function withProgress<Result>(
  out: Output,
  label: string,
  total: number,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = showProgress(out, label, total);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

function describePlan({ accounts, transfers, days, leftOut, unchained }: BankPlan, file: string, out: Output): void {
  out.write(`${file}: ${accounts.length} accounts, ${transfers.length} transfers`);
  out.write(`, ${days.at(0)?.day ?? 'no day'} to ${days.at(-1)?.day ?? 'no day'}\n`);
  if (leftOut > 0) out.write(`  ${leftOut} movements of no money are left out\n`);
  if (unchained > 0) out.write(`  ${unchained} movements do not follow from the balance before them\n`);
}

function refusedResult(plan: BankPlan, refusedAccounts: readonly RefusedAccount[]): MainJobResult {
  return {
    accounts: plan.accounts.length,
    transfers: plan.transfers.length,
    refusedAccounts,
    byOutcome: {},
    failed: [],
    changedAccounts: 0,
    differences: [],
    shared: [],
    trialBalance: undefined,
    ok: false,
    exitCode: 1,
  };
}

function resultOf(
  plan: BankPlan,
  outcomes: Outcomes,
  before: Holdings,
  after: Holdings,
  trialBalance: TrialBalance,
): MainJobResult {
  const failed = [...outcomes]
    .filter(([, { outcome }]) => outcome !== 'completed')
    .map(([transaction_id, told]) => ({ transaction_id, ...told }));
  const { differences, shared } = compareWithFile(plan.expected, before, after);
  const ok = failed.length === 0 && differences.length === 0 && isBalanced(trialBalance);
  return {
    accounts: plan.accounts.length,
    transfers: plan.transfers.length,
    refusedAccounts: [],
    byOutcome: countByOutcome(outcomes),
    failed,
    changedAccounts: countChanged(before, after),
    differences,
    shared,
    trialBalance,
    ok,
    exitCode: ok ? 0 : 1,
  };
}

/** As many lines of one kind as a person reads; the rest is counted. */
const LINES_SHOWN = 10;

function report(result: MainJobResult, out: Output): MainJobResult {
  out.write('\n');
  if (result.trialBalance === undefined) {
    out.write('No money was moved, for these accounts did not open:\n');
    writeSome(result.refusedAccounts, ({ account_id, reason }) => `${account_id}: ${reason}`, out);
    return result;
  }
  writeTrialBalance(result.trialBalance, out);
  out.write('Transfers by status:\n');
  for (const [outcome, count] of Object.entries(result.byOutcome)) out.write(`  ${outcome.padEnd(12)} ${count}\n`);
  writeSome(result.failed, ({ transaction_id, outcome, detail }) => [transaction_id, outcome, detail].join(' '), out);
  out.write(
    `Accounts that differ from the file: ${result.differences.length === 0 ? 'none' : result.differences.length}\n`,
  );
  writeSome(result.differences, (one) => `${one.account_id} holds ${one.actual}, the file says ${one.expected}`, out);
  if (result.shared.length > 0) out.write(`Settlement accounts that other files use too: ${result.shared.length}\n`);
  const changed = `this run changed ${result.changedAccounts} of ${result.accounts} accounts`;
  out.write(
    result.changedAccounts === 0 ? 'Nothing moved: all of it had been moved before.\n' : `Money moved: ${changed}.\n`,
  );
  return result;
}

function writeTrialBalance({ as_of, currencies }: TrialBalance, out: Output): void {
  out.write(`Trial balance as of ${as_of}:\n`);
  for (const { currency, balances, in_flight, sum } of currencies) {
    out.write(`  ${currency}  accounts ${balances}  in flight ${in_flight}  sum ${sum}\n`);
  }
}

function writeSome<Item>(items: readonly Item[], line: (item: Item) => string, out: Output): void {
  for (const item of items.slice(0, LINES_SHOWN)) out.write(`  ${line(item)}\n`);
  if (items.length > LINES_SHOWN) out.write(`  and ${items.length - LINES_SHOWN} more\n`);
}
