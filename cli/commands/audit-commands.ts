/** `wallet audit ...`: proof that past and present balances are right. See docs/AUDIT.md. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { sha256Bytes } from '../../adapters/node/sha256.ts';
import { accountId } from '../../core/contracts/json.ts';
import { accountKey } from '../../core/domain/lane.ts';
import type { Finding } from '../../core/flows/audit-log.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import {
  nothingVerified,
  type Period,
  together,
  type Verified,
  verifyLog,
  verifyPart,
  verifyTrialBalance,
} from '../../core/flows/verify-ledger.ts';
import { type VerifiedSeals, verifySeals } from '../../core/flows/verify-seals.ts';
import { type CommandRun, type Output, periodOf, runOnSource, tableOf, wholeNumberOf } from '../command-run.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Source } from '../open-source.ts';
import { type Progress, showProgress } from '../progress.ts';
import { Checkpoint } from '../verify/checkpoint.ts';
import { verifyFolder } from '../verify/verify-folder.ts';
import { addProofCommands } from './proof-commands.ts';
import { addReplayCommands } from './replay-commands.ts';

/** Parts of a ledger on a stack, each a segment of a scan. */
const STACK_PARTS = 16;
/** Parts of it that are audited at a time; each reads eight logs at a time. */
const PARALLEL_PARTS = 4;
const MOST_PARTS = 10_000;

interface VerifyOptions {
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
  readonly parts?: string;
  readonly checkpoint?: string;
}

export function addAuditCommands(program: Command, out: Output): void {
  const audit = program.command('audit').description('proof that past and present balances are right');
  audit
    .command('verify')
    .description('checks every log, commit by commit, and the trial balance')
    .option('--account <id>', 'this account only')
    .option('--from <time>', 'commits from this time on; the one before is believed')
    .option('--to <time>', 'commits before this time, and the trial balance at it')
    .option('--parts <number>', 'parts that the accounts are taken in; more need less memory')
    .option('--checkpoint <file>', 'keeps what is done, and goes on from it')
    .action((options: VerifyOptions, command: Command) => runOnSource(command, out, (run) => verify(run, options)));
  addProofCommands(audit, out);
  addReplayCommands(audit, out);
}

async function verify(run: CommandRun, options: VerifyOptions) {
  const period = periodOf(options);
  if (options.account !== undefined && options.checkpoint !== undefined)
    throw new CommandError(exitCodes.usage, '--checkpoint is for whole audits; one account is audited in one go');
  const progress = showProgress('audit');
  const startedAt = performance.now();
  try {
    const { logs, checkpoint } = await verifyLogs(run, options, period, progress);
    const seals = await sealFindings(run, options);
    const findings = [...logs.findings, ...(await trialBalance(run, options, period)), ...seals.findings];
    const seconds = (performance.now() - startedAt) / 1_000;
    progress.stop();
    checkpoint.finish();
    run.tell({ ...logs, seals: seals.days, findings, seconds }, () =>
      readable({ ...logs, findings }, seals.days, seconds),
    );
    return findings.length === 0 ? exitCodes.ok : exitCodes.wrong;
  } finally {
    progress.stop();
  }
}

async function verifyLogs(run: CommandRun, options: VerifyOptions, period: Period, progress: Progress) {
  const { account, checkpoint: file } = options;
  const { source, scope } = run;
  if (account !== undefined) return { logs: await verifyAccount(run, account, period), checkpoint: noCheckpoint };
  const isWhole = period.from === undefined && period.to === undefined;
  const folder = isWhole ? source.folder : undefined;
  const usual = folder === undefined ? STACK_PARTS : availableParallelism();
  const parts = options.parts === undefined ? usual : wholeNumberOf('--parts', options.parts, 1, MOST_PARTS);
  const audit = JSON.stringify({ wallet: walletOf(source), scope, parts, ...period });
  const checkpoint = new Checkpoint(file, audit);
  const shares = new Map([...checkpoint.done].map((part) => [part, 1]));
  const tell = (part: number, share: number): void => {
    shares.set(part, share);
    progress.at([...shares.values()].reduce((sum, done) => sum + done, 0) / parts);
  };
  const onPart = (part: number, verified: Verified): void => {
    checkpoint.add(part, verified);
    tell(part, 1);
  };
  const verified =
    folder === undefined
      ? await verifyParts(run, period, parts, checkpoint.done, onPart)
      : await verifyFolder({
          folder,
          parts,
          threads: availableParallelism(),
          skip: checkpoint.done,
          onProgress: ({ part, share }) => tell(part, share),
          onPart,
        });
  return { logs: together(checkpoint.verified, verified), checkpoint };
}

/** One account is audited in one go. */
const noCheckpoint = new Checkpoint(undefined, '');

/** The wallet that an audit is of: no other wallet's audit goes on from what was done here. */
function walletOf({ folder, outputs }: Source): string | undefined {
  return folder === undefined ? outputs.get('LedgerTable') : path.resolve(folder);
}

async function verifyAccount({ source, scope }: CommandRun, account: string, period: Period): Promise<Verified> {
  if (!accountId.safeParse(account).success) throw new CommandError(exitCodes.usage, `"${account}" is no account's id`);
  const verified = await verifyLog(source, accountKey({ scope, account }), period);
  if (verified.commits > 0 || verified.findings.length > 0) return verified;
  throw new CommandError(exitCodes.notFound, `the ledger holds no commit of ${account} then`);
}

async function verifyParts(
  { source }: CommandRun,
  period: Period,
  parts: number,
  skip: ReadonlySet<number>,
  onPart: (part: number, verified: Verified) => void,
): Promise<Verified> {
  const waiting = Array.from({ length: parts }, (_, part) => part).filter((part) => !skip.has(part));
  const results = await inParallel(waiting, PARALLEL_PARTS, async (part) => {
    const verified = await verifyPart(source, part, parts, period);
    onPart(part, verified);
    return verified;
  });
  return results.reduce(together, nothingVerified);
}

/** Of one account alone there is none. */
async function trialBalance({ source, scope }: CommandRun, { account }: VerifyOptions, { to }: Period) {
  if (account !== undefined) return [];
  return verifyTrialBalance(source, scope, to === undefined ? undefined : to - 1);
}

/** Seals speak of all logs together. */
async function sealFindings({ source }: CommandRun, { account }: VerifyOptions): Promise<VerifiedSeals> {
  if (account !== undefined || source.seals === undefined) return { days: 0, findings: [] };
  const { log, scan, seals } = source;
  return verifySeals({ log, scan, seals, hash: sha256Bytes });
}

function readable({ accounts, commits, findings }: Verified, days: number, seconds: number): string {
  const rate = Math.round(commits / Math.max(seconds, 0.001)).toLocaleString('en');
  const done = `${accounts.toLocaleString('en')} logs, ${commits.toLocaleString('en')} commits in ${seconds.toFixed(1)} s (${rate} a second)`;
  if (findings.length === 0) return `${done}, ${days} sealed days: nothing is wrong.`;
  return `${done}\n${findingsTable(findings)}\n${findings.length} findings.`;
}

function findingsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ kind, account, version, what }) => [kind, account, String(version), what]);
  return tableOf(['finding', 'account', 'version', 'what'], rows, [2]);
}
