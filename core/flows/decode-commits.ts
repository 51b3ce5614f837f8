/**
 * Commits of the ledger's stream, decoded once for everything that is derived from them. One that cannot be read is told apart,
 * because it would fail as often as it came again, and all others of its batch with it.
 */
import { toJson } from '../contracts/json.ts';
import { decodeEvents, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent } from '../domain/account.ts';
import type { QuarantinedRecord } from '../ports.ts';

/** Names of commits in quarantine begin so; those of commands begin with their lane. */
export const COMMIT_PREFIX = 'ledger/';

/** A commit's place and time, and its events. */
export interface DecodedCommit {
  readonly commit: CommitPlace;
  readonly events: readonly AccountEvent[];
}

export type CommitPlace = Pick<StoredCommit, 'account' | 'version' | 'at'>;

export interface DecodedCommits {
  readonly decoded: readonly DecodedCommit[];
  /** Commits that cannot be read; they stand in the ledger all the same. */
  readonly unreadable: readonly QuarantinedRecord[];
}

export function decodeCommits(commits: readonly StoredCommit[]): DecodedCommits {
  const decoded: DecodedCommit[] = [];
  const unreadable: QuarantinedRecord[] = [];
  for (const commit of commits) {
    try {
      decoded.push({ commit, events: decodeEvents(commit.events) });
    } catch (error) {
      unreadable.push(quarantinedCommit(commit, error));
    }
  }
  return { decoded, unreadable };
}

function quarantinedCommit(commit: StoredCommit, error: unknown): QuarantinedRecord {
  const { account, version, at } = commit;
  return {
    key: `${COMMIT_PREFIX}${account}/${version}`,
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    partitionKey: account,
    sequence: String(version),
    arrival: at,
    data: new TextEncoder().encode(toJson(commit)),
  };
}
