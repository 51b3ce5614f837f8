/** `wallet check`, `wallet rebuild`: do the views say what the log says, and the views made again from the log. See docs/VIEWS.md. */
import type { Command } from 'commander';
import { checkProjections, type Difference } from '../../core/flows/check-projections.ts';
import {
  abandonRebuild,
  type RebuildOptions,
  type RebuildPorts,
  type Rebuilt,
  rebuildViews,
  retireGenerations,
} from '../../core/flows/rebuild-views.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Source } from '../open-source.ts';
import { showProgress } from '../progress.ts';
import { rebuildFolder, withoutWaiting } from '../rebuild-folder.ts';

const WHAT_TO_DO = 'docs/runbooks/views-differ.md says what to do.';

export function addViewCommands(program: Command, out: Output): void {
  program
    .command('check')
    .description('compares statuses, the registry of accounts, lists of owners and daily balances with the log')
    .action((_: object, command: Command) => runOnSource(command, out, check));
  const rebuild = program
    .command('rebuild')
    .description(
      'builds the views anew beside the live ones, checks and swaps them: of a stack while it runs, of a folder while nothing does; WRITES',
    )
    .action((_: object, command: Command) => runOnSource(command, out, build));
  rebuild
    .command('abandon')
    .description('gives up a rebuilding that is under way; what is read stays what it is; WRITES')
    .action((_: object, command: Command) => runOnSource(command, out, abandon));
  rebuild
    .command('retire')
    .description('removes rows of views that nobody reads any more; WRITES')
    .action((_: object, command: Command) => runOnSource(command, out, retire));
}

/** On a folder no view can be behind: what a look at it sees of log and views went to disk together. */
async function check({ source, scope, tell }: CommandRun) {
  const clock = source.folder === undefined ? source.clock : withoutWaiting;
  const result = await checkProjections({ ...source, clock, days: source }, scope);
  const { accounts, statuses, differences } = result;
  tell(result, () => {
    if (differences.length === 0) return `${accounts} accounts and ${statuses} statuses are as the log says.`;
    return `${tableOfDifferences(differences)}\n${WHAT_TO_DO}`;
  });
  return differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
}

async function build({ source, tell }: CommandRun) {
  const progress = showProgress('rebuild');
  const options = { onCopied: progress.at };
  const rebuilt = await (source.folder === undefined
    ? buildBeside(portsOf(source), options)
    : rebuildFolder(source.folder, options)
  ).finally(() => progress.stop());
  tell(rebuilt, () => readable(rebuilt));
  return rebuilt.swapped && rebuilt.differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
}

/** What earlier rebuildings left is removed first, if nobody can be reading it. */
async function buildBeside(ports: RebuildPorts, options: RebuildOptions): Promise<Rebuilt> {
  await retireGenerations(ports);
  return rebuildViews(ports, options);
}

async function abandon({ source, tell }: CommandRun) {
  const abandoned = await abandonRebuild(portsOf(source));
  tell({ abandoned }, () => (abandoned ? 'The rebuilding is given up.' : 'No rebuilding is under way.'));
  return abandoned ? exitCodes.ok : exitCodes.notFound;
}

async function retire({ source, tell }: CommandRun) {
  const { rows, notBefore } = await retireGenerations(portsOf(source));
  const retired = { rows, not_before: notBefore === undefined ? null : new Date(notBefore).toISOString() };
  tell(retired, () =>
    retired.not_before === null
      ? `${rows} rows were removed.`
      : `The views were swapped a moment ago, and somebody may be reading those before; ask again after ${retired.not_before}.`,
  );
  return notBefore === undefined ? exitCodes.ok : exitCodes.wrong;
}

/** An embedded wallet has one generation of views: a rebuilding puts what it made in its place within one write. */
function portsOf({ generations, ...source }: Source): RebuildPorts {
  if (generations === undefined)
    throw new CommandError(exitCodes.usage, 'an embedded wallet has no generations of views');
  return { ...source, ...generations };
}

function readable({ commits, accounts, statuses, differences, generation, swapped }: Rebuilt): string {
  const done = `${commits} commits read; ${accounts} accounts and ${statuses} statuses compared with the log.`;
  const table = differences.length === 0 ? [] : [tableOfDifferences(differences)];
  const end = swapped
    ? `The views that were built (generation ${generation}) are the ones that are read now.`
    : `Nothing was swapped. ${WHAT_TO_DO}`;
  return [done, ...table, end].join('\n');
}

function tableOfDifferences(differences: readonly Difference[]): string {
  return tableOf(['difference', 'of', 'in the log'], differences.map(rowOf));
}

function rowOf(difference: Difference): readonly string[] {
  if ('id' in difference)
    return [difference.kind, difference.id, 'expected' in difference ? difference.expected : 'none'];
  return [difference.kind, difference.account, 'day' in difference ? difference.day : ''];
}
