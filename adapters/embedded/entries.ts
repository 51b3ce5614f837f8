/**
 * What stands in a frame, entry after entry:
 *
 *   kind (1 byte)  length of head (uint32)  length of body (uint32)  head (JSON array)  body (UTF-8)
 *
 * Heads are arrays without names, since they are written for every transfer. A commit's body is its state and its events, the
 * very texts that were hashed.
 */
import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { ByteScan } from '../../core/contracts/byte-scan.ts';
import { type RequestDetails, type TransferRecord, transferContentText } from '../../core/contracts/claim.ts';
import { requestCommands } from '../../core/contracts/json.ts';
import { decodePosition, encodePosition, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { reasons } from '../../core/domain/reason.ts';
import { type CommitHead, readCommitHead } from './read-commit-head.ts';

export const ENTRY_HEADER_BYTES = 9;

/** One letter per kind; they are storage format and never change their meaning. */
export const kinds = {
  commit: 'C',
  transfer: 'T',
  account: 'A',
  report: 'R',
  quarantined: 'Q',
  saga: 'S',
  openWork: 'O',
  note: 'N',
  webhook: 'W',
  /** The name of one that was removed, which is not given again. Earlier versions put an entry of the kind above without a body. */
  removedWebhook: 'V',
  delivery: 'D',
  deadDelivery: 'G',
  /** Takes an entry of the other kinds away. */
  removed: 'X',
} as const;
export type Kind = (typeof kinds)[keyof typeof kinds];
/** Kinds of which the newest entry of each key counts, and which are few. */
export const keyedKinds = [
  kinds.account,
  kinds.report,
  kinds.quarantined,
  kinds.saga,
  kinds.openWork,
  kinds.note,
  kinds.webhook,
  kinds.removedWebhook,
  kinds.delivery,
  kinds.deadDelivery,
] as const;
export type KeyedKind = (typeof keyedKinds)[number];
const kindOfByte: ReadonlyMap<number, Kind> = new Map(Object.values(kinds).map((kind) => [kind.charCodeAt(0), kind]));

export interface Entry {
  readonly kind: Kind;
  readonly head: string;
  readonly body: string;
}

/** Bytes that an entry may need at most: UTF-8 takes at most three for each unit of a JavaScript string. */
export function roomFor(head: string, body: string, moreBody: string): number {
  return ENTRY_HEADER_BYTES + 3 * (head.length + body.length + moreBody.length);
}

/** Writes an entry into a buffer that has room for it, and returns where it ends. The body comes in two parts, so nobody joins them. */
export function writeEntry(
  buffer: Buffer,
  at: number,
  kind: Kind,
  head: string,
  body: string,
  moreBody: string,
): number {
  const headAt = at + ENTRY_HEADER_BYTES;
  const text = body === '' && moreBody === '' ? head : `${head}${body}${moreBody}`;
  const end = headAt + buffer.write(text, headAt);
  // One write for all of it. As almost always, it took a byte for each character; else the head's bytes have to be counted.
  const headBytes = end - headAt === text.length ? head.length : Buffer.byteLength(head);
  buffer[at] = kind.charCodeAt(0);
  buffer.writeUInt32LE(headBytes, at + 1);
  buffer.writeUInt32LE(end - headAt - headBytes, at + 5);
  return end;
}

/** Length of the entry whose first bytes these are, its own header included. */
export function entryBytes(bytes: Buffer, at = 0): number {
  return ENTRY_HEADER_BYTES + bytes.readUInt32LE(at + 1) + bytes.readUInt32LE(at + 5);
}

/** Reads an entry; the body only where it is wanted. Throws on anything that is none: a frame's checksum let it through. */
export function readEntry(bytes: Buffer, at = 0, wantsBody = true): Entry {
  const kind = kindOfByte.get(bytes[at] ?? 0);
  if (kind === undefined) throw new Error(`no entry begins with the byte ${bytes[at]}`);
  const body = at + ENTRY_HEADER_BYTES + bytes.readUInt32LE(at + 1);
  const end = body + bytes.readUInt32LE(at + 5);
  return {
    kind,
    head: bytes.toString('utf8', at + ENTRY_HEADER_BYTES, body),
    body: wantsBody ? bytes.toString('utf8', body, end) : '',
  };
}

// ── Commits ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A commit's head, and where older commits of the same account stand in the file. */
export interface PlacedCommit {
  readonly commit: StoredCommit;
  /** Place of the commit before this one; 0 for the first. */
  readonly before: number;
  /** Place of the commit whose version is this one's with its lowest set bit cleared; 0 if that is none. */
  readonly skip: number;
}

const placeSchema = z.int().check(z.nonnegative());
const commitHeadSchema = z.tuple([
  z.string(), // account
  z.int(), // schema version
  z.int(), // version
  z.int(), // at
  z.string(), // position
  z.int(), // highest arrival
  z.string(), // hash before
  z.string(), // hash
  placeSchema, // before
  placeSchema, // skip
  z.int(), // length of the state in the body
]);

/** Keys, positions and hashes hold nothing that JSON would have to escape; a test holds them to it. */
export function commitHead(commit: StoredCommit, before: number, skip: number): string {
  const { account, v, version, at, position, highArrival, prevHash, hash, state } = commit;
  const placed = encodePosition(position);
  return `["${account}",${v},${version},${at},"${placed}",${highArrival},"${prevHash}","${hash}",${before},${skip},${state.length}]`;
}

/** Reads a commit's entry; its texts only where they are wanted. Throws on anything that is none. */
export function readCommit(bytes: Buffer, place = 0, wantsTexts = true): PlacedCommit {
  if (!isCommit(bytes, place)) throw new Error(`no commit begins with the byte ${bytes[place]}`);
  const from = place + ENTRY_HEADER_BYTES;
  const to = from + bytes.readUInt32LE(place + 1);
  // Texts of their own: who keeps the account's name or its hash shall not keep the whole head with it.
  const copy = (a: number, b: number): string => bytes.toString('latin1', a, b);
  const head = readCommitHead(new ByteScan(bytes, from, copy), to) ?? headIn(bytes.toString('utf8', from, to));
  const { account, v, version, at, position, highArrival, prevHash, hash, before, skip, stateLength } = head;
  const texts = wantsTexts ? bytes.toString('utf8', to, to + bytes.readUInt32LE(place + 5)) : '';
  const [state, events] = [texts.slice(0, stateLength), texts.slice(stateLength)];
  return { commit: { v, account, version, at, position, highArrival, prevHash, hash, state, events }, before, skip };
}

const COMMIT = kinds.commit.charCodeAt(0);

export function isCommit(bytes: Buffer, place: number): boolean {
  return bytes[place] === COMMIT;
}

function headIn(text: string): CommitHead {
  const [account, v, version, at, position, highArrival, prevHash, hash, before, skip, stateLength] =
    commitHeadSchema.parse(JSON.parse(text));
  const placed = decodePosition(position);
  return { account, v, version, at, position: placed, highArrival, prevHash, hash, before, skip, stateLength };
}

// ── Transfers and requests ──────────────────────────────────────────────────────────────────────────────────────────────────

const statuses = ['claimed', 'refused', 'completed', 'reversed', 'rejected'] as const;
const phaseNames = ['debit', 'credit_sent', 'credit', 'refund_sent', 'refund', 'request'] as const;
const digits = z.string().check(z.regex(/^-?[0-9]+$/));
const outcome = z.enum(['ok', ...reasons]);
const transferHeadSchema = z.tuple([
  z.string(), // id
  z.union([
    z.tuple([z.string(), z.string(), digits, z.string()]), // from, to, amount, currency
    z.tuple([z.string(), z.string(), digits, z.string(), z.string()]), // and the hash of its note
    z.tuple([z.string(), z.enum(requestCommands)]),
    z.tuple([z.string(), z.enum(requestCommands), z.record(z.string(), z.string())]), // with details
  ]),
  z.nullable(z.string()), // content hash; null where it is that of the content, as of every transfer
  z.int(), // lane
  z.string(), // position
  z.int(), // arrival
  z.enum(statuses),
  z.nullable(z.enum(reasons)),
  z.nullable(digits), // payer's balance
  z.nullable(z.tuple([z.string(), z.int(), z.int()])), // ledger reference
  z.nullable(z.array(z.tuple([z.enum(phaseNames), z.int(), outcome]))),
  z.optional(z.string()), // who asked first, as owner; absent for operators
]);

/** A record whose hash may be left out where its content says it all: a digest costs 0.7 us, and nobody may ever ask for it. */
export type EncodableTransfer = Omit<TransferRecord, 'contentHash'> & { readonly contentHash?: string };

/** By hand, since it is written for every transfer: `JSON.stringify` of the same takes three times as long. Nothing needs escaping. */
export function transferHead(record: EncodableTransfer): string {
  const { id, subject, contentHash, lane, position, arrival, status, reason, payerBalance, ledgerRef, phases } = record;
  const content = contentHash === undefined ? 'null' : `"${contentHash}"`;
  const what =
    subject.type === 'transfer'
      ? `"${subject.from}","${subject.to}","${subject.amount}","${subject.currency}"${subject.note === undefined ? '' : `,"${subject.note}"`}`
      : `"${subject.account}","${subject.command}"${detailsText(subject.details)}`;
  const where = ledgerRef === undefined ? 'null' : `["${ledgerRef.account}",${ledgerRef.version},${ledgerRef.index}]`;
  const why = reason === undefined ? 'null' : `"${reason}"`;
  const balance = payerBalance === undefined ? 'null' : `"${payerBalance}"`;
  const steps = phases === undefined ? 'null' : `[${phases.map(phaseText).join(',')}]`;
  const claimed = `${content},${lane},"${encodePosition(position)}",${arrival}`;
  const asker = record.by === undefined ? '' : `,${JSON.stringify(record.by)}`;
  return `["${id}",[${what}],${claimed},"${status}",${why},${balance},${where},${steps}${asker}]`;
}

/** Owners are names that others give, so this one part is left to `JSON.stringify`. */
function detailsText(details: RequestDetails | undefined): string {
  return details === undefined ? '' : `,${JSON.stringify(details)}`;
}

function phaseText({ phase, at, outcome: result }: NonNullable<TransferRecord['phases']>[number]): string {
  return `["${phase}",${at},"${result}"]`;
}

/** The identity in a transfer's head. */
export function transferIdOf(head: string): string {
  return head.slice(2, head.indexOf('"', 2));
}

export function readTransfer(head: string): TransferRecord {
  const [id, what, contentHash, lane, position, arrival, status, reason, payerBalance, where, steps, by] =
    transferHeadSchema.parse(JSON.parse(head));
  const placed = decodePosition(position);
  if (placed === undefined) throw new Error(`the claim ${id} has no position`);
  const subject = subjectOf(what);
  return {
    id,
    subject,
    contentHash: contentHash ?? hashOfContent(id, subject),
    ...(by === undefined ? {} : { by }),
    lane,
    position: placed,
    arrival,
    status,
    ...(reason === null ? {} : { reason }),
    ...(where === null ? {} : { ledgerRef: { account: where[0], version: where[1], index: where[2] } }),
    ...(steps === null ? {} : { phases: steps.map(([phase, at, result]) => ({ phase, at, outcome: result })) }),
    ...(payerBalance === null ? {} : { payerBalance: BigInt(payerBalance) }),
  };
}

function hashOfContent(id: string, subject: TransferRecord['subject']): string {
  if (subject.type !== 'transfer') throw new Error(`the claim ${id} has no content hash`);
  return hash('sha256', transferContentText(subject), 'hex');
}

function subjectOf(what: z.infer<typeof transferHeadSchema>[1]): TransferRecord['subject'] {
  if (what.length === 2) return { type: 'request', account: what[0], command: what[1] };
  if (what.length === 3) return { type: 'request', account: what[0], command: what[1], details: what[2] };
  const [from, to, amount, currency, note] = what;
  const noted = note === undefined ? {} : { note };
  return { type: 'transfer', from, to, amount: BigInt(amount), currency, ...noted };
}
