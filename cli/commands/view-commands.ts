/** `wallet check`, `wallet rebuild`: do the views say what the log says, and the views made again from the log. */
import type { Command } from 'commander';
import { checkProjections, type Difference } from '../../core/flows/check-projections.ts';
import { rebuildProjections } from '../../core/flows/rebuild-projections.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';

export function addViewCommands(program: Command, out: Output): void {
  program
    .command('check')
    .description('compares statuses, the registry of accounts and daily balances with the log, and names what differs')
    .action((_: object, command: Command) => runOnSource(command, out, check));
  program
    .command('rebuild')
    .description('projects the whole log of a stack again, while it runs; WRITES statuses and the registry of accounts')
    .action((_: object, command: Command) => runOnSource(command, out, rebuild));
}

async function check({ source, scope, tell }: CommandRun) {
  const result = await checkProjections({ ...source, days: source }, scope);
  const { accounts, statuses, differences } = result;
  tell(result, () => {
    if (differences.length === 0) return `${accounts} accounts and ${statuses} statuses are as the log says.`;
    return tableOf(['difference', 'of', 'in the log'], differences.map(rowOf));
  });
  return differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
}

function rowOf(difference: Difference): readonly string[] {
  if ('id' in difference)
    return [difference.kind, difference.id, 'expected' in difference ? difference.expected : 'none'];
  return [difference.kind, difference.account, 'day' in difference ? difference.day : ''];
}

/** An embedded wallet writes its log and its views in one synced write, and a look at its folder writes nothing. */
async function rebuild({ source, tell }: CommandRun) {
  if (source.folder !== undefined)
    throw new CommandError(exitCodes.usage, 'an embedded wallet writes its views in one step with its log');
  const rebuilt = await rebuildProjections(source);
  tell(rebuilt, () => {
    const unreadable = rebuilt.unreadable.map((place) => `\nunreadable: ${place}`).join('');
    return `${rebuilt.commits} commits of ${rebuilt.accounts} accounts were projected again.${unreadable}`;
  });
  return rebuilt.unreadable.length === 0 ? exitCodes.ok : exitCodes.wrong;
}
