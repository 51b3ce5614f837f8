/** A thread of {@link verifyFolder}: audits the accounts of one part, and tells how far it is. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { LEDGER_FILE } from '../../adapters/embedded/frame-file.ts';
import { readCommits } from '../../adapters/embedded/read-commits.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { type Finding, LogAudit } from '../../core/flows/audit-log.ts';
import { MOST_FINDINGS, type Verified } from '../../core/flows/verify-ledger.ts';

export interface FolderPart {
  readonly folder: string;
  readonly part: number;
  readonly parts: number;
}

export type PartMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly verified: Verified };

/** Shares of the file between two tellings. */
const TOLD_SHARES = 200;

/** Audits one part in this thread. */
export function verifyFolderPart(
  { folder, part, parts }: FolderPart,
  onShare: (share: number) => void = () => {},
): Verified {
  const audits = new Map<string, LogAudit>();
  const findings: Finding[] = [];
  const size = statSync(path.join(folder, LEDGER_FILE)).size;
  /** That of the last commit: those of an account come together. */
  let audit: LogAudit | undefined;
  let commits = 0;
  let told = 0;
  const auditOf = (account: string): LogAudit => {
    const known = audits.get(account);
    if (known !== undefined) return known;
    // A text of its own, or it would keep the whole commit that it was read from.
    const begun = new LogAudit(Buffer.from(account).toString(), { digest: sha256 });
    audits.set(begun.account, begun);
    return begun;
  };
  readCommits(folder, part, parts, {
    commit: ({ commit, contentHash, events }) => {
      if (audit === undefined || audit.account !== commit.account) audit = auditOf(commit.account);
      commits += 1;
      const found = audit.takeRead(commit, contentHash, events);
      if (found.length > 0 && findings.length < MOST_FINDINGS) findings.push(...found);
    },
    damage: (place) => {
      const what = `the commit at byte ${place} of ${LEDGER_FILE} cannot be read`;
      findings.push({ kind: 'unreadable', account: '', version: 0, what });
    },
    frame: (end) => {
      if (end - told < size / TOLD_SHARES) return;
      told = end;
      onShare(end / size);
    },
  });
  return { accounts: audits.size, commits, findings: findings.slice(0, MOST_FINDINGS) };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const tell = (message: PartMessage): void => port.postMessage(message);
  const verified = verifyFolderPart(workerData, (share) => tell({ kind: 'progress', share }));
  tell({ kind: 'done', verified });
}
