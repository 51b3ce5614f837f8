/** `wallet audit seal|prove|check-proof`: what a day was, sealed apart from the ledger, and proofs that need no access to it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { sha256Bytes } from '../../adapters/node/sha256.ts';
import { dayAfter } from '../../core/contracts/day.ts';
import { balanceResource } from '../../core/contracts/http-answers.ts';
import { type BalanceProof, type DaySeal, decodeProof, encodeProof } from '../../core/contracts/seal.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import { accountKey, accountOfKey } from '../../core/domain/lane.ts';
import { checkProof, type Proven } from '../../core/flows/check-proof.ts';
import { type NoProof, proveBalance } from '../../core/flows/prove-balance.ts';
import { DayNotSealable, newestSealableDay, sealDay, sealedDays } from '../../core/flows/seal-day.ts';
import {
  type CommandRun,
  type CommonOptions,
  dayOption,
  momentOf,
  type Output,
  runOnSource,
  tableOf,
  teller,
} from '../command-run.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { sealsOf } from '../open-source.ts';

/** Days that one command seals: after a longer pause it is called again. */
const MOST_DAYS = 400;

export function addProofCommands(audit: Command, out: Output): void {
  audit
    .command('seal')
    .description('seals the days that are over: writes their Merkle roots into the seals')
    .option('--day <day>', 'this day only, such as 2026-03-01')
    .action((options: { day?: string }, command: Command) =>
      runOnSource(command, out, (run) => seal(run, options.day)),
    );
  audit
    .command('prove')
    .description('prints a proof of what an account held at a moment')
    .argument('<account>')
    .requiredOption('--at <time>', 'a day or a time in UTC, such as 2026-01-31T12:00:00Z')
    .action((account: string, options: { at: string }, command: Command) =>
      runOnSource(command, out, (run) => prove(run, out, account, options.at)),
    );
  audit
    .command('check-proof')
    .description('checks a proof without any access to the wallet')
    .argument('<file>')
    .requiredOption('--root <hash>', "the day's root, from a source that you trust")
    .action((file: string, options: { root: string }, command: Command) => {
      process.exitCode = check(command.optsWithGlobals(), out, file, options.root);
    });
}

async function seal({ source, tell }: CommandRun, day: string | undefined): Promise<ExitCode> {
  const ports = { ...source, seals: sealsOf(source), hash: sha256Bytes };
  if (day !== undefined) dayOption('--day', day);
  const sealed: DaySeal[] = [];
  try {
    const newest = newestSealableDay(source.clock.now());
    const last = (await sealedDays(ports.seals)).at(-1);
    const first = day ?? (last === undefined ? newest : dayAfter(last));
    for (let next = first; next <= (day ?? newest) && sealed.length < MOST_DAYS; next = dayAfter(next))
      sealed.push(await sealDay(ports, next));
  } catch (error) {
    if (!(error instanceof DayNotSealable)) throw error;
    throw new CommandError(exitCodes.wrong, error.message);
  }
  tell({ sealed }, () => {
    if (sealed.length === 0) return 'Every day that is over is sealed.';
    return tableOf(
      ['day', 'logs', 'root'],
      sealed.map((made) => [made.day, String(made.accounts), made.root]),
      [1],
    );
  });
  return exitCodes.ok;
}

const noProof: Readonly<Record<NoProof, readonly [ExitCode, string]>> = {
  not_sealed: [exitCodes.notFound, 'no day at or after that moment is sealed yet'],
  no_log: [exitCodes.notFound, 'no seal at or after that moment knows this account'],
  seal_broken: [exitCodes.wrong, 'the ledger does not hold what was sealed; run wallet audit verify'],
};

async function prove({ source, scope }: CommandRun, out: Output, account: string, at: string): Promise<ExitCode> {
  const ports = { ...source, seals: sealsOf(source), hash: sha256Bytes };
  const proof = await proveBalance(ports, accountKey({ scope, account }), momentOf('--at', at));
  if (typeof proof === 'string') throw new CommandError(...noProof[proof]);
  out.write(`${encodeProof(proof)}\n`);
  return exitCodes.ok;
}

function check(options: CommonOptions, out: Output, file: string, root: string): ExitCode {
  if (!/^[0-9a-f]{64}$/.test(root)) throw new CommandError(exitCodes.usage, '--root must be 64 hexadecimal digits');
  const proof = proofIn(file);
  const tell = teller(options, out);
  const result = checkProof(proof, root, sha256Bytes);
  if (!result.ok) {
    tell({ proven: false, fault: result.fault }, () => `The proof does not hold: ${result.fault}.`);
    return exitCodes.wrong;
  }
  tell({ proven: true, ...provenResource(proof, result.proven) }, () => sentenceOf(proof, result.proven));
  return exitCodes.ok;
}

function proofIn(file: string): BalanceProof {
  try {
    return decodeProof(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CommandError(
      exitCodes.unreadable,
      `${file} holds no proof: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

function provenResource({ account: key, at, day }: BalanceProof, { state, version, committedAt }: Proven) {
  const { scope: tenant, account } = accountOfKey(key);
  const known = { tenant, account_id: account, at: timestampOf(at), day };
  if (state.status === 'unopened') return { ...known, opened: false };
  const told = balanceResource({ account, state, version, asOf: at });
  return { ...known, opened: true, ...told, committed_at: timestampOf(committedAt) };
}

function sentenceOf(proof: BalanceProof, proven: Proven): string {
  const told = provenResource(proof, proven);
  const who = `${told.account_id} (tenant ${told.tenant})`;
  if (!('balance' in told)) return `Proven: ${who} was not opened at ${told.at}.`;
  return `Proven: ${who} held ${told.balance} ${told.currency} at ${told.at}, by version ${told.version} of ${told.committed_at}.`;
}
