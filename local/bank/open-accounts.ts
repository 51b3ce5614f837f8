/** Step one of the main job: every account of the file is open before any money moves, settlement accounts first. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WalletClient } from '../../client/wallet-client.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { openingKey, type PlannedAccount } from './bank-file.ts';
import type { Progress } from './progress.ts';

/** An account that the wallet would not open, with its reason. */
export interface RefusedAccount {
  readonly account_id: string;
  readonly reason: string;
}

export interface OpeningPace {
  /** Requests under way at once. */
  readonly requestsAtOnce: number;
  /** Pause before asking again for an opening that is pending. */
  readonly askAgainMs: number;
  /** An account that is not open after so long counts as refused. */
  readonly giveUpMs: number;
}

/**
 * Opens the accounts and waits for each; those that are open already with the same content count as opened.
 *
 * @returns the accounts that were refused, or did not open in time.
 */
export async function openAccounts(
  wallet: WalletClient,
  accounts: readonly PlannedAccount[],
  pace: OpeningPace,
  progress: Progress,
): Promise<RefusedAccount[]> {
  const refused: RefusedAccount[] = [];
  const open = async (account: PlannedAccount): Promise<void> => {
    const reason = await openAccount(wallet, account, pace);
    if (reason !== undefined) refused.push({ account_id: account.account_id, reason });
    progress.advance(1);
  };
  for (const wanted of ['settlement', 'customer']) {
    const ofKind = accounts.filter(({ kind }) => kind === wanted);
    await inParallel(ofKind, pace.requestsAtOnce, open);
  }
  return refused;
}

/** Why the account did not open; undefined when it did. */
async function openAccount(
  wallet: WalletClient,
  account: PlannedAccount,
  pace: OpeningPace,
): Promise<string | undefined> {
  const key = openingKey(account);
  const deadline = Date.now() + pace.giveUpMs;
  while (true) {
    const answer = await wallet.openAccount(account, key);
    if (!answer.ok) return answer.problem.detail;
    const { status } = answer.resource;
    if (status === 'success') return undefined;
    if (status !== 'pending' || Date.now() > deadline) return `the opening is ${status}`;
    await pause(pace.askAgainMs);
  }
}
