/**
 * `wallet reconcile`: a bank's statement against the ledger, and what becomes of the breaks. These commands write: the breaks, beside
 * the wallet, never the ledger. Only `adjust` moves money, through the API like anybody.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { DynamoDbBreakStore } from '../../adapters/aws/dynamodb-break-store.ts';
import { readCamt053 } from '../../adapters/bank/camt053.ts';
import { readCsvStatement } from '../../adapters/bank/csv-statement.ts';
import { readStatementBytes, StatementFileError } from '../../adapters/bank/statement-file.ts';
import { FolderBreakStore } from '../../adapters/embedded/folder-break-store.ts';
import { type CsvMapping, plainMapping, readCsvMapping } from '../../core/contracts/csv-mapping.ts';
import { accountId } from '../../core/contracts/json.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import type { BankStatement } from '../../core/domain/bank-statement.ts';
import { dateOf, readDate } from '../../core/domain/day.ts';
import { stateOf } from '../../core/domain/kept-break.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { parseLimit } from '../../core/domain/money.ts';
import { MAX_WINDOW_DAYS } from '../../core/domain/reconciliation.ts';
import { clientReferences } from '../../core/flows/client-references.ts';
import {
  type ReconcileRefusal,
  type ReconcileRequest,
  type ReconciliationReport,
  reconcileStatement,
  refusalOf,
} from '../../core/flows/reconcile-statement.ts';
import { acceptAsTiming, assignBreak, type BreakOutcome, resolveByTransfer } from '../../core/flows/resolve-break.ts';
import type { BreakStore } from '../../core/ports.ts';
import { sendAdjustment } from '../adjustment.ts';
import { type CommandRun, type Output, runOnSource, tableOf, wholeNumberOf } from '../command-run.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Source } from '../open-source.ts';
import { reconciliationPage } from '../reconciliation-page.ts';
import { type BreakResource, breakResource, type ReportResource, reportResource } from '../reconciliation-resource.ts';

interface RunOptions {
  readonly account: readonly string[];
  readonly mapping?: string;
  readonly windowDays: string;
  readonly rounding: string;
  readonly from?: string;
  readonly to?: string;
  readonly html?: string;
  readonly by: string;
}

interface PersonOptions {
  readonly by: string;
  readonly note: string;
}

export function addReconcileCommands(program: Command, out: Output): void {
  const reconcile = program.command('reconcile').description("a bank's statement against the ledger, and the breaks");
  addRun(reconcile, out);
  reconcile
    .command('breaks')
    .description('the breaks of an account that are open, or all')
    .requiredOption('--account <id>', 'the account')
    .option('--all', 'also resolved and cleared ones')
    .action((options: { account: string; all?: boolean }, command: Command) =>
      runOnSource(command, out, (run) => listBreaks(run, options.account, options.all === true)),
    );
  reconcile
    .command('show')
    .description('a break with its history')
    .argument('<break>', 'its id')
    .action((id: string, _: object, command: Command) => runOnSource(command, out, (run) => showBreak(run, id)));
  addPersonCommands(reconcile, out);
}

function addRun(reconcile: Command, out: Output): void {
  reconcile
    .command('statement', { isDefault: true })
    .description('reconcile a statement: camt.053, or CSV with a mapping of its columns (docs/RECONCILIATION.md)')
    .argument('<file>', 'the file, .xml or .csv')
    .option('--account <id>', 'the account; BANK=ID where the file has several, *=berka:* for all alike', collect, [])
    .option('--mapping <file>', "JSON that says what the CSV's columns are")
    .option('--window-days <n>', 'days that a booking may be away from its entry', '2')
    .option('--rounding <amount>', "how far a bank's running balance may be off per booking", '0')
    .option('--from <date>', 'only bookings from this day on')
    .option('--to <date>', 'only bookings up to this day')
    .option('--html <file>', 'write the report as a page too')
    .addOption(byOption())
    .action((file: string, options: RunOptions, command: Command) =>
      runOnSource(command, out, (run) => reconcileFile(run, file, options)),
    );
}

function addPersonCommands(reconcile: Command, out: Output): void {
  const person = (name: string, description: string): Command =>
    reconcile
      .command(name)
      .description(description)
      .argument('<break>', 'its id')
      .option('--note <text>', 'why', '')
      .addOption(byOption());
  person('assign', 'give a break to somebody')
    .requiredOption('--to <name>', 'who takes it on')
    .action((id: string, options: PersonOptions & { to: string }, command: Command) =>
      runOnSource(command, out, (run) =>
        tellOutcome(run, assignBreak(portsOf(run), { ...run, id, by: options.by }, options.to)),
      ),
    );
  person('accept', 'resolve a break that is a matter of time').action(
    (id: string, options: PersonOptions, command: Command) =>
      runOnSource(command, out, (run) =>
        tellOutcome(run, acceptAsTiming(portsOf(run), { ...run, id, by: options.by }, options.note)),
      ),
  );
  person('resolve', 'resolve a break by a transfer that was made for it')
    .requiredOption('--transfer <id>', 'its transaction_id')
    .action((id: string, options: PersonOptions & { transfer: string }, command: Command) =>
      runOnSource(command, out, (run) => resolve(run, id, options.transfer, options)),
    );
  person('adjust', 'make the transfer that makes up for a break, and resolve it by that')
    .requiredOption('--against <id>', 'the settlement account on the other side, such as settlement:suspense')
    .requiredOption('--api <url>', "the wallet's API")
    .option('--token <token>', 'a token that may move money of settlement accounts')
    .action(
      async (
        id: string,
        options: PersonOptions & { against: string; api: string; token?: string },
        command: Command,
      ) => {
        let transfer = '';
        await runOnSource(command, out, async (run) => {
          transfer = await sendAdjustment(await findBreak(run, id), options);
          return exitCodes.ok;
        });
        // What the API did is seen by opening the wallet again.
        await runOnSource(command, out, (run) => resolve(run, id, transfer, options));
      },
    );
}

function byOption(): Option {
  return new Option('--by <name>', 'who does it').default(userInfo().username, 'your user name');
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

// ── Reconciling ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function reconcileFile(run: CommandRun, file: string, options: RunOptions): Promise<ExitCode> {
  const statements = (await readStatements(file, options)).map((statement) => within(statement, options));
  const { digest, transfers, notes } = run.source;
  const referencesOf = (scope: string, ids: readonly string[]) => clientReferences({ transfers, notes }, scope, ids);
  const ports = { ...portsOf(run), digest, referencesOf };
  const requests = statements.map((statement) => requestOf(run, statement, options));
  // Everything is looked at before anything is kept: a file is reconciled as a whole or not at all.
  refuseOverlaps(requests);
  for (const request of requests) complain(request, await refusalOf(ports, request));
  const reports: ReconciliationReport[] = [];
  for (const request of requests) {
    const report = await reconcileStatement(ports, request);
    if (typeof report === 'string') return complain(request, report);
    reports.push(report);
  }
  const resources = reports.map(reportResource);
  if (options.html !== undefined)
    await writeFile(options.html, reconciliationPage(resources, timestampOf(run.source.clock.now())));
  run.tell({ reports: resources }, () => readable(resources));
  const isRight = resources.every((report) => report.open_breaks === 0 && !hasDrift(report));
  return isRight ? exitCodes.ok : exitCodes.wrong;
}

async function readStatements(file: string, { mapping }: RunOptions): Promise<readonly BankStatement[]> {
  try {
    const bytes = await readStatementBytes(file);
    if (file.toLowerCase().endsWith('.xml')) return readCamt053(bytes);
    const name = path.basename(file);
    if (mapping === undefined) return readCsvStatement(bytes, { name, mapping: plainMapping, isPlain: true });
    return readCsvStatement(bytes, { name, mapping: await readMapping(mapping), isPlain: false });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const isUnreadable = error instanceof StatementFileError || (error instanceof Error && 'code' in error);
    throw isUnreadable ? new CommandError(exitCodes.usage, error.message) : error;
  }
}

async function readMapping(file: string): Promise<CsvMapping> {
  const read = readCsvMapping(parseJson(await readFile(file, 'utf8'), file));
  if ('columns' in read) return read;
  throw new CommandError(exitCodes.usage, `The mapping ${file} cannot be used:\n  ${read.join('\n  ')}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(exitCodes.usage, `${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`);
  }
}

/** Cut to the days that were asked for; balances are those of the whole statement, so they go. */
function within(statement: BankStatement, options: RunOptions): BankStatement {
  if (options.from === undefined && options.to === undefined) return statement;
  const from = dayOf('--from', options.from) ?? statement.from;
  const to = dayOf('--to', options.to) ?? statement.to;
  if (from > to)
    throw new CommandError(exitCodes.usage, `no day of the statement lies from ${dateOf(from)} to ${dateOf(to)}`);
  const lines = statement.lines.filter(({ bookingDay }) => bookingDay >= from && bookingDay <= to);
  return { ...statement, from, to, lines, opening: undefined, closing: undefined };
}

function dayOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const day = readDate(text);
  if (day === undefined) throw new CommandError(exitCodes.usage, `${option} must be a date such as 2026-01-31`);
  return day;
}

function requestOf({ scope }: CommandRun, statement: BankStatement, options: RunOptions): ReconcileRequest {
  const rounding = parseLimit(options.rounding, statement.currency);
  if (!rounding.ok) throw new CommandError(exitCodes.usage, `--rounding must be an amount of ${statement.currency}`);
  return {
    scope,
    account: accountOf(statement, options.account),
    statement,
    windowDays: wholeNumberOf('--window-days', options.windowDays, 0, MAX_WINDOW_DAYS),
    roundingMinor: rounding.minor,
    by: options.by,
  };
}

/** The wallet's account for the bank's: as the options say, or by the same name. */
function accountOf({ bankAccount }: BankStatement, given: readonly string[]): string {
  const named = given.map((pair): readonly [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? ['', pair] : [pair.slice(0, at), pair.slice(at + 1)];
  });
  const exact = named.find(([bank]) => bank === bankAccount)?.[1];
  const alike = named.find(([bank]) => bank === '*')?.[1].replaceAll('*', bankAccount);
  const only = named.length === 1 ? named.find(([bank]) => bank === '')?.[1] : undefined;
  const account = exact ?? alike ?? only ?? bankAccount;
  if (accountId.safeParse(account).success) return account;
  throw new CommandError(
    exitCodes.usage,
    `which account is ${JSON.stringify(bankAccount)}? Say --account "${bankAccount}=ID"`,
  );
}

function refuseOverlaps(requests: readonly ReconcileRequest[]): void {
  for (const [i, one] of requests.entries()) {
    const other = requests.slice(0, i).find(({ account, statement }) => {
      const { from, to } = one.statement;
      return account === one.account && statement.from <= to && statement.to >= from;
    });
    if (other !== undefined) {
      const both = `statements ${other.statement.id} and ${one.statement.id}`;
      throw new CommandError(exitCodes.usage, `${both} of the file are both of ${one.account} and share days`);
    }
  }
}

const refusalTexts: { readonly [R in ReconcileRefusal]: string } = {
  does_not_add_up: 'its closing balance is not its opening balance and its bookings',
  not_over_yet: 'it begins in the future',
  account_not_found: 'the wallet has no such account',
  currency_mismatch: 'the account has another currency',
  overlaps:
    'some of its days were reconciled with another statement; cut them off with --from and --to, or take the same days',
};

function complain({ account, statement }: ReconcileRequest, refusal: ReconcileRefusal | undefined): ExitCode {
  if (refusal === undefined) return exitCodes.ok;
  const what = `statement ${statement.id} (${dateOf(statement.from)} to ${dateOf(statement.to)}) of ${account}`;
  const code = refusal === 'account_not_found' ? exitCodes.notFound : exitCodes.usage;
  throw new CommandError(code, `${what} is not reconciled: ${refusalTexts[refusal]}. Nothing was kept.`);
}

// ── Breaks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function portsOf({ source }: CommandRun) {
  return { log: source.log, clock: source.clock, breaks: breakStoreOf(source) };
}

function breakStoreOf({ folder, outputs }: Source): BreakStore {
  if (folder !== undefined) return new FolderBreakStore(path.join(folder, 'reconciliation'));
  return new DynamoDbBreakStore({ tableName: outputs.get('ViewsTable') ?? '' });
}

async function listBreaks(run: CommandRun, account: string, all: boolean): Promise<ExitCode> {
  const kept = await Array.fromAsync(portsOf(run).breaks.breaksOf(accountKey({ scope: run.scope, account })));
  const wanted = kept.filter((one) => all || stateOf(one).status === 'open');
  const breaks = wanted.map(breakResource).sort((a, b) => (a.break_id < b.break_id ? -1 : 1));
  run.tell({ account_id: account, breaks }, () => breaksTable(breaks));
  return exitCodes.ok;
}

async function showBreak(run: CommandRun, id: string): Promise<ExitCode> {
  tellBreak(run, breakResource(await findBreak(run, id)));
  return exitCodes.ok;
}

async function findBreak(run: CommandRun, id: string) {
  const kept = await portsOf(run).breaks.find(run.scope, id);
  if (kept === undefined) throw new CommandError(exitCodes.notFound, `there is no break ${id}`);
  return kept;
}

function resolve(run: CommandRun, id: string, transfer: string, { by, note }: PersonOptions): Promise<ExitCode> {
  return tellOutcome(run, resolveByTransfer(portsOf(run), { ...run, id, by }, transfer.toLowerCase(), note));
}

async function tellOutcome(run: CommandRun, outcome: Promise<BreakOutcome>): Promise<ExitCode> {
  const done = await outcome;
  if (done.ok) {
    tellBreak(run, breakResource(done.kept));
    return exitCodes.ok;
  }
  const code = done.refusal === 'break_not_found' ? exitCodes.notFound : exitCodes.wrong;
  throw new CommandError(code, `nothing was changed: ${done.refusal.replaceAll('_', ' ')}`);
}

// ── For people ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

function tellBreak(run: CommandRun, one: BreakResource): void {
  run.tell(one, () => {
    const events = one.history.map(({ at, by, type, ...more }) => [at, by, type, JSON.stringify(more)]);
    return `${breaksTable([one])}\n${tableOf(['at', 'by', 'what', 'more'], events)}`;
  });
}

function breaksTable(breaks: readonly BreakResource[]): string {
  if (breaks.length === 0) return 'No breaks.';
  const rows = breaks.map((one) => [
    one.break_id,
    one.class,
    one.cause,
    one.difference,
    [...one.bookings.map(({ place }) => place), ...one.entries.map(({ transaction_id }) => transaction_id)].join('\n'),
    one.assignee ?? '',
    one.status,
  ]);
  return tableOf(['break', 'class', 'cause', 'difference', 'about', 'with', 'status'], rows, [3]);
}

function readable(reports: readonly ReportResource[]): string {
  const rows = reports.map((report) => [
    report.account_id,
    `${report.from} to ${report.to}`,
    String(report.bookings),
    String(report.entries),
    String(report.open_breaks),
    report.change.total,
    report.change.unexplained,
  ]);
  const head = ['account', 'days', 'bookings', 'entries', 'open breaks', 'bank less wallet', 'unexplained'];
  const breaks = reports.flatMap((report) => report.breaks);
  const summary = tableOf(head, rows, [2, 3, 4, 5, 6]);
  const drifting = reports.filter(hasDrift).map(({ account_id }) => account_id);
  const drift =
    drifting.length === 0 ? '' : `\nRunning balances move apart by more than rounding: ${drifting.join(', ')}`;
  return `${summary}\n${breaksTable(breaks)}${drift}`;
}

/** Balances that move apart although every booking was matched: the bank's own figures do not follow from its bookings. */
function hasDrift({ daily_balances, breaks }: ReportResource): boolean {
  return breaks.length === 0 && (daily_balances?.steps ?? []).some(({ is_rounding }) => !is_rounding);
}
