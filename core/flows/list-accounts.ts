/** Accounts, page by page: who is registered comes from the registry, how they stand from their logs. */
import type { AccountReading } from '../contracts/http-answers.ts';
import { accountKey, accountOfKey } from '../domain/lane.ts';
import type { Clock, EventLog, ViewStore } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { readAccount } from './read-account.ts';

export interface AccountListPorts {
  readonly views: ViewStore;
  readonly log: EventLog;
  readonly clock: Clock;
}

export interface AccountQuery {
  readonly scope: string;
  /** Accounts of one owner only. */
  readonly owner?: string | undefined;
  /** The account that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface AccountPage {
  readonly accounts: readonly AccountReading[];
  /** The account that the page ends with; undefined if nothing is left. */
  readonly next: string | undefined;
}

/** Newest commits read at a time. */
const PARALLEL_READS = 25;

/** One page of accounts. The registry is a projection: an account that was just opened may be missing for a moment. */
export async function listAccounts(ports: AccountListPorts, query: AccountQuery): Promise<AccountPage> {
  const { scope, owner, after, limit } = query;
  const place = after === undefined ? {} : { after: accountKey({ scope, account: after }) };
  const rows = await ports.views.accountPage(scope, { owner, ...place, most: limit + 1 });
  const page = rows.slice(0, limit).map(({ account }) => accountOfKey(account));
  const readings = await inParallel(page, PARALLEL_READS, (ref) => readAccount(ports, ref));
  const accounts = readings.flatMap((reading) => reading ?? []);
  return { accounts, next: rows.length > limit ? page.at(-1)?.account : undefined };
}
