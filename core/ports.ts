/**
 * The ports: all that the wallet asks of the world. Each has an in-memory adapter (tests, simulation) and one on AWS; one
 * contract suite holds them to the same behaviour.
 *
 * A port's method that rejects (throws) has met infrastructure trouble, and its effect may or may not have happened.
 */
import type { Claim, TransferRecord } from './contracts/claim.ts';
import type { MetricName } from './contracts/env.ts';
import type { ReconciledPeriod } from './contracts/kept-break.ts';
import type { KeptNote, Note } from './contracts/note.ts';
import type { OpenRecord } from './contracts/open-work.ts';
import type { OutcomeEvent } from './contracts/outcome-event.ts';
import type { Connection } from './contracts/outcome-socket.ts';
import type { SagaChunk } from './contracts/saga-chunk.ts';
import type { StoredCommit } from './contracts/stored-commit.ts';
import type { DeadDelivery, Delivery, Webhook } from './contracts/webhook.ts';
import type { AccountCommand, AccountKind } from './domain/account.ts';
import type { KeptBreak } from './domain/kept-break.ts';
import type { StatusWrite } from './domain/outcome.ts';
import type { ViewGenerations } from './domain/view-generations.ts';

/** The stream of commands. */
export interface CommandStream {
  /**
   * Sends commands, each in its account's lane, those of one lane in the given order and packed into as few records as fit.
   * Resolves when all are durable; otherwise rejects after bounded retries, and some may have been sent.
   */
  send(commands: readonly AccountCommand[]): Promise<void>;
}

/** What became of one append. `exists`: that version is there already, written by another or by an earlier try of ours. */
export type AppendResult = 'appended' | 'exists' | 'unknown';

/**
 * What a log holds cannot be read as a commit. It is no trouble of the infrastructure: reading again gives the same. Every method
 * of the ledger that reads may reject with it.
 */
export class DamagedCommit extends Error {
  override readonly name = 'DamagedCommit';
}

/** The ledger: one log of commits per account, the only source of outcomes. All reads are strongly consistent. */
export interface EventLog {
  /** The newest commit of an account. */
  newest(account: string): Promise<StoredCommit | undefined>;
  /** Commits from the newest to the oldest, read page by page as they are consumed. Starts below `before` where given. */
  newestFirst(account: string, before?: number): AsyncIterable<StoredCommit>;
  read(account: string, version: number): Promise<StoredCommit | undefined>;
  /**
   * Inserts commits of different accounts, each unless its version exists; the results are in the same order. Throttling is
   * retried within bounds; what is neither known to be inserted nor known to exist is `unknown`.
   */
  append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]>;
}

/** All logs of the ledger, also of accounts that were never opened: for audits, and for what is made again from the log. */
export interface LedgerScan {
  /** Keys of the accounts of one of `parts` parts, each once, in no order; all parts together are all accounts. */
  accounts(part: number, parts: number): AsyncIterable<string>;
  /** Commits of an account from the oldest to the newest, page by page, strongly consistent; those above `after` where given. */
  oldestFirst(account: string, after?: number): AsyncIterable<StoredCommit>;
}

/**
 * What became of one claim: `inserted`, the record that stands there already (strongly consistent), or `damaged`: one stands
 * there that cannot be read.
 */
export type ClaimResult = 'inserted' | 'damaged' | TransferRecord;

/** A log whose old commits may leave it. Only the pruning has it. */
export interface PrunableLog {
  /** Version of the oldest commit that is there. */
  oldest(account: string): Promise<number | undefined>;
  /** Removes versions `first` to `last` of an account, the oldest first; what is not there any more is no trouble. */
  remove(account: string, first: number, last: number): Promise<void>;
}

/** A text in the archive. */
export interface ArchivedText {
  /** Path of plain characters, parts divided by `/`. */
  readonly name: string;
  readonly text: string;
}

/** Texts that are kept for years, compressed. What stands under a name never changes. */
export interface Archive {
  /** Stores texts whose names do not exist; one that exists stays as it is. Rejects unless all are there then. */
  put(texts: readonly ArchivedText[]): Promise<void>;
  get(name: string): Promise<string | undefined>;
  /** Names that begin so, in order. */
  list(prefix: string): AsyncIterable<string>;
  /** Removes texts; one that is not there is no trouble. */
  remove(names: readonly string[]): Promise<void>;
}

/** Where the seals of days are kept, apart from the ledger: nobody may change or remove what is there, the wallet neither. */
export type SealStore = Pick<Archive, 'put' | 'get' | 'list'>;

/** A stretch of an account's log that lies in the archive. */
export interface ArchivedRange {
  readonly account: string;
  readonly first: number;
  readonly last: number;
  /** The day whose closing archived it. */
  readonly day: string;
  /** Name of the text that holds it. */
  readonly name: string;
}

/** Finds an account's commits in the archive. It only finds: what it leads to is checked by the chain of hashes. */
export interface ArchiveIndex {
  /** Adds ranges; adding one again changes nothing. */
  add(ranges: readonly ArchivedRange[]): Promise<void>;
  /** The range that ends at a version or next above it: if any range holds the version, it is this one. */
  find(account: string, version: number): Promise<ArchivedRange | undefined>;
  /** The newest version that closings of days before this one archived; 0 if there is none. */
  archivedBefore(account: string, day: string): Promise<number>;
  /** Notes that versions up to this one may leave the log; the note only rises. Made before the first of them leaves. */
  allowPruning(account: string, through: number): Promise<void>;
  /** The version up to which commits may have left the log; 0 if none may. */
  prunedThrough(account: string): Promise<number>;
}

/** What a day did to an account in which anything was committed. */
export interface DailyBalance {
  readonly account: string;
  /** UTC, `2026-03-01`. */
  readonly day: string;
  readonly currency: string;
  /** Version of the day's last commit. */
  readonly version: number;
  /** Minor units: at the end of the day, and what went in and out. */
  readonly balance: bigint;
  readonly credited: bigint;
  readonly debited: bigint;
}

/** Daily balances and turnovers, derived from the ledger when a day is closed: nothing is written for them while money moves. */
export interface DailyBalances {
  /** Keeps rows; a row of the same account and day is replaced. */
  put(rows: readonly DailyBalance[]): Promise<void>;
  /** Rows of an account from one day to another, both included, oldest first; days without a commit have none. */
  of(account: string, from: string, to: string): AsyncIterable<DailyBalance>;
}

/** Claims and statuses of transfers and requests. */
export interface TransferStore {
  /** Inserts claims of different identities, each unless it exists; the results are in the same order. */
  claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]>;
  /** Records by identity; those that do not exist, or cannot be read, are left out. */
  get(ids: readonly string[], options: { readonly consistent: boolean }): Promise<ReadonlyMap<string, TransferRecord>>;
  /**
   * Raises statuses, each only if its rank is above the stored one's: the projector's only write. Different identities.
   * A status for which no claim exists rejects: claims come first.
   */
  raise(writes: readonly StatusWrite[]): Promise<void>;
  /** All records, in no order, read page by page (strongly consistent): for the trial balance. */
  scan(): AsyncIterable<TransferRecord>;
}

/** What clients write beside transfers, under keys that name the content: what stands under a key is always the same. */
export interface NoteStore {
  /** Keeps notes. Nothing that is sent to the stream once this has resolved is durable before them. */
  put(notes: readonly KeptNote[]): Promise<void>;
  /** Notes by key, strongly consistent; those that do not exist are left out. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, Note>>;
}

/** One row per opened account. */
export interface AccountRow {
  /** Key of the account. */
  readonly account: string;
  readonly kind: AccountKind;
  readonly currency: string;
  readonly owner: string;
  /** Time of the commit that opened it, UTC milliseconds. */
  readonly openedAt: number;
}

/** Which accounts a page holds. */
export interface AccountPageQuery {
  /** Those of one owner only. */
  readonly owner?: string | undefined;
  /** Key of the account that the page before ended with. */
  readonly after?: string | undefined;
  readonly most: number;
}

/** Read models that are derived from the ledger. */
export interface ViewStore {
  /** Registers accounts; registering again changes nothing. */
  registerAccounts(rows: readonly AccountRow[]): Promise<void>;
  /** All accounts of a scope, in no order, read page by page. */
  accounts(scope: string): AsyncIterable<AccountRow>;
  /** A page of a scope's accounts, in an order of the store's own that never changes; it costs what it holds, however many there are. */
  accountPage(scope: string, page: AccountPageQuery): Promise<readonly AccountRow[]>;
  /** Keeps a computed report (JSON text) under a name, and gives it back. */
  putReport(scope: string, name: string, report: string): Promise<void>;
  report(scope: string, name: string): Promise<string | undefined>;
}

/** A row as it stands in the views: in the registry, in the list of its owner, or where no reader would look for it. */
export interface ListedAccount {
  readonly place: 'registry' | 'owner' | 'elsewhere';
  readonly row: AccountRow;
}

/** Everything that stands in the views of accounts, for who compares them with the log. */
export interface ViewScan {
  /** All rows of all scopes, in no order, strongly consistent: those that stood there when it began are among them. */
  listed(): AsyncIterable<ListedAccount>;
}

/** Which generations of the views there are. Strongly consistent. */
export interface GenerationPointer {
  read(): Promise<ViewGenerations>;
  /** Puts generations in the place of their revision before. False, and nothing is done, if that one is not there any more. */
  replace(generations: ViewGenerations): Promise<boolean>;
}

/** Views of one kind in all their generations; a row belongs to one of them, and is seen by no other. */
export interface Shelf<View> {
  generation(generation: number): View;
  /** Removes the rows of all generations up to `last` that are not kept; gives back how many rows. Doing it again is harmless. */
  sweep(last: number, kept: readonly number[]): Promise<number>;
}

/** What reconciliation found and what became of it. */
export interface BreakStore {
  /** All breaks of an account, in no order. Strongly consistent, as everything here. */
  breaksOf(account: string): AsyncIterable<KeptBreak>;
  /** The break with that id in a scope. */
  find(scope: string, id: string): Promise<KeptBreak | undefined>;
  /**
   * Keeps a break that has `seen` events in the store (0: none such), in one step. False, and nothing is done, if it has another
   * number of them by now: somebody else was there in between.
   */
  put(kept: KeptBreak, seen: number): Promise<boolean>;
  /** Notes that a period of an account was reconciled; the same period again replaces the note. */
  putPeriod(period: ReconciledPeriod): Promise<void>;
  periodsOf(account: string): Promise<readonly ReconciledPeriod[]>;
}

export interface SagaStarter {
  /** Starts one execution per chunk. Starting the same chunk again is harmless. */
  start(chunks: readonly SagaChunk[]): Promise<void>;
}

/** Work that somebody must come back to, by when it is due. */
export interface OpenWork {
  /** Records work; recording the same again (same identity, due at the same time) changes nothing. */
  open(records: readonly OpenRecord[]): Promise<void>;
  /** Takes the record with that key away; one that is not there is no trouble. */
  close(key: string): Promise<void>;
  /** Some of the records that are due by a time, at most `most` or a little more, taken evenly from all parts of the store. */
  due(time: number, most: number): Promise<readonly OpenRecord[]>;
  /** Records whose keys are not before the given one, in the order of their keys, at most `most`. */
  list(from: string, most: number): Promise<readonly OpenRecord[]>;
  /**
   * Puts a record that is due at another time in the place of one, in one step. False, and nothing is done, if that one is not
   * there any more: somebody else closed or replaced it.
   */
  replace(record: OpenRecord, by: OpenRecord): Promise<boolean>;
}

/** Where outcomes of transfers are told to whoever listens. */
export interface OutcomePublisher {
  /** Tells events; resolves when all were taken. Otherwise rejects after bounded retries, and some may have been told. */
  publish(events: readonly OutcomeEvent[]): Promise<void>;
}

/** Webhooks of all tenants, and the deliveries to them that were given up. Reads are strongly consistent. */
export interface WebhookStore {
  /** Inserts a webhook unless one with its id exists, which is given back then, or was removed not long ago. */
  insert(webhook: Webhook): Promise<Webhook | 'removed' | undefined>;
  get(scope: string, id: string): Promise<Webhook | undefined>;
  /** All webhooks of a tenant; there are few. */
  list(scope: string): Promise<readonly Webhook[]>;
  /** Puts a changed webhook in the place of its revision before. False, and nothing is done, if that one is not there any more. */
  replace(webhook: Webhook): Promise<boolean>;
  /**
   * Takes a webhook away; false if there is none. That it was there is remembered for at least a month, so that a late copy of the
   * request which registered it does not bring it back. Its dead deliveries stay until they are too old.
   *
   * @param now UTC milliseconds
   */
  remove(scope: string, id: string, now: number): Promise<boolean>;
  /** Keeps a delivery that was given up; the same again replaces it. */
  bury(dead: DeadDelivery): Promise<void>;
  /** Some of the dead deliveries of a webhook, at most `most`. */
  dead(scope: string, webhook: string, most: number): Promise<readonly DeadDelivery[]>;
  /** Takes a dead delivery away; one that is not there is no trouble. */
  unbury(delivery: Delivery): Promise<void>;
}

/** Deliveries on their way, in no order, each at least once. */
export interface DeliveryQueue {
  /** Sends deliveries; each comes back no earlier than it is due, or {@link DeliveryQueue.longestWaitMs} later if that is sooner. */
  send(deliveries: readonly Delivery[]): Promise<void>;
  readonly longestWaitMs: number;
}

/** What became of one request to a webhook. No more than the status is read of an answer. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number }
  /** Its address is none that may be called. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface WebhookTransport {
  /** Why an address may not be called; undefined if it may. Looks up where its name leads. */
  refusal(url: string): Promise<string | undefined>;
  /** Sends a body, once, to an address that may be called. Never rejects for what the other side does. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted>;
}

/**
 * Who is connected, and which transfers each waits for, by the keys of their claims. Strongly consistent: who is noted here before
 * an outcome is stored is found by whoever stored it.
 */
export interface SubscriptionStore {
  /** Keeps a connection. False, and nothing is kept, if its caller has `most` others whose time is not over. */
  connect(connection: Connection, most: number, now: number): Promise<boolean>;
  /** Connections by their ids; those that are not there are left out. */
  connections(ids: readonly string[]): Promise<readonly Connection[]>;
  /** Notes what a connection waits for, again too. False if it is not there, or would wait for more than `most` transfers. */
  subscribe(connection: Connection, ids: readonly string[], most: number): Promise<boolean>;
  /** Ids of the connections that wait, by transfer; transfers that nobody waits for are left out. */
  waiting(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** A connection waits for these transfers no longer. It need not be there any more. */
  release(connection: string, ids: readonly string[]): Promise<void>;
  /** Takes a connection away with all that it waits for; one that is not there is no trouble. */
  disconnect(connection: string): Promise<void>;
}

/** The way to clients that are connected. */
export interface SocketChannel {
  /** Sends a message; `gone` if the client is not connected any more, `full` if it does not read what was sent before. */
  send(connection: string, message: string): Promise<'sent' | 'gone' | 'full'>;
  /** Ends a connection; one that is not there is no trouble. */
  close(connection: string): Promise<void>;
}

/** Transfers that have ended and that somebody waits for, on their way to who tells it, in no order, each at least once. */
export interface PushQueue {
  send(ids: readonly string[]): Promise<void>;
}

/** HMAC-SHA256 of a text in UTF-8 under a key in base64; in base64. */
export type Hmac = (key: string, text: string) => string;

/** Something that cannot be processed, kept with its bytes until an operator redrives it. */
export interface QuarantinedRecord {
  /** Names the record, so that putting it again replaces it: partition key, sequence number and what of it. */
  readonly key: string;
  readonly reason: string;
  readonly partitionKey: string;
  readonly sequence: string;
  /** UTC milliseconds. */
  readonly arrival: number;
  readonly data: Uint8Array;
}

export interface Quarantine {
  put(records: readonly QuarantinedRecord[]): Promise<void>;
}

export interface Clock {
  /** UTC milliseconds. */
  now(): number;
  /** Resolves after at least `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
}

/** SHA-256 of a text in UTF-8, lower-case hexadecimal. */
export type Digest = (text: string) => string;

export interface Meter {
  count(metric: MetricName, value: number): void;
}

/** Structured log; fields hold identities and reasons, never amounts of customers or whole commands. */
export interface Journal {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}
