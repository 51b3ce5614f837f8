/**
 * The projections made again from the log, while transfers go on: every commit that there ever was is projected once more. Nothing of
 * it depends on order or on how often a commit comes (see project), so what the stream brings meanwhile and what comes from
 * here lead to the same.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { EventLog, LedgerScan, TransferStore, ViewStore } from '../ports.ts';
import { decodeCommits } from './decode-commits.ts';
import { projectViews } from './project.ts';

/** Commits projected at a time: a few hundred statuses, which are some calls. */
const COMMITS_AT_ONCE = 50;

export interface RebuildPorts {
  /** With what left the table. */
  readonly log: EventLog;
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly transfers: TransferStore;
  readonly views: ViewStore;
}

export interface Rebuilt {
  readonly accounts: number;
  readonly commits: number;
  /** Commits that cannot be read, as `account/version`; all others were projected. */
  readonly unreadable: readonly string[];
}

/** Projects the whole log again. Rejects on infrastructure trouble; begun again it does everything again, which is harmless. */
export async function rebuildProjections(ports: RebuildPorts, part = 0, parts = 1): Promise<Rebuilt> {
  let accounts = 0;
  let commits = 0;
  const unreadable: string[] = [];
  for await (const account of ports.scan.accounts(part, parts)) {
    accounts += 1;
    for await (const group of groupsOf(ports.log.newestFirst(account))) {
      commits += group.length;
      const { decoded, unreadable: damaged } = decodeCommits(group);
      unreadable.push(...damaged.map(({ partitionKey, sequence }) => `${partitionKey}/${sequence}`));
      await projectViews(ports, decoded);
    }
  }
  return { accounts, commits, unreadable };
}

async function* groupsOf(commits: AsyncIterable<StoredCommit>): AsyncIterable<readonly StoredCommit[]> {
  let group: StoredCommit[] = [];
  for await (const commit of commits) {
    group.push(commit);
    if (group.length < COMMITS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
