/** Step three of the main job: what the accounts hold is compared with the file, and with what they held before. */
import { setTimeout as pause } from 'node:timers/promises';
import { ApiContractError, type TrialBalance, type WalletClient } from '../../client/wallet-client.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { formatBankAmount, parseBankBalance } from './movements.ts';

/** What an account held at one moment. */
export interface Holding {
  readonly minor: bigint;
  /** Number of commits in the account's log: unchanged means that nothing at all happened to it. */
  readonly version: number;
}
export type Holdings = ReadonlyMap<string, Holding>;

/** An account that does not hold what the file says; decimal strings in major units. */
export interface Difference {
  readonly account_id: string;
  readonly expected: string;
  readonly actual: string;
}

/** Reads the accounts' balances, strongly consistent, `limit` at once. */
export async function readHoldings(
  wallet: WalletClient,
  accounts: readonly string[],
  limit: number,
): Promise<Holdings> {
  return new Map(
    await inParallel(accounts, limit, async (account) => [account, await readHolding(wallet, account)] as const),
  );
}

async function readHolding(wallet: WalletClient, account: string): Promise<Holding> {
  const answer = await wallet.balance(account, { consistent: true });
  if (!answer.ok)
    throw new ApiContractError(`${account} was opened, but its balance is answered with ${answer.httpStatus}`);
  const minor = parseBankBalance(answer.resource.balance);
  if (minor === undefined) throw new ApiContractError(`${account} has the balance ${answer.resource.balance}`);
  return { minor, version: answer.resource.version };
}

/** Number of accounts to which anything happened between two readings. */
export function countChanged(before: Holdings, after: Holdings): number {
  return [...after].filter(([account, { version }]) => before.get(account)?.version !== version).length;
}

export interface Comparison {
  /** Accounts that do not hold the sum of the file's amounts. */
  readonly differences: readonly Difference[];
  /** Settlement accounts that hold money of other files besides this one's. */
  readonly shared: readonly Difference[];
}

/**
 * Compares what the accounts hold with the file. Settlement accounts are shared by all files that were ever moved in one wallet.
 * Where such an account held something before, it is right if this run added the file's sum to it, or nothing when nothing moved; what
 * it holds beyond the file is not known here, so it is told apart instead of being passed over. A run that goes on where another was
 * stopped adds a part of the file, and which part is not known either: then all accounts together must have gained nothing.
 */
export function compareWithFile(expected: ReadonlyMap<string, bigint>, before: Holdings, after: Holdings): Comparison {
  const run = runBetween(before, after);
  const isRight = (gained: bigint, expectedMinor: bigint): boolean => {
    if (run === 'went on') return sumOf(after) === sumOf(before);
    return gained === (run === 'moved nothing' ? 0n : expectedMinor);
  };
  const differences: Difference[] = [];
  const shared: Difference[] = [];
  for (const [account, expectedMinor] of expected) {
    const actual = after.get(account)?.minor ?? 0n;
    const earlier = before.get(account)?.minor ?? 0n;
    if (actual === expectedMinor) continue;
    const explained = isSettlement(account) && earlier !== 0n && isRight(actual - earlier, expectedMinor);
    const list = explained ? shared : differences;
    list.push({ account_id: account, expected: formatBankAmount(expectedMinor), actual: formatBankAmount(actual) });
  }
  return { differences, shared };
}

/** The customers tell, who are this file's alone: the first commit of each opened it. */
function runBetween(before: Holdings, after: Holdings): 'moved nothing' | 'moved all' | 'went on' {
  const customers = [...after].filter(([account]) => !isSettlement(account));
  if (customers.every(([account, { version }]) => before.get(account)?.version === version)) return 'moved nothing';
  return customers.every(([account]) => (before.get(account)?.version ?? 0) <= 1) ? 'moved all' : 'went on';
}

function sumOf(holdings: Holdings): bigint {
  return [...holdings.values()].reduce((sum, { minor }) => sum + minor, 0n);
}

function isSettlement(account: string): boolean {
  return account.startsWith('settlement:');
}

export interface TrialBalancePace {
  readonly askAgainMs: number;
  readonly giveUpMs: number;
}

/**
 * Reads the trial balance, again for a while when it does not balance yet: the registry of accounts that it goes by is a
 * projection, and may be some seconds behind. The last reading is returned whatever it says.
 */
export async function readTrialBalance(wallet: WalletClient, pace: TrialBalancePace): Promise<TrialBalance> {
  const deadline = Date.now() + pace.giveUpMs;
  while (true) {
    const answer = await wallet.trialBalance();
    if (!answer.ok) throw new ApiContractError(`the trial balance is answered with ${answer.httpStatus}`);
    if (isBalanced(answer.resource) || Date.now() > deadline) return answer.resource;
    await pause(pace.askAgainMs);
  }
}

/** Whether all money is accounted for: the wallet says so, and every currency's sum is zero. */
export function isBalanced({ balanced, currencies }: TrialBalance): boolean {
  return balanced && currencies.every(({ sum }) => /^-?[0.]+$/.test(sum));
}
