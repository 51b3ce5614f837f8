/**
 * Every commit of the wallet's file, for whole passes: no index is asked, each frame's checksum and number are checked on the way, and
 * accounts of other parts are passed over without being decoded. An account's commits come in the order in which they were appended.
 */
import { hash } from 'node:crypto';
import { ByteScan, slicesOf } from '../../core/contracts/byte-scan.ts';
import { readableEvents, readUsualEvents } from '../../core/contracts/read-events.ts';
import { COMMIT_VERSION, canonicalText, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { AccountEvent } from '../../core/domain/account.ts';
import { ENTRY_HEADER_BYTES, entryBytes, isCommit, readCommit } from './entries.ts';
import { readCommitHead, type ScannedHead } from './read-commit-head.ts';
import { readFrames } from './read-frames.ts';

/** A commit with what an auditor wants to know of it, taken from its bytes: through its texts it takes twice as long. */
export interface WholeCommit {
  /** Its texts are slices of one: whoever keeps one of them keeps the whole commit in memory. */
  readonly commit: StoredCommit;
  /** Hash of what stands there, whatever hash the commit names. */
  readonly contentHash: string;
  /** Undefined if they cannot be read. */
  readonly events: readonly AccountEvent[] | undefined;
}

/** What a pass does with what it meets. */
export interface CommitReader {
  readonly commit: (commit: WholeCommit) => void;
  /** An entry that should be a commit and is none. @param place its first byte in the file */
  readonly damage: (place: number) => void;
  /** Called with every frame. @param place where it ends in the file */
  readonly frame?: (place: number) => void;
}

/**
 * Reads the commits of the accounts of one of `parts` parts, those of an account in the order in which they stand, and many together.
 *
 * @throws {UnusableData} where a frame is damaged that was acknowledged
 */
export function readCommits(folder: string, part: number, parts: number, reader: CommitReader): void {
  const gathered = new GatheredEntries((entries, at, end, place) => {
    const commit = readWholeCommit(entries, at, end);
    if (commit === undefined) reader.damage(place);
    else reader.commit(commit);
  });
  readFrames(
    folder,
    { end: 0, frames: 0 },
    ({ payload, place }) => {
      for (let at = 0, end = 0; at < payload.length; at = end) {
        end = at + entryBytes(payload, at);
        if (!isCommit(payload, at)) continue;
        const code = accountCode(payload, at);
        if (code % parts === part) gathered.add(code, payload, at, end, place + at);
      }
      reader.frame?.(place + payload.length);
    },
    'look',
  );
  gathered.handOver();
}

/** Bytes of commits that are gathered, and how many commits: ten of each account where 5,000 are active. */
const GATHERED_BYTES = 64 << 20;
const MOST_GATHERED = 1 << 17;
/** Accounts whose codes are the same up to this many share a row. */
const ROWS = 1 << 14;
const NONE = -1;

/** Takes the entry from one byte to another; `place` is where it begins in the file. */
type TakeEntry = (entries: Buffer, at: number, end: number, place: number) => void;

/**
 * Entries on their way to a reader who takes those of one account together: what it knows of the account is at hand then, which in
 * the order of the file it is not, and a fifth of an audit was waiting for memory. Rows are chains in typed arrays: as lists in a map
 * they took twice as long as copying the entries.
 */
class GatheredEntries {
  private readonly take: TakeEntry;
  private readonly entries = Buffer.allocUnsafe(GATHERED_BYTES);
  private used = 0;
  private count = 0;
  /** Of each entry: where it begins and ends, its place in the file, and the next of its row. */
  private readonly starts = new Uint32Array(MOST_GATHERED);
  private readonly ends = new Uint32Array(MOST_GATHERED);
  private readonly places = new Float64Array(MOST_GATHERED);
  private readonly next = new Int32Array(MOST_GATHERED);
  private readonly first = new Int32Array(ROWS).fill(NONE);
  private readonly last = new Int32Array(ROWS).fill(NONE);

  constructor(take: TakeEntry) {
    this.take = take;
  }

  /** @param code of the entry's account */
  add(code: number, payload: Buffer, at: number, end: number, place: number): void {
    if (this.used + end - at > GATHERED_BYTES || this.count === MOST_GATHERED) this.handOver();
    const entry = this.count;
    this.starts[entry] = this.used;
    this.places[entry] = place;
    this.next[entry] = NONE;
    // By higher bits: the lowest chose the part.
    const row = (code >>> 8) % ROWS;
    const before = this.last[row] ?? NONE;
    if (before === NONE) this.first[row] = entry;
    else this.next[before] = entry;
    this.last[row] = entry;
    this.count += 1;
    this.used += payload.copy(this.entries, this.used, at, end);
    this.ends[entry] = this.used;
  }

  handOver(): void {
    for (const first of this.first) {
      for (let entry = first; entry !== NONE; entry = this.next[entry] ?? NONE)
        this.take(this.entries, this.starts[entry] ?? 0, this.ends[entry] ?? 0, this.places[entry] ?? 0);
    }
    this.first.fill(NONE);
    this.last.fill(NONE);
    this.count = 0;
    this.used = 0;
  }
}

/** Reads the commit from one byte to another, whose head is lost then; undefined if there is none. */
export function readWholeCommit(entries: Buffer, at: number, end: number): WholeCommit | undefined {
  return usualCommit(entries, at, end) ?? anyCommit(entries.subarray(at, end));
}

/** A commit in ASCII of the newest version, as nearly all are, whose head is lost then; undefined for any other. */
function usualCommit(entries: Buffer, at: number, end: number): WholeCommit | undefined {
  const from = at + ENTRY_HEADER_BYTES;
  const body = from + entries.readUInt32LE(at + 1);
  const text = entries.toString('utf8', from, end);
  // Every byte that is part of a longer character, or of none, makes the text shorter or takes a unit of its own, which is read as unusual.
  if (text.length !== end - from) return undefined;
  const slice = slicesOf(text, from);
  const scan = new ByteScan(entries, from, slice);
  const head = readCommitHead(scan, body);
  if (head === undefined || head.v !== COMMIT_VERSION || body + head.stateLength > end) return undefined;
  const eventsAt = body + head.stateLength;
  const { account, v, version, at: time, position, highArrival, prevHash, hash: named } = head;
  const texts = { state: slice(body, eventsAt), events: slice(eventsAt, end) };
  const commit = { account, v, version, at: time, position, highArrival, prevHash, hash: named, ...texts };
  scan.at = eventsAt;
  const events = readUsualEvents(scan, end) ?? readableEvents(commit.events);
  const contentHash = hashOf(entries, from, end, head) ?? sha256(commit);
  return { commit, contentHash, events };
}

const CANONICAL_START = Buffer.from(`["wallet.commit",${COMMIT_VERSION},`);

/**
 * SHA-256 of a commit's canonical text ({@link canonicalText}). All of it but its start stands in the entry, so it is moved together right
 * there, over what has been read: as a text it takes three times as long to put together. Undefined if there is no room for it.
 */
function hashOf(entries: Buffer, from: number, end: number, head: ScannedHead): string | undefined {
  const { accountTo, chainFrom, chainTo, lengthFrom } = head;
  const chainAt = lengthFrom - (chainTo - chainFrom);
  // The account stands behind the bracket with which the head opens.
  const accountAt = chainAt - (accountTo - from - 1);
  const start = accountAt - CANONICAL_START.length;
  if (start < from) return undefined;
  entries.copyWithin(chainAt, chainFrom, chainTo);
  entries.copyWithin(accountAt, from + 1, accountTo);
  entries.set(CANONICAL_START, start);
  return hash('sha256', entries.subarray(start, end), 'hex');
}

function anyCommit(entry: Buffer): WholeCommit | undefined {
  try {
    const { commit } = readCommit(entry);
    return { commit, contentHash: sha256(commit), events: readableEvents(commit.events) };
  } catch {
    return undefined;
  }
}

function sha256(commit: StoredCommit): string {
  return hash('sha256', canonicalText(commit), 'hex');
}

const QUOTE = '"'.charCodeAt(0);

/** A number for the account whose key stands first in a commit's head: FNV-1a over its bytes, from behind `["` to the next quote. */
function accountCode(payload: Buffer, at: number): number {
  let code = 0x811c9dc5;
  for (let i = at + ENTRY_HEADER_BYTES + 2; i < payload.length && payload[i] !== QUOTE; i += 1)
    code = Math.imul(code ^ (payload[i] ?? 0), 0x01000193);
  return code >>> 0;
}
