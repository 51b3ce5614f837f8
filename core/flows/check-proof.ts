/**
 * Checking a proof of a balance offline, with a root that the checker trusts and nothing else. Every rule here is what keeps a liar
 * from presenting another commit: an older one, one of another account or day, or a changed one.
 */
import { endOfDay } from '../contracts/day.ts';
import { type BalanceProof, fromHex, leafOf, toHex } from '../contracts/seal.ts';
import { canonicalText, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import { type AccountState, unopened } from '../domain/account.ts';
import { type HashBytes, rootOfPath } from '../domain/merkle.ts';

/** What a sound proof proves: the account's state at the moment, and the version that says so (0: nothing was recorded yet). */
export interface Proven {
  readonly state: AccountState;
  readonly version: number;
  /** Time of that commit, UTC milliseconds. */
  readonly committedAt: number;
}

export type ProofCheck =
  | { readonly ok: true; readonly proven: Proven }
  /** The first rule that does not hold, in a sentence. */
  | { readonly ok: false; readonly fault: string };

/** @param root of the day, from a source that the checker trusts; lower-case hexadecimal */
export function checkProof(proof: BalanceProof, root: string, hash: HashBytes): ProofCheck {
  const fault = chainFault(proof, hash) ?? momentFault(proof) ?? treeFault(proof, root, hash);
  if (fault !== undefined) return { ok: false, fault };
  const [first] = proof.commits;
  if (first === undefined || first.at > proof.at)
    return { ok: true, proven: { state: unopened, version: 0, committedAt: 0 } };
  return proven(first);
}

function proven({ state, version, at }: StoredCommit): ProofCheck {
  try {
    return { ok: true, proven: { state: decodeState(state), version, committedAt: at } };
  } catch {
    return { ok: false, fault: `the state of version ${version} is none that this program can read` };
  }
}

/** Whether the commits are the account's, each as it was hashed, one behind the other without a gap. */
function chainFault({ account, commits }: BalanceProof, hash: HashBytes): string | undefined {
  if (commits.length === 0) return 'it holds no commit';
  for (const [i, commit] of commits.entries()) {
    const before = commits[i - 1];
    const name = `version ${commit.version}`;
    if (commit.account !== account) return `${name} is one of ${commit.account}`;
    if (toHex(hash(new TextEncoder().encode(canonicalText(commit)))) !== commit.hash)
      return `${name} has not the hash of its content`;
    if (before !== undefined && !follows(commit, before)) return `${name} does not follow version ${before.version}`;
  }
  return undefined;
}

function follows(commit: StoredCommit, before: StoredCommit): boolean {
  return commit.version === before.version + 1 && commit.prevHash === before.hash && commit.at >= before.at;
}

/** Whether the first commit is the newest at the moment, within a day that the moment is not after. */
function momentFault({ at, day, commits }: BalanceProof): string | undefined {
  const [first, second] = commits;
  if (at >= endOfDay(day)) return `the moment is after the day ${day}, of which the root speaks`;
  if (first === undefined) return 'it holds no commit';
  if (second !== undefined && second.at <= at) return `version ${second.version} is the newer one at the moment`;
  if (first.at > at && (first.version !== 1 || first.prevHash !== ''))
    return `version ${first.version} is after the moment, and not the first`;
  return undefined;
}

/** Whether the last commit is the account's head in the tree with the trusted root. */
function treeFault(proof: BalanceProof, root: string, hash: HashBytes): string | undefined {
  const { account, day, index, size, path, commits } = proof;
  const last = commits.at(-1);
  if (last === undefined) return 'it holds no commit';
  const leaf = leafOf(hash, day, { account, version: last.version, hash: last.hash });
  const led = rootOfPath(hash, leaf, { index, size }, path.map(fromHex));
  if (led === undefined) return 'its path does not fit the size of the tree';
  return toHex(led) === root ? undefined : `it leads to the root ${toHex(led)}, not to the trusted one`;
}
