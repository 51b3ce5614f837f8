/** `wallet audit replay`: the whole recorded history before the decisions of another build. */
import type { Command } from 'commander';
import { accountKey } from '../../core/domain/lane.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { type Decisions, type Difference, ReplayedLog } from '../../core/flows/replay-log.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { loadDecisions } from '../load-decisions.ts';

const PARALLEL_LOGS = 16;
/** Differences that are told; of a build that decides everything otherwise more would tell nothing. */
const MOST_DIFFERENCES = 1_000;

interface ReplayOptions {
  readonly with: string;
  readonly account?: string;
}

export function addReplayCommands(audit: Command, out: Output): void {
  audit
    .command('replay')
    .description('decides the recorded history again with another build, and tells every difference')
    .requiredOption('--with <file>', 'what npm run build:decisions made of the other version; its code is run')
    .option('--account <id>', 'this account only')
    .action((options: ReplayOptions, command: Command) => runOnSource(command, out, (run) => replay(run, options)));
}

async function replay({ source, scope, tell }: CommandRun, options: ReplayOptions): Promise<ExitCode> {
  const decisions = await loadDecisions(options.with);
  const { account } = options;
  const accounts =
    account === undefined ? await Array.fromAsync(source.scan.accounts(0, 1)) : [accountKey({ scope, account })];
  const logs = await inParallel(accounts, PARALLEL_LOGS, (key) => replayOne(source, key, decisions));
  const commits = logs.reduce((sum, log) => sum + log.commits, 0);
  // Of an account that is none nothing differs, which is not what an auditor wants to be told.
  if (account !== undefined && commits === 0)
    throw new CommandError(exitCodes.notFound, `the ledger holds no commit of ${account}`);
  const differences = logs.flatMap((log) => log.differences);
  const told = differences.slice(0, MOST_DIFFERENCES);
  tell({ accounts: accounts.length, commits, differences: told, count: differences.length }, () => {
    const done = `${accounts.length} logs, ${commits} commits`;
    if (told.length === 0) return `${done}: the two builds decide the same.`;
    const rows = told.map(({ kind, account: key, version, index, recorded, decided }) => {
      return [kind, key, index === undefined ? String(version) : `${version}/${index}`, recorded, decided];
    });
    return `${done}\n${tableOf(['difference', 'account', 'commit', 'recorded', 'decided'], rows)}\n${differences.length} differences.`;
  });
  return differences.length === 0 ? exitCodes.ok : exitCodes.wrong;
}

async function replayOne({ scan }: CommandRun['source'], account: string, decisions: Decisions) {
  const log = new ReplayedLog(account, decisions);
  const differences: Difference[] = [];
  let commits = 0;
  for await (const commit of scan.oldestFirst(account)) {
    commits += 1;
    differences.push(...log.take(commit));
  }
  return { commits, differences };
}
