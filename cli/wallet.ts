/**
 * `npm run wallet -- COMMAND`: the commands of operators and auditors. They work on the embedded wallet's folder, also while it
 * runs, and on a deployed stack; a command only reads unless its help says otherwise. Each group of commands is a file.
 */
import { Command, CommanderError } from 'commander';
import { StoreFailure } from '../adapters/aws/failures.ts';
import { UnusableData } from '../adapters/embedded/failures.ts';
import { ApiUnreachableError } from '../client/retrying-fetch.ts';
import { ApiContractError } from '../client/wallet-client.ts';
import { DamagedCommit } from '../core/ports.ts';
import type { Output } from './command-run.ts';
import { addAccountCommands } from './commands/account-commands.ts';
import { addArchiveCommands } from './commands/archive-commands.ts';
import { addAuditCommands } from './commands/audit-commands.ts';
import { addReconcileCommands } from './commands/reconcile-commands.ts';
import { addTransferCommands } from './commands/transfer-commands.ts';
import { addViewCommands } from './commands/view-commands.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

const groups: readonly ((program: Command, out: Output) => void)[] = [
  addAccountCommands,
  addTransferCommands,
  addAuditCommands,
  addReconcileCommands,
  addArchiveCommands,
  addViewCommands,
];

export function walletProgram(out: Output = process.stdout): Command {
  const program = new Command('wallet')
    .description('The commands of operators and auditors')
    .option('--data <folder>', "the embedded wallet's folder (default: data)")
    .option('--stack <name>', 'a deployed stack, such as Wallet')
    .option('--region <region>', "the stack's region")
    .option('--endpoint <url>', 'a local cloud instead of AWS')
    .option('--seals <folder>', "a folder of seals instead of the wallet's own")
    .option('--tenant <name>', 'the tenant whose accounts are meant', 'default')
    .option('--json', 'say the result as JSON')
    .addHelpText('after', EXIT_CODES);
  program.exitOverride();
  for (const add of groups) add(program, out);
  return program;
}

const EXIT_CODES = `
Exit codes: 0 done and right, 1 something is wrong and the output says what, 2 not understood, 3 no such account or transfer,
4 the data cannot be read.`;

/** Runs a command line; gives back the exit code. */
export async function runWallet(args: readonly string[], out: Output = process.stdout): Promise<number> {
  process.exitCode = exitCodes.ok;
  try {
    await walletProgram(out).parseAsync([...args], { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exitCode;
  }
  console.error(isExplained(error) ? withCauses(error) : error);
  return exitCodes.unreadable;
}

/** Whether the message, with those of its causes, tells an operator what is wrong. */
function isExplained(error: unknown): error is Error {
  const explained = [UnusableData, DamagedCommit, ApiUnreachableError, ApiContractError, StoreFailure];
  return explained.some((kind) => error instanceof kind) || isOfSystem(error);
}

/** A file or an address that is not there, or not for us: Node says which, and what was done with it. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function withCauses({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${withCauses(cause)}` : message;
}

/** As a shell tells a program that SIGPIPE has ended: neither done nor wrong. */
const ENDED_BY_READER = 128 + 13;

/** Whoever reads the output may have seen enough of it (`wallet ... | head`): that ends a command without a trace. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(ENDED_BY_READER);
}

if (import.meta.main) {
  process.stdout.on('error', endWithReader);
  process.exitCode = await runWallet(process.argv.slice(2));
}
