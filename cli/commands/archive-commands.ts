/** `wallet archive ...`: closed days, and the closing of days that are over. See docs/ARCHIVE.md. */
import type { Command } from 'commander';
import { runClosing } from '../../adapters/aws/sfn-closing.ts';
import { CLOSING_SEGMENTS } from '../../adapters/embedded/wallet-folder.ts';
import { type DayManifest, MANIFESTS_PREFIX } from '../../core/contracts/archive.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { CLOSE_MARGIN_MS, closeDay, lastClosedDay, readManifest } from '../../core/flows/close-day.ts';
import { type CommandRun, dayOption, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Source } from '../open-source.ts';

export function addArchiveCommands(program: Command, out: Output): void {
  const archive = program
    .command('archive')
    .description('closed days: balances at midnight UTC, and the archive of the log');
  archive
    .command('close')
    .description(
      'closes the days that are over, into the archive; on a stack its state machine does it, and seals them',
    )
    .action((_: object, command: Command) => runOnSource(command, out, close));
  archive
    .command('show')
    .description('totals of a closed day; of the last one unless a day is named')
    .argument('[day]', 'such as 2026-01-31')
    .action((day: string | undefined, _: object, command: Command) =>
      runOnSource(command, out, (run) => show(run, day)),
    );
}

/** It happens by itself, a little after midnight; two that close the same day at once make the same. */
async function close({ source, tell }: CommandRun) {
  const before = await lastClosedDay(source.archive);
  if (source.folder === undefined) await closeStack(source);
  else while ((await closeDay(source, CLOSING_SEGMENTS)) !== undefined);
  const closed = await closedAfter(source, before);
  const minutes = CLOSE_MARGIN_MS / 60_000;
  const nothing = `No day is to be closed; a day can be closed from ${minutes} minutes after its midnight on.`;
  tell({ closed }, () => (closed.length === 0 ? nothing : tableOfDays(closed)));
  return closed.every(({ balanced }) => balanced) ? exitCodes.ok : exitCodes.wrong;
}

async function closeStack({ outputs }: Source): Promise<void> {
  const stateMachineArn = outputs.get('ClosingMachine');
  if (stateMachineArn === undefined)
    throw new CommandError(exitCodes.unreadable, 'the stack has no output ClosingMachine');
  await runClosing({ stateMachineArn });
}

async function closedAfter({ archive }: Source, before = ''): Promise<readonly DayManifest[]> {
  const days = (await Array.fromAsync(archive.list(MANIFESTS_PREFIX))).map((name) =>
    name.slice(MANIFESTS_PREFIX.length),
  );
  const closed = await Promise.all(days.filter((day) => day > before).map((day) => readManifest(archive, day)));
  return closed.filter((manifest) => manifest !== undefined);
}

async function show({ source, tell }: CommandRun, day?: string) {
  const wanted = day === undefined ? await lastClosedDay(source.archive) : dayOption('the day', day);
  const manifest = wanted === undefined ? undefined : await readManifest(source.archive, wanted);
  if (manifest === undefined) {
    throw new CommandError(
      exitCodes.notFound,
      wanted === undefined ? 'no day is closed yet' : `day ${wanted} is not closed`,
    );
  }
  tell(manifest, () => tableOfDays([manifest]));
  return manifest.balanced ? exitCodes.ok : exitCodes.wrong;
}

function tableOfDays(days: readonly DayManifest[]): string {
  const rows = days.flatMap(({ day, accounts, commits, damaged, currencies }) => {
    const common = [day, String(accounts), String(commits), String(damaged.length)];
    const sums = currencies.map(({ currency, balances, inFlight, sum }) => {
      return [currency, ...[balances, inFlight, sum].map((amount) => formatAmount(amount, currency))];
    });
    return (sums.length === 0 ? [['', '', '', '']] : sums).map((row) => [...common, ...row]);
  });
  const head = ['day', 'accounts', 'commits', 'damaged', 'currency', 'balances', 'in flight', 'sum'];
  return tableOf(head, rows, [1, 2, 3, 5, 6, 7]);
}
