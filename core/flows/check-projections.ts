/**
 * Do the views say what the log says? Both ways: what the log leads to has to stand in the views, and what stands in the views has
 * to have its reason in the log. The wallet may run meanwhile: a view that is behind is looked at once more, after the projection had
 * time to catch up.
 */
import { decodeEvents, decodeState } from '../contracts/stored-commit.ts';
import { rankOf, type Status, type StatusWrite, statusOf } from '../domain/outcome.ts';
import type {
  AccountRow,
  ArchiveIndex,
  Clock,
  DailyBalances,
  EventLog,
  LedgerScan,
  TransferStore,
  ViewStore,
} from '../ports.ts';
import { accountRowOf, keepHighest } from './project.ts';

/** The projection is seconds behind the log, or an alarm rings after a minute. */
export const GRACE_MS = 60_000;
/** Identities looked up in one call. */
const IDS_PER_CALL = 100;
const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';

/** One thing that a view and the log do not agree on. */
export type Difference =
  /** Opened in the log, and not in the registry, or otherwise there. */
  | { readonly kind: 'account_missing' | 'account_differs'; readonly account: string }
  /** In the registry, and never opened in the log. */
  | { readonly kind: 'account_unfounded'; readonly account: string }
  /** No claim, a lower status than the log says, or another of the same rank. */
  | {
      readonly kind: 'status_missing' | 'status_behind' | 'status_differs';
      readonly id: string;
      readonly expected: Status;
    }
  /** A status whose event is not where it says. */
  | { readonly kind: 'status_unfounded'; readonly id: string; readonly status: Status }
  /** A daily balance that is not the log's, does not follow from the one before, or is missing. */
  | { readonly kind: 'day_differs'; readonly account: string; readonly day: string };

export interface CheckPorts {
  /** With what left the table. */
  readonly log: EventLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly transfers: Pick<TransferStore, 'get' | 'scan'>;
  readonly views: Pick<ViewStore, 'accounts'>;
  readonly clock: Clock;
  /** Where days are closed. */
  readonly days?: { readonly dailyBalances: DailyBalances; readonly index: ArchiveIndex };
}

export interface CheckResult {
  readonly accounts: number;
  readonly statuses: number;
  readonly differences: readonly Difference[];
}

/** What one account's log leads to. */
interface Expected {
  readonly row: AccountRow | undefined;
  readonly statuses: ReadonlyMap<string, StatusWrite>;
}

/** Compares the views of one scope with the log. */
export async function checkProjections(ports: CheckPorts, scope: string): Promise<CheckResult> {
  const open: Expected[] = [];
  const differences: Difference[] = [];
  const founded = new Set<string>();
  let registry = await registryOf(ports, scope);
  let accounts = 0;
  for await (const account of ports.scan.accounts(0, 1)) {
    if (!account.startsWith(`${scope}#`)) continue;
    accounts += 1;
    const expected = await expectedOf(ports.log, account);
    if (expected.row !== undefined) founded.add(account);
    if ((await differencesOf(ports, registry, expected)).length > 0) open.push(expected);
    differences.push(...(await dayDifferences(ports, account)));
  }
  const unfounded = [...registry.keys()].filter((account) => !founded.has(account));
  const { statuses, suspects } = await statusesWithoutEvent(ports, scope);
  if (open.length + unfounded.length + suspects.length > 0) {
    await ports.clock.sleep(GRACE_MS);
    registry = await registryOf(ports, scope);
    for (const expected of open) differences.push(...(await differencesOf(ports, registry, expected)));
    for (const account of unfounded) {
      if ((await expectedOf(ports.log, account)).row === undefined)
        differences.push({ kind: 'account_unfounded', account });
    }
  }
  return { accounts, statuses, differences: [...differences, ...suspects] };
}

async function registryOf({ views }: CheckPorts, scope: string): Promise<ReadonlyMap<string, AccountRow>> {
  const rows = await Array.fromAsync(views.accounts(scope));
  return new Map(rows.map((row) => [row.account, row]));
}

async function expectedOf(log: EventLog, account: string): Promise<Expected> {
  const statuses = new Map<string, StatusWrite>();
  let row: AccountRow | undefined;
  for await (const { version, at, events } of log.newestFirst(account)) {
    for (const [index, event] of decodeEvents(events).entries()) {
      if (event.type === 'Opened') row = accountRowOf(account, event, at);
      const status = statusOf(event, { account, version, index }, at);
      if (status !== undefined) keepHighest(statuses, status);
    }
  }
  return { row, statuses };
}

async function differencesOf(
  { transfers }: CheckPorts,
  registry: ReadonlyMap<string, AccountRow>,
  { row, statuses }: Expected,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  if (row !== undefined) {
    const registered = registry.get(row.account);
    if (registered === undefined) differences.push({ kind: 'account_missing', account: row.account });
    else if (!isSameRow(row, registered)) differences.push({ kind: 'account_differs', account: row.account });
  }
  const writes = [...statuses.values()];
  for (let i = 0; i < writes.length; i += IDS_PER_CALL) {
    const some = writes.slice(i, i + IDS_PER_CALL);
    const records = await transfers.get(
      some.map(({ id }) => id),
      { consistent: true },
    );
    for (const write of some) {
      const kind = statusDifference(write, records.get(write.id));
      if (kind !== undefined) differences.push({ kind, id: write.id, expected: write.status });
    }
  }
  return differences;
}

function isSameRow(a: AccountRow, b: AccountRow): boolean {
  return a.kind === b.kind && a.currency === b.currency && a.owner === b.owner && a.openedAt === b.openedAt;
}

type Recorded = { readonly status: Status; readonly ledgerRef?: StatusWrite['ledgerRef'] };

/** A status of a higher rank comes from another account's log, which is checked there. */
function statusDifference(
  write: StatusWrite,
  record: Recorded | undefined,
): 'status_missing' | 'status_behind' | 'status_differs' | undefined {
  if (record === undefined) return 'status_missing';
  const ranks = rankOf(record.status) - rankOf(write.status);
  if (ranks !== 0) return ranks < 0 ? 'status_behind' : undefined;
  return record.status === write.status && isSamePlace(write.ledgerRef, record.ledgerRef)
    ? undefined
    : 'status_differs';
}

function isSamePlace(a: StatusWrite['ledgerRef'], b: Recorded['ledgerRef']): boolean {
  return a.account === b?.account && a.version === b.version && a.index === b.index;
}

async function statusesWithoutEvent({ log, transfers }: CheckPorts, scope: string) {
  const suspects: Difference[] = [];
  let statuses = 0;
  for await (const { id, status, ledgerRef } of transfers.scan()) {
    if (status === 'claimed' || !id.startsWith(`${scope}#`)) continue;
    statuses += 1;
    const told = ledgerRef === undefined ? undefined : await statusAt(log, ledgerRef);
    if (told?.id !== id || told.status !== status) suspects.push({ kind: 'status_unfounded', id, status });
  }
  return { statuses, suspects };
}

async function statusAt(log: EventLog, ref: StatusWrite['ledgerRef']): Promise<StatusWrite | undefined> {
  const commit = await log.read(ref.account, ref.version);
  const event = commit === undefined ? undefined : decodeEvents(commit.events)[ref.index];
  return event === undefined || commit === undefined ? undefined : statusOf(event, ref, commit.at);
}

/** Each row is the balance of its commit, and follows from the row before by what went in and out; the last is all that is archived. */
async function dayDifferences({ log, days }: CheckPorts, account: string): Promise<readonly Difference[]> {
  if (days === undefined) return [];
  const differences: Difference[] = [];
  let before = { balance: 0n, version: 0 };
  for await (const row of days.dailyBalances.of(account, FIRST_DAY, LAST_DAY)) {
    const commit = await log.read(account, row.version);
    const held = commit === undefined ? undefined : decodeState(commit.state).balance;
    const follows = row.balance - before.balance === row.credited - row.debited && row.version > before.version;
    if (held !== row.balance || !follows) differences.push({ kind: 'day_differs', account, day: row.day });
    before = row;
  }
  const archived = await days.index.archivedBefore(account, LAST_DAY);
  if (archived > before.version && (await isOpened(log, account, archived)))
    differences.push({ kind: 'day_differs', account, day: LAST_DAY });
  return differences;
}

async function isOpened(log: EventLog, account: string, version: number): Promise<boolean> {
  const commit = await log.read(account, version);
  return commit !== undefined && decodeState(commit.state).status !== 'unopened';
}
