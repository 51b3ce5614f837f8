/** `wallet archive ...`: closed days, and the closing of days that are over. See docs/ARCHIVE.md. */
import type { Command } from 'commander';
import type { DayManifest } from '../../core/contracts/archive.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { CLOSE_MARGIN_MS, closeDay, lastClosedDay, readManifest } from '../../core/flows/close-day.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';

/** Parts of a day that one process closes; more need less memory. */
const SEGMENTS = 4;

export function addArchiveCommands(program: Command, out: Output): void {
  const archive = program
    .command('archive')
    .description('closed days: balances at midnight UTC, and the archive of the log');
  archive
    .command('close')
    .description("closes the days that are over, on an embedded wallet's folder, into the folder archive in it")
    .action((_: object, command: Command) => runOnSource(command, out, close));
  archive
    .command('show')
    .description('totals of a closed day; of the last one unless a day is named')
    .argument('[day]', 'such as 2026-01-31')
    .action((day: string | undefined, _: object, command: Command) =>
      runOnSource(command, out, (run) => show(run, day)),
    );
}

/** On a stack a state machine does it, at midnight; two that close the same day at once make the same. */
async function close({ source, tell }: CommandRun) {
  if (source.folder === undefined)
    throw new CommandError(
      exitCodes.usage,
      'the days of a stack are closed by its state machine (output ClosingMachine)',
    );
  const closed: DayManifest[] = [];
  for (;;) {
    const manifest = await closeDay(source, SEGMENTS);
    if (manifest === undefined) break;
    closed.push(manifest);
  }
  const minutes = CLOSE_MARGIN_MS / 60_000;
  const nothing = `No day is to be closed; a day can be closed from ${minutes} minutes after its midnight on.`;
  tell({ closed }, () => (closed.length === 0 ? nothing : tableOfDays(closed)));
  return closed.every(({ balanced }) => balanced) ? exitCodes.ok : exitCodes.wrong;
}

async function show({ source, tell }: CommandRun, day?: string) {
  const wanted = day ?? (await lastClosedDay(source.archive));
  const manifest = wanted === undefined ? undefined : await readManifest(source.archive, wanted);
  if (manifest === undefined) throw new CommandError(exitCodes.notFound, `day ${wanted ?? ''} is not closed`);
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
