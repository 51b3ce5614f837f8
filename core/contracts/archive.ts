/**
 * What the archive holds, and under which names. Names are storage format.
 *
 *   raw/<day>/<hash>                    commits as the ledger's stream brought them, within seconds; some come twice
 *   log/<day>/<hash>                    commits that the closing of a day archived: sorted, each once, chained by their hashes
 *   closing/<day>/<hash>                one line per account: version, hash and balance at the end of the day
 *   segments/<day>/<n>-of-<N>           what the closing of one part of the accounts made
 *   manifests/<day>                     the day is closed: its totals
 *
 * Names of the first three end with the SHA-256 of the text: who makes one again after a crash makes the same.
 */
import * as z from 'zod/mini';
import type { AccountState } from '../domain/account.ts';
import { milliseconds, minorUnits, toJson, version } from './json.ts';
import { decodePosition, encodePosition, type StoredCommit } from './stored-commit.ts';

export const ARCHIVE_VERSION = 1;

const dayText = z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/));
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const count = z.int().check(z.nonnegative());

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ArchivedKind = 'raw' | 'log' | 'closing';

export function nameOf(kind: ArchivedKind, day: string, contentHash: string): string {
  return `${kind}/${day}/${contentHash}`;
}

export const MANIFESTS_PREFIX = 'manifests/';

export function manifestName(day: string): string {
  return `${MANIFESTS_PREFIX}${day}`;
}

export function segmentName(day: string, segment: number, segments: number): string {
  return `segments/${day}/${segment}-of-${segments}`;
}

// ── Commits ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const commitSchema = z.object({
  account: z.string(),
  version,
  v: z.int(),
  at: milliseconds,
  position: z.string(),
  highArrival: milliseconds,
  prevHash: z.string(),
  hash,
  state: z.string(),
  events: z.string(),
});

/** A commit as one line. Account and version stand first, so that a reader finds its lines without reading all. */
export function encodeCommitLine(commit: StoredCommit): string {
  const { account, version, v, at, highArrival, prevHash, hash, state, events } = commit;
  const position = encodePosition(commit.position);
  return `${toJson({ account, version, v, at, position, highArrival, prevHash, hash, state, events })}\n`;
}

/** Reads one line; throws on anything that {@link encodeCommitLine} does not write. */
export function decodeCommitLine(line: string): StoredCommit {
  const { position, ...rest } = commitSchema.parse(JSON.parse(line));
  return { ...rest, position: decodePosition(position) };
}

/** Commits of a text; of one account where it is given. */
export function decodeCommits(text: string, account?: string): readonly StoredCommit[] {
  const start = account === undefined ? '{' : `{"account":${JSON.stringify(account)},`;
  return text
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map(decodeCommitLine);
}

// ── Closing of a day ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** An account at the end of a day: the head of its chain there, and its balance. */
export interface ClosedAccount {
  readonly account: string;
  readonly version: number;
  readonly at: number;
  readonly hash: string;
  readonly status: AccountState['status'];
  /** Empty for an account that was never opened. */
  readonly currency: string;
  /** Minor units. */
  readonly balance: bigint;
}

const closedSchema = z.object({
  account: z.string(),
  version,
  at: milliseconds,
  hash,
  status: z.enum(['unopened', 'open', 'frozen', 'closing', 'closed']),
  currency: z.string(),
  balance: minorUnits,
});

export function encodeClosedLine({ account, version, at, hash, status, currency, balance }: ClosedAccount): string {
  return `${toJson({ account, version, at, hash, status, currency, balance })}\n`;
}

export function decodeClosed(text: string): readonly ClosedAccount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => closedSchema.parse(JSON.parse(line)));
}

/** Sums of one currency, minor units. */
const movesSchema = z.object({
  currency: z.string(),
  balances: minorUnits,
  accounts: count,
  debited: minorUnits,
  credited: minorUnits,
  refunded: minorUnits,
});
export type SegmentTotals = z.infer<typeof movesSchema>;

/** What was found wrong with an account's log; its commits stay out of the archive until it is mended. */
const damageSchema = z.object({ account: z.string(), reason: z.string() });
export type DamagedLog = z.infer<typeof damageSchema>;

const segmentSchema = z.object({
  v: z.literal(ARCHIVE_VERSION),
  day: dayText,
  segment: count,
  segments: count,
  closings: z.array(z.string()),
  accounts: count,
  commits: count,
  /** Commits that were appended with a time inside a day that was closed already. */
  late: count,
  currencies: z.array(movesSchema),
  damaged: z.array(damageSchema),
});
export type ClosedSegment = z.infer<typeof segmentSchema>;

const totalsSchema = z.object({
  currency: z.string(),
  accounts: count,
  balances: minorUnits,
  inFlight: minorUnits,
  sum: minorUnits,
});

const manifestSchema = z.object({
  v: z.literal(ARCHIVE_VERSION),
  day: dayText,
  /** The day holds what was committed before this time, UTC milliseconds. */
  before: milliseconds,
  /** The last day that was closed before; null for the first. */
  previous: z.nullable(dayText),
  segments: count,
  closings: z.array(z.string()),
  accounts: count,
  commits: count,
  late: count,
  /** True if the sum of every currency is zero and no log is damaged. */
  balanced: z.boolean(),
  currencies: z.array(totalsSchema),
  damaged: z.array(damageSchema),
});
export type DayManifest = z.infer<typeof manifestSchema>;

export function encodeSegment(segment: ClosedSegment): string {
  return toJson(segment);
}

export function decodeSegment(text: string): ClosedSegment {
  return segmentSchema.parse(JSON.parse(text));
}

export function encodeManifest(manifest: DayManifest): string {
  return toJson(manifest);
}

export function decodeManifest(text: string): DayManifest {
  return manifestSchema.parse(JSON.parse(text));
}
