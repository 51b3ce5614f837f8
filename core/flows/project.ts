/**
 * The projection: commits of the ledger become statuses of transfers and rows of the registry of accounts.
 *
 * The ledger's stream delivers at least once, in order per account only, and the legs of one transfer lie in different accounts.
 * Nothing here depends on order or on number of deliveries: a status only rises, and an account that is registered stays so.
 */
import { type OpenClosing, openClosing } from '../contracts/open-work.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent } from '../domain/account.ts';
import { isTerminal, rankOf, type StatusWrite, statusOf, transferOfClaimId } from '../domain/outcome.ts';
import type { AccountRow, OpenWork, TransferStore, ViewStore } from '../ports.ts';
import { type CommitPlace, type DecodedCommit, decodeCommits } from './decode-commits.ts';
import { type SetAsidePorts, setAside } from './set-aside.ts';

export interface ProjectionPorts extends SetAsidePorts {
  readonly transfers: TransferStore;
  readonly views: ViewStore;
  readonly openWork: OpenWork;
  /** Hears of transfers that are over, by the keys of their claims, once that is stored. Absent where nobody can wait for them. */
  readonly onEnded?: (ids: readonly string[]) => Promise<void>;
}

export interface ProjectedViews {
  readonly statuses: ReadonlyMap<string, StatusWrite>;
  readonly accounts: ReadonlyMap<string, AccountRow>;
}

interface Projected {
  readonly statuses: Map<string, StatusWrite>;
  readonly accounts: Map<string, AccountRow>;
  /** Closings that the check-back has to finish. */
  readonly closings: Map<string, OpenClosing>;
}

/**
 * Projects commits, each as often as it comes. Rejects on infrastructure trouble; the same commits have to come again then.
 *
 * A commit that cannot be read goes into quarantine and the others go on. It would fail as often as it came again, and until the
 * stream's mapping gave it up, a day later, no account of its shard would be projected. It is not lost: it stands in the ledger.
 */
export async function project(ports: ProjectionPorts, commits: readonly StoredCommit[]): Promise<void> {
  const { decoded, unreadable } = decodeCommits(commits);
  const ended = await projectDecoded(ports, decoded);
  if (ended.length > 0) await ports.onEnded?.(ended);
  await setAside(ports, unreadable);
}

/** As {@link project}, for who has the events at hand and need not decode them. Gives back which transfers are over, and tells nobody. */
export async function projectDecoded(
  ports: Pick<ProjectionPorts, 'transfers' | 'views' | 'openWork'>,
  commits: readonly DecodedCommit[],
): Promise<readonly string[]> {
  const projected = projectAll(commits);
  await write(ports, projected);
  return endedIn(projected);
}

function endedIn({ statuses }: Projected): readonly string[] {
  const isEnd = ({ id, status }: StatusWrite) => isTerminal(status) && transferOfClaimId(id) !== undefined;
  return [...statuses.values()].filter(isEnd).map(({ id }) => id);
}

/** What commits lead to in the views alone: a closing of long ago is no work to come back to. */
export function projectedOf(commits: readonly DecodedCommit[]): ProjectedViews {
  return projectAll(commits);
}

function projectAll(commits: readonly DecodedCommit[]): Projected {
  const projected: Projected = { statuses: new Map(), accounts: new Map(), closings: new Map() };
  for (const { commit, events } of commits) projectEvents(projected, commit, events);
  return projected;
}

function projectEvents(projected: Projected, commit: CommitPlace, events: readonly AccountEvent[]): void {
  const { statuses, accounts, closings } = projected;
  const { account, version, at } = commit;
  for (const [index, event] of events.entries()) {
    if (event.type === 'CloseStarted') closings.set(`${account} ${version}`, openClosing(account, version, at));
    if (event.type === 'Opened') {
      accounts.set(account, accountRowOf(account, event, at));
    }
    const status = statusOf(event, { account, version, index }, at);
    if (status !== undefined) keepHighest(statuses, status);
  }
}

/** The registry's row of an account, from the event that opened it at a time. */
export function accountRowOf(
  account: string,
  event: Extract<AccountEvent, { type: 'Opened' }>,
  at: number,
): AccountRow {
  const { kind, currency, owner } = event;
  return { account, kind, currency, owner, openedAt: at };
}

/** A batch may hold a refusal and the refund that followed it; a store takes one write per identity, the one that stands. */
export function keepHighest(statuses: Map<string, StatusWrite>, status: StatusWrite): void {
  const kept = statuses.get(status.id);
  if (kept === undefined || rankOf(kept.status) < rankOf(status.status)) statuses.set(status.id, status);
}

async function write(
  ports: Pick<ProjectionPorts, 'transfers' | 'views' | 'openWork'>,
  projected: Projected,
): Promise<void> {
  const { views, transfers, openWork } = ports;
  const { accounts, statuses, closings } = projected;
  if (closings.size > 0) await openWork.open([...closings.values()]);
  // Accounts first: who reads that an opening is completed then also finds the account in the registry.
  if (accounts.size > 0) await views.registerAccounts([...accounts.values()]);
  if (statuses.size > 0) await transfers.raise([...statuses.values()]);
}
