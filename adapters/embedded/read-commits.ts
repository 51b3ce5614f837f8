/**
 * Every commit of the wallet's file in the order in which it was appended, for whole passes: no index is asked, each frame's
 * checksum and number are checked on the way, and accounts of other parts are passed over without being decoded.
 */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { ENTRY_HEADER_BYTES, entryBytes, isCommit, readCommit } from './entries.ts';
import { readFrames } from './read-frames.ts';

/** What a pass does with what it meets. */
export interface CommitReader {
  readonly commit: (commit: StoredCommit) => void;
  /** An entry that should be a commit and is none. @param place its first byte in the file */
  readonly damage: (place: number) => void;
  /** Called with every frame. @param place where it ends in the file */
  readonly frame?: (place: number) => void;
}

/**
 * Reads the commits of the accounts of one of `parts` parts, those of an account in the order of their versions.
 *
 * @throws {UnusableData} where a frame is damaged that was acknowledged
 */
export function readCommits(folder: string, part: number, parts: number, reader: CommitReader): void {
  readFrames(
    folder,
    { end: 0, frames: 0 },
    ({ payload, place }) => {
      for (let at = 0; at < payload.length; at += entryBytes(payload, at)) {
        if (!isCommit(payload, at) || (parts > 1 && partOf(payload, at, parts) !== part)) continue;
        const commit = commitAt(payload, at);
        if (commit === undefined) reader.damage(place + at);
        else reader.commit(commit);
      }
      reader.frame?.(place + payload.length);
    },
    'look',
  );
}

function commitAt(payload: Buffer, at: number): StoredCommit | undefined {
  try {
    return readCommit(payload, at).commit;
  } catch {
    return undefined;
  }
}

const QUOTE = '"'.charCodeAt(0);

/** Part of the account whose key stands first in a commit's head: FNV-1a over its bytes, from behind `["` to the next quote. */
function partOf(payload: Buffer, at: number, parts: number): number {
  let hash = 0x811c9dc5;
  for (let i = at + ENTRY_HEADER_BYTES + 2; i < payload.length && payload[i] !== QUOTE; i += 1)
    hash = Math.imul(hash ^ (payload[i] ?? 0), 0x01000193);
  return (hash >>> 0) % parts;
}
