/**
 * Continuous archiving: commits go into the archive as the ledger's stream brings them, within seconds of their append.
 *
 * The stream delivers at least once and in batches that differ from try to try, so a commit may stand in several raw texts. That is
 * harmless: a raw text is a copy that does not depend on the table, for the time until the closing of its day has made the final
 * one from the ledger, where each commit stands once. The archive forgets raw texts some weeks later.
 */
import { encodeCommitLine, nameOf } from '../contracts/archive.ts';
import { dayOf } from '../contracts/day.ts';
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { Archive, Digest } from '../ports.ts';

export interface ArchivingPorts {
  readonly archive: Archive;
  readonly digest: Digest;
}

/** Archives commits, each as often as it comes. Rejects on infrastructure trouble; the same commits have to come again then. */
export async function archiveCommits(ports: ArchivingPorts, commits: readonly StoredCommit[]): Promise<void> {
  const byDay = Map.groupBy(commits, ({ at }) => dayOf(at));
  const texts = [...byDay].map(([day, ofDay]) => {
    const text = textOf(ofDay);
    return { name: nameOf('raw', day, ports.digest(text)), text };
  });
  if (texts.length > 0) await ports.archive.put(texts);
}

/** The same commits make the same text, in whatever order and however often they came. */
function textOf(commits: readonly StoredCommit[]): string {
  const lines = new Set([...commits].sort(byPlace).map(encodeCommitLine));
  return [...lines].join('');
}

/** By account, and within an account by version. */
export function byPlace(a: StoredCommit, b: StoredCommit): number {
  if (a.account !== b.account) return a.account < b.account ? -1 : 1;
  return a.version - b.version;
}
