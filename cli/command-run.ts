/** What all commands have in common: the wallet they work on, how they say what they found, and how they end. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { scopeName } from '../core/contracts/json.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import { readTimestamp } from '../core/contracts/timestamp.ts';
import { readDate } from '../core/domain/day.ts';
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts';
import { openSource, type Source, type SourceOptions } from './open-source.ts';

/** What a command says goes here; progress and complaints go to the standard error. */
export interface Output {
  write(text: string): void;
}

export interface CommonOptions extends SourceOptions {
  readonly tenant?: string;
  readonly json?: boolean;
}

/** One command under way. */
export interface CommandRun {
  readonly source: Source;
  readonly scope: string;
  /** Says the result: as JSON where that was asked for, else as people read it. */
  tell(result: object, readable: () => string): void;
}

/** Opens the wallet, runs the command on it, closes it, and sets the exit code. */
export async function runOnSource(
  command: Command,
  out: Output,
  run: (context: CommandRun) => Promise<ExitCode>,
): Promise<void> {
  const options: CommonOptions = command.optsWithGlobals();
  const { tenant = DEFAULT_SCOPE } = options;
  if (!scopeName.safeParse(tenant).success) throw new CommandError(exitCodes.usage, `"${tenant}" is no tenant`);
  const source = await openSource(options);
  try {
    process.exitCode = await run({ source, scope: tenant, tell: teller(options, out) });
  } finally {
    await source.close();
  }
}

/** As {@link runOnSource}, for commands that need no wallet. */
export function teller({ json = false }: CommonOptions, out: Output): CommandRun['tell'] {
  return (result, readable) => {
    const text = json ? JSON.stringify(result, bigintAsText, 2) : readable();
    out.write(`${text}\n`);
  };
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** A moment as it is given on the command line: a day is its beginning in UTC. @throws {CommandError} */
export function momentOf(option: string, text: string): number {
  const ms = readTimestamp(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (ms !== undefined) return ms;
  throw new CommandError(exitCodes.usage, `${option} must be a day or a time in UTC, such as 2026-01-31T12:00:00Z`);
}

/** A stretch of time as options name it, its end not included. One that is empty would pass any check. @throws {CommandError} */
export function periodOf(options: { readonly from?: string; readonly to?: string }) {
  const from = options.from === undefined ? undefined : momentOf('--from', options.from);
  const to = options.to === undefined ? undefined : momentOf('--to', options.to);
  if (from === undefined || to === undefined || from < to) return { from, to };
  throw new CommandError(exitCodes.usage, '--from must be before --to');
}

/** A day as it is given on the command line. @throws {CommandError} */
export function dayOption(option: string, text: string): string {
  if (readDate(text) !== undefined) return text;
  throw new CommandError(exitCodes.usage, `${option} must be a day, such as 2026-01-31`);
}

/** A whole number as it is given on the command line. @throws {CommandError} */
export function wholeNumberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new CommandError(exitCodes.usage, `${option} must be a whole number from ${least} to ${most}`);
}

/** Rows under a heading; numbers are aligned to the right by the caller's choice of columns. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const colAligns = head.map((_, i): 'left' | 'right' => (right.includes(i) ? 'right' : 'left'));
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
