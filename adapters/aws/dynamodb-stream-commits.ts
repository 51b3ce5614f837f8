/** Commits as the stream of the ledger's table brings them to a function. */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { commitOfItem } from './commit-item.ts';

/** Reads the new image of a stream record; throws `DamagedCommit` if it is no commit. */
export function commitOfStreamImage(newImage: unknown): StoredCommit {
  return commitOfItem(newImage);
}
