/**
 * The audit of a ledger: every log from its first commit to its last (or a stretch of it), and the trial balance, which is what no
 * single log can show. Walks what the scan finds, not what the registry knows, so an account that was never opened, or was never
 * registered, is audited as well.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import { timestampOf } from '../contracts/timestamp.ts';
import type { TrialBalance } from '../domain/trial-balance.ts';
import { DamagedCommit, type Digest, type EventLog, type LedgerScan } from '../ports.ts';
import { type Finding, LogAudit } from './audit-log.ts';
import { computeTrialBalance, type TrialBalancePorts } from './compute-trial-balance.ts';
import { CommitPruned, findCommit } from './find-commit.ts';
import { inParallel } from './in-parallel.ts';
import { LookUpBeforePruning } from './match-transfers.ts';
import { stateAfter } from './read-commit.ts';

/** Logs read at a time in one part. */
const PARALLEL_LOGS = 8;
/** Findings that are kept; of a ledger that is worse than that, more would tell nothing. */
export const MOST_FINDINGS = 1_000;
/** Accounts taken from the scan before their logs are read. */
const ACCOUNTS_TOGETHER = 64;

export interface VerifyPorts {
  readonly log: EventLog;
  readonly scan: LedgerScan;
  readonly digest: Digest;
}

/** The time that is audited, UTC milliseconds; the commit before it is believed. */
export interface Period {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What an audit of some logs came to. */
export interface Verified {
  readonly accounts: number;
  readonly commits: number;
  /** In no order, at most {@link MOST_FINDINGS}. */
  readonly findings: readonly Finding[];
}

export const nothingVerified: Verified = { accounts: 0, commits: 0, findings: [] };

export function together(a: Verified, b: Verified): Verified {
  const findings = [...a.findings, ...b.findings].slice(0, MOST_FINDINGS);
  return { accounts: a.accounts + b.accounts, commits: a.commits + b.commits, findings };
}

/** Called with each log that was audited, for progress. */
export type OnVerified = (verified: Verified) => void;

/** Audits all logs of one of `parts` parts of the ledger. */
export async function verifyPart(
  ports: VerifyPorts,
  part: number,
  parts: number,
  period: Period = {},
  onVerified: OnVerified = () => {},
): Promise<Verified> {
  let verified = nothingVerified;
  let waiting: string[] = [];
  const flush = async (): Promise<void> => {
    const results = await inParallel(waiting, PARALLEL_LOGS, (account) => verifyLog(ports, account, period));
    waiting = [];
    for (const result of results) {
      verified = together(verified, result);
      onVerified(result);
    }
  };
  for await (const account of ports.scan.accounts(part, parts)) {
    waiting.push(account);
    if (waiting.length === ACCOUNTS_TOGETHER) await flush();
  }
  await flush();
  return verified;
}

/** Audits one account's log. */
export async function verifyLog(ports: VerifyPorts, account: string, { from, to }: Period = {}): Promise<Verified> {
  let commits = 0;
  const findings: Finding[] = [];
  try {
    const anchor = from === undefined ? undefined : await anchorOf(ports.log, account, from);
    const audit = new LogAudit(account, { digest: ports.digest, anchor });
    for await (const commit of ports.scan.oldestFirst(account, anchor?.version ?? 0)) {
      if (to !== undefined && commit.at >= to) break;
      commits += 1;
      findings.push(...audit.take(commit));
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.push({ kind: 'unreadable', account, version: 0, what: error.message });
  }
  return { accounts: 1, commits, findings: findings.slice(0, MOST_FINDINGS) };
}

/** The commit that a period begins behind. @throws {DamagedCommit} if there is no beginning behind it */
async function anchorOf(log: EventLog, account: string, from: number): Promise<StoredCommit | undefined> {
  const { commit } = await findCommit(log, account, from - 1);
  if (commit !== undefined) stateAfter(commit);
  return commit;
}

/** Whether it is the ledger that is damaged. That is what an audit is there to tell; any other trouble ends it. */
function isDamage(error: unknown): error is Error {
  return [DamagedCommit, CommitPruned, LookUpBeforePruning].some((kind) => error instanceof kind);
}

/**
 * Audits what only all logs together show: that the trial balance at a cut is zero, transfer by transfer. Of a ledger in which it
 * cannot be computed that is the finding: it may not keep from being told what is wrong with the logs.
 */
export async function verifyTrialBalance(
  ports: TrialBalancePorts,
  scope: string,
  at?: number,
): Promise<readonly Finding[]> {
  try {
    const trial = await computeTrialBalance(ports, scope, at);
    if (trial === undefined) throw new Error('a trial balance without bounds was given up');
    return imbalances(trial);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const what = `there is no trial balance: ${error.message}`;
    return [{ kind: 'unreadable', account: '', version: 0, what }];
  }
}

function imbalances(trial: TrialBalance): readonly Finding[] {
  const asOf = timestampOf(trial.asOf);
  const sums = trial.currencies.filter(({ sum }) => sum !== 0n);
  return [
    ...sums.map(({ currency, sum }): Finding => {
      const what = `at ${asOf} the balances in ${currency} and what is in flight sum to ${sum} minor units, not to zero`;
      return { kind: 'unbalanced', account: '', version: 0, what };
    }),
    ...trial.unmatched.map(({ transfer, debits, credits, refunds }): Finding => {
      const what = `transfer ${transfer} has ${debits} debits, ${credits} credits and ${refunds} refunds at ${asOf}`;
      return { kind: 'unbalanced', account: '', version: 0, what };
    }),
  ];
}
