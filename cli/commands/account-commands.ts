/** `wallet balance`, `wallet statement`: what an account holds or held, and how it came about. */
import type { Command } from 'commander';
import { balanceResource } from '../../core/contracts/http-answers.ts';
import { decodeEvents, decodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import type { AccountEvent } from '../../core/domain/account.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { readAccountAt } from '../../core/flows/read-account.ts';
import type { EventLog } from '../../core/ports.ts';
import {
  type CommandRun,
  momentOf,
  type Output,
  periodOf,
  runOnSource,
  tableOf,
  wholeNumberOf,
} from '../command-run.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

const MOST_ENTRIES = 10_000;

export function addAccountCommands(program: Command, out: Output): void {
  program
    .command('balance')
    .description('balance of an account, now or at a past moment')
    .argument('<account>')
    .option('--at <time>', 'a day or a time in UTC, such as 2026-01-31T12:00:00Z')
    .action((account: string, options: { at?: string }, command: Command) =>
      runOnSource(command, out, (run) => balance(run, account, options.at)),
    );
  program
    .command('statement')
    .description('entries of an account, the newest first, with the balance after each')
    .argument('<account>')
    .option('--from <time>', 'not before this time')
    .option('--to <time>', 'before this time')
    .option('--limit <entries>', 'at most so many', '50')
    .action((account: string, options: StatementOptions, command: Command) =>
      runOnSource(command, out, (run) => statement(run, account, options)),
    );
}

async function balance({ source, scope, tell }: CommandRun, account: string, at?: string): Promise<ExitCode> {
  const moment = at === undefined ? Number.MAX_SAFE_INTEGER : momentOf('--at', at);
  const { reading, reads } = await readAccountAt(source, { scope, account }, moment);
  if (reading === undefined) throw notFound(account);
  const resource = balanceResource(reading);
  tell({ ...resource, reads }, () => {
    const { balance: held, available, currency, version, as_of } = resource;
    const row = [account, held, available ?? 'no limit', currency, String(version), as_of, String(reads)];
    return tableOf(['account', 'balance', 'available', 'currency', 'version', 'as of', 'reads'], [row], [1, 2, 4, 6]);
  });
  return exitCodes.ok;
}

interface StatementOptions {
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

interface Entry {
  readonly at: string;
  readonly transaction_id: string;
  readonly kind: 'debit' | 'credit' | 'refund';
  readonly counterparty: string;
  readonly amount: string;
  readonly balance: string;
  readonly version: number;
}

async function statement({ source, scope, tell }: CommandRun, account: string, options: StatementOptions) {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = periodOf(options);
  const limit = wholeNumberOf('--limit', options.limit, 1, MOST_ENTRIES);
  const key = accountKey({ scope, account });
  const newest = await source.log.newest(key);
  if (newest === undefined || decodeState(newest.state).status === 'unopened') throw notFound(account);
  const { currency } = decodeState(newest.state);
  const entries = await entriesOf(source.log, key, { from, to, limit });
  tell({ account_id: account, currency, entries }, () => {
    const rows = entries.map(({ at, kind, counterparty, amount, balance: after, transaction_id }) => {
      return [at, kind, counterparty, amount, after, transaction_id];
    });
    return tableOf(['at', 'entry', 'with', `amount ${currency}`, 'balance', 'transfer'], rows, [3, 4]);
  });
  return exitCodes.ok;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

async function entriesOf(log: EventLog, key: string, { from, to, limit }: Stretch): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const commit of log.newestFirst(key)) {
    if (commit.at < from || entries.length >= limit) break;
    if (commit.at < to) entries.push(...entriesIn(commit));
  }
  return entries.slice(0, limit);
}

/** Entries of a commit, the last first: the commit's state tells the balance after the last, each amount the one before it. */
function entriesIn(commit: StoredCommit): readonly Entry[] {
  const { balance: last, currency } = decodeState(commit.state);
  let after = last;
  return [...decodeEvents(commit.events)].reverse().flatMap((event) => {
    const moved = movedBy(event);
    if (moved === undefined) return [];
    const entry: Entry = {
      at: timestampOf(commit.at),
      transaction_id: moved.transfer,
      kind: moved.kind,
      counterparty: moved.counterparty,
      amount: formatAmount(moved.amount, currency),
      balance: formatAmount(after, currency),
      version: commit.version,
    };
    after -= moved.amount;
    return [entry];
  });
}

function movedBy(event: AccountEvent) {
  switch (event.type) {
    case 'Debited':
      return { kind: 'debit', transfer: event.transfer, counterparty: event.to, amount: -event.amount } as const;
    case 'Credited':
      return { kind: 'credit', transfer: event.transfer, counterparty: event.from, amount: event.amount } as const;
    case 'Refunded':
      return { kind: 'refund', transfer: event.transfer, counterparty: event.to, amount: event.amount } as const;
    default:
      return undefined;
  }
}

function notFound(account: string): CommandError {
  return new CommandError(exitCodes.notFound, `no account ${account} was opened by then`);
}
