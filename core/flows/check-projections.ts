/**
 * Do the views say what the log says? Both ways: what the log leads to has to stand in the views, and what stands in the views has
 * to have its reason in the log. The wallet may run meanwhile: a view that is behind is looked at once more, after the projection had
 * time to catch up.
 */
import { rankOf, type Status, type StatusWrite, statusOf } from '../domain/outcome.ts';
import {
  type AccountRow,
  type Clock,
  type DailyBalance,
  type DailyBalances,
  DamagedCommit,
  type EventLog,
  type LedgerScan,
  type TransferStore,
  type ViewScan,
} from '../ports.ts';
import { lastClosedDay } from './close-day.ts';
import { type ClosedDayPorts, ClosedDays } from './derive-days.ts';
import { inParallel } from './in-parallel.ts';
import { accountRowOf, keepHighest } from './project.ts';
import { eventsOf } from './read-commit.ts';

/** The projection is seconds behind the log, or an alarm rings after a minute. */
export const GRACE_MS = 60_000;
/** Identities looked up in one call. */
const IDS_PER_CALL = 100;
/** Accounts compared at a time: each is a walk through its log. */
const PARALLEL_ACCOUNTS = 16;
const FIRST_DAY = '0000-01-01';

/** One thing that a view and the log do not agree on. */
export type Difference =
  /** Opened in the log, and not in the registry, or otherwise there; or not so in the list of its owner. */
  | { readonly kind: 'account_missing' | 'account_differs' | 'account_unlisted'; readonly account: string }
  /** In a view, and never opened in the log; or in a place where no reader looks for it. */
  | { readonly kind: 'account_unfounded' | 'account_misplaced'; readonly account: string }
  /** Its log cannot be read, so nobody knows what the views should say. */
  | { readonly kind: 'log_unreadable'; readonly account: string }
  /** No claim, a lower status than the log says, or another of the same rank. */
  | {
      readonly kind: 'status_missing' | 'status_behind' | 'status_differs';
      readonly id: string;
      readonly expected: Status;
    }
  /** A status whose event is not where it says. */
  | { readonly kind: 'status_unfounded'; readonly id: string; readonly status: Status }
  /** A daily balance that is not there, is not what the log says, or that the log does not lead to. */
  | {
      readonly kind: 'day_missing' | 'day_differs' | 'day_unfounded';
      readonly account: string;
      readonly day: string;
    };

export interface CheckPorts {
  /** With what left the table. */
  readonly log: EventLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly transfers: Pick<TransferStore, 'get' | 'scan'>;
  readonly views: ViewScan;
  readonly clock: Clock;
  /** Where days are closed. */
  readonly days?: ClosedDayPorts & { readonly dailyBalances: Pick<DailyBalances, 'of'> };
}

export interface CheckResult {
  readonly accounts: number;
  readonly statuses: number;
  readonly differences: readonly Difference[];
}

/** What one account's log leads to. */
interface Expected {
  readonly account: string;
  readonly row: AccountRow | undefined;
  readonly statuses: ReadonlyMap<string, StatusWrite>;
  readonly days: readonly DailyBalance[];
}

/** What the views of accounts hold of one account. */
interface Listed {
  registry?: AccountRow;
  owner?: AccountRow;
  misplaced: boolean;
}

/** Compares the views with the log: those of one scope, or all. */
export async function checkProjections(ports: CheckPorts, scope?: string): Promise<CheckResult> {
  const isMeant = (key: string): boolean => scope === undefined || key.startsWith(`${scope}#`);
  const { accounts, found } = await compareAll(ports, isMeant);
  const { statuses, unfounded } = await statusesWithoutEvent(ports, isMeant);
  const first = found.flatMap(({ differences }) => differences);
  const differences = first.some(mayBeBehind) ? await compareAgain(ports, found) : first;
  return { accounts, statuses, differences: [...differences, ...unfounded] };
}

/** Accounts of the log, and those of the views that the log may not know. */
async function compareAll(ports: CheckPorts, isMeant: (key: string) => boolean) {
  const listed = await listedAccounts(ports.views);
  const days = await dayCheckOf(ports);
  const accounts = (await Array.fromAsync(ports.scan.accounts(0, 1))).filter(isMeant);
  const known = new Set(accounts);
  const unknown = [...listed.keys()].filter((account) => isMeant(account) && !known.has(account));
  const compared = await inParallel([...accounts, ...unknown], PARALLEL_ACCOUNTS, async (account) => {
    return { account, differences: await differencesOf(ports, days, listed, account) };
  });
  return { accounts: accounts.length, found: compared.filter(({ differences }) => differences.length > 0) };
}

/** A closed day does not change, and a log that cannot be read stays so: nothing to wait for. */
function mayBeBehind({ kind }: Difference): boolean {
  return !kind.startsWith('day_') && kind !== 'log_unreadable';
}

/** By then the projection has caught up, and what differs still is wrong. */
async function compareAgain(ports: CheckPorts, found: readonly { readonly account: string }[]) {
  await ports.clock.sleep(GRACE_MS);
  const listed = await listedAccounts(ports.views);
  const days = await dayCheckOf(ports);
  const differences = await inParallel(found, PARALLEL_ACCOUNTS, ({ account }) =>
    differencesOf(ports, days, listed, account),
  );
  return differences.flat();
}

/** Daily balances as far as they can be compared. */
interface DayCheck {
  readonly days: ClosedDays;
  /** Rows of this day and all before it are complete; a closing that is under way has written some of the next. */
  readonly through: string;
  readonly dailyBalances: Pick<DailyBalances, 'of'>;
}

/** Undefined where no day is closed. */
async function dayCheckOf({ days }: CheckPorts): Promise<DayCheck | undefined> {
  if (days === undefined) return undefined;
  const through = await lastClosedDay(days.archive);
  return through === undefined ? undefined : { ...days, days: new ClosedDays(days), through };
}

async function listedAccounts(views: ViewScan): Promise<ReadonlyMap<string, Listed>> {
  const all = new Map<string, Listed>();
  for await (const { place, row } of views.listed()) {
    const listed = all.get(row.account) ?? { misplaced: false };
    if (place === 'elsewhere') listed.misplaced = true;
    else listed[place] = row;
    all.set(row.account, listed);
  }
  return all;
}

async function differencesOf(
  ports: CheckPorts,
  days: DayCheck | undefined,
  listed: ReadonlyMap<string, Listed>,
  account: string,
): Promise<readonly Difference[]> {
  const expected = await expectedOf(ports.log, days, account);
  if (expected === undefined) return [{ kind: 'log_unreadable', account }];
  return [
    ...accountDifferences(expected, listed.get(account)),
    ...(await statusDifferences(ports, expected)),
    ...(await dayDifferences(days, expected)),
  ];
}

/** Undefined if the log cannot be read: it differs from nothing, and is named as a difference itself. */
async function expectedOf(log: EventLog, days: DayCheck | undefined, account: string): Promise<Expected | undefined> {
  const deriving = await days?.days.of(account);
  const statuses = new Map<string, StatusWrite>();
  let row: AccountRow | undefined;
  try {
    for await (const commit of log.newestFirst(account)) {
      const { version, at } = commit;
      const events = eventsOf(commit);
      for (const [index, event] of events.entries()) {
        if (event.type === 'Opened') row = accountRowOf(account, event, at);
        const status = statusOf(event, { account, version, index }, at);
        if (status !== undefined) keepHighest(statuses, status);
      }
      await deriving?.take(commit, events);
    }
  } catch (error) {
    if (error instanceof DamagedCommit) return undefined;
    throw error;
  }
  return { account, row, statuses, days: deriving?.rows() ?? [] };
}

function accountDifferences({ account, row }: Expected, listed: Listed | undefined): readonly Difference[] {
  const { registry, owner, misplaced = false } = listed ?? {};
  const differences: Difference[] = misplaced ? [{ kind: 'account_misplaced', account }] : [];
  if (row === undefined) {
    if (registry !== undefined || owner !== undefined) differences.push({ kind: 'account_unfounded', account });
    return differences;
  }
  if (registry === undefined) differences.push({ kind: 'account_missing', account });
  else if (!isSameRow(row, registry)) differences.push({ kind: 'account_differs', account });
  if (owner === undefined || !isSameRow(row, owner)) differences.push({ kind: 'account_unlisted', account });
  return differences;
}

function isSameRow(a: AccountRow, b: AccountRow): boolean {
  return a.kind === b.kind && a.currency === b.currency && a.owner === b.owner && a.openedAt === b.openedAt;
}

async function statusDifferences({ transfers }: CheckPorts, { statuses }: Expected): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const writes = [...statuses.values()];
  for (let i = 0; i < writes.length; i += IDS_PER_CALL) {
    const some = writes.slice(i, i + IDS_PER_CALL);
    const ids = some.map(({ id }) => id);
    const records = await transfers.get(ids, { consistent: true });
    for (const write of some) {
      const kind = statusDifference(write, records.get(write.id));
      if (kind !== undefined) differences.push({ kind, id: write.id, expected: write.status });
    }
  }
  return differences;
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

async function statusesWithoutEvent({ log, transfers }: CheckPorts, isMeant: (key: string) => boolean) {
  const unfounded: Difference[] = [];
  let statuses = 0;
  for await (const { id, status, ledgerRef } of transfers.scan()) {
    if (status === 'claimed' || !isMeant(id)) continue;
    statuses += 1;
    const told = ledgerRef === undefined ? undefined : await statusAt(log, ledgerRef);
    if (told?.id !== id || told.status !== status) unfounded.push({ kind: 'status_unfounded', id, status });
  }
  return { statuses, unfounded };
}

/** A commit that cannot be read founds nothing; its account is named beside. */
async function statusAt(log: EventLog, ref: StatusWrite['ledgerRef']): Promise<StatusWrite | undefined> {
  try {
    const commit = await log.read(ref.account, ref.version);
    const event = commit === undefined ? undefined : eventsOf(commit)[ref.index];
    return event === undefined || commit === undefined ? undefined : statusOf(event, ref, commit.at);
  } catch (error) {
    if (error instanceof DamagedCommit) return undefined;
    throw error;
  }
}

async function dayDifferences(days: DayCheck | undefined, expected: Expected): Promise<readonly Difference[]> {
  if (days === undefined) return [];
  const { account } = expected;
  const standing = new Map<string, DailyBalance>();
  for await (const row of days.dailyBalances.of(account, FIRST_DAY, days.through)) standing.set(row.day, row);
  const differences: Difference[] = [];
  for (const row of expected.days.filter(({ day }) => day <= days.through).toReversed()) {
    const stands = standing.get(row.day);
    standing.delete(row.day);
    if (stands === undefined) differences.push({ kind: 'day_missing', account, day: row.day });
    else if (!isSameDay(row, stands)) differences.push({ kind: 'day_differs', account, day: row.day });
  }
  for (const day of standing.keys()) differences.push({ kind: 'day_unfounded', account, day });
  return differences;
}

function isSameDay(a: DailyBalance, b: DailyBalance): boolean {
  const isSameSum = a.balance === b.balance && a.credited === b.credited && a.debited === b.debited;
  return isSameSum && a.currency === b.currency && a.version === b.version;
}
