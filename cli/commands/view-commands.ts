/** `wallet check`, `wallet rebuild`: do the views say what the log says, and the views made again from the log. See docs/VIEWS.md. */
import type { Command } from 'commander';
import { checkProjections, type Difference } from '../../core/flows/check-projections.ts';
import {
  abandonRebuild,
  type RebuildPorts,
  type Rebuilt,
  rebuildViews,
  retireGenerations,
} from '../../core/flows/rebuild-views.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Source } from '../open-source.ts';
import { showProgress } from '../progress.ts';

const WHAT_TO_DO = 'docs/runbooks/views-differ.md says what to do.';

export function addViewCommands(program: Command, out: Output): void {
  program
    .command('check')
    .description('compares statuses, the registry of accounts, lists of owners and daily balances with the log')
    .action((_: object, command: Command) => runOnSource(command, out, check));
  const rebuild = program
    .command('rebuild')
    .description('builds the views of a stack anew beside the live ones, while it runs, checks and swaps them; WRITES')
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

async function check({ source, scope, tell }: CommandRun) {
  const result = await checkProjections({ ...source, days: source }, scope);
  const { accounts, statuses, differences } = result;
  tell(result, () => {
    if (differences.length === 0) return `${accounts} accounts and ${statuses} statuses are as the log says.`;
    return `${tableOfDifferences(differences)}\n${WHAT_TO_DO}`;
  });
  return differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
}

/** What earlier rebuildings left is removed first, if nobody can be reading it. */
async function build({ source, tell }: CommandRun) {
  const ports = portsOf(source);
  await retireGenerations(ports);
  const progress = showProgress('rebuild');
  const rebuilt = await rebuildViews(ports, { onCopied: progress.at }).finally(() => progress.stop());
  tell(rebuilt, () => readable(rebuilt));
  return rebuilt.swapped && rebuilt.differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
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

/** An embedded wallet writes its log and its views in one synced write, and a look at its folder writes nothing. */
function portsOf({ generations, ...source }: Source): RebuildPorts {
  if (generations === undefined)
    throw new CommandError(exitCodes.usage, 'an embedded wallet writes its views in one step with its log');
  return { ...source, ...generations };
}

function readable({ commits, accounts, statuses, differences, generation, swapped }: Rebuilt): string {
  const done = `${commits} commits read; ${accounts} accounts and ${statuses} statuses compared with the log.`;
  const table = differences.length === 0 ? [] : [tableOfDifferences(differences)];
  const end = swapped
    ? `Generation ${generation} of the views is the one that is read now.`
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
