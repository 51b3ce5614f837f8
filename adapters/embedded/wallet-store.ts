/**
 * All that the embedded wallet keeps, in one folder:
 *
 *   ledger.wal         everything that ever happened, frame after frame; the only file that counts
 *   acknowledged       how far it was acknowledged
 *   transfers-*.run    where older transfers stand in it   } made from it,
 *   snapshot.json      what is in memory, at some frame    } and made again if they are lost
 *
 * Nothing here waits: what is done is done in memory, and goes to disk with the frame that the turn's end seals. Who tells the
 * outside of it waits for that frame first ({@link WalletStore.durable}).
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import type { TransferRecord } from '../../core/contracts/claim.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { isTerminal } from '../../core/domain/outcome.ts';
import { DamagedCommit } from '../../core/ports.ts';
import { type AccountEnd, AccountIndex, skippedTo } from './account-index.ts';
import {
  commitHead,
  type EncodableTransfer,
  type Entry,
  entryBytes,
  isCommit,
  type KeyedKind,
  type Kind,
  keyedKinds,
  kinds,
  type PlacedCommit,
  readCommit,
  readEntry,
  readTransfer,
  roomFor,
  transferHead,
  transferIdOf,
  writeEntry,
} from './entries.ts';
import { UnusableData } from './failures.ts';
import { lockFolder } from './folder-lock.ts';
import { type Access, FrameFile, LEDGER_FILE } from './frame-file.ts';
import { type Frames, FrozenFile } from './frozen-file.ts';
import { type HashKey, hashOf, type IdHash } from './id-hash.ts';
import { PlaceTable, type Recognise } from './place-table.ts';
import { type ReadFrame, readFrames } from './read-frames.ts';
import { readSnapshot, removeSnapshot, SNAPSHOT_VERSION, type Snapshot, writeSnapshot } from './snapshot.ts';
import { MOST_RUN_TRANSFERS, RUN_TRANSFERS, TransferRuns } from './transfer-runs.ts';

/** Transfers kept ready to be asked for, in each of two generations; older ones are read from the file, in some 30 µs. */
const CACHED_TRANSFERS = 32_768;
/** First read of an entry; most are shorter, longer ones take a second read. */
const USUAL_ENTRY_BYTES = 4_096;
/** A snapshot that could not be taken is tried again after this part of the transfers of a run. */
const RETRY_PART = 8;

const removedSchema = z.tuple([z.enum(keyedKinds), z.string()]);

export class WalletStore {
  private readonly folder: string;
  private readonly unlock: () => void;
  private readonly frames: Frames;
  private readonly accounts = new AccountIndex();
  private readonly runs: TransferRuns;
  /** The runs are sorted by hashes under it, so it lives as long as the snapshot that counts them. */
  private readonly hashKey: HashKey;
  /** Places of transfers that are in no run yet. */
  private readonly places = new PlaceTable();
  /** Transfers that this turn has changed; they are written once, at its end. */
  private changed = new Map<string, TransferRecord>();
  private cached = new Map<string, TransferRecord>();
  private cachedBefore = new Map<string, TransferRecord>();
  private readonly keyed: Readonly<Record<KeyedKind, Map<string, number>>> = {
    A: new Map(),
    R: new Map(),
    Q: new Map(),
    S: new Map(),
    O: new Map(),
    N: new Map(),
    W: new Map(),
    V: new Map(),
    D: new Map(),
    G: new Map(),
  };
  /** Told of each commit as it is appended, within its turn. */
  onAppend: ((commit: StoredCommit) => void) | undefined;
  /** Told of each transfer or request that is over, by the key of its claim, within its turn. */
  onEnd: ((id: string) => void) | undefined;
  /** Told of what went wrong with a snapshot; the wallet goes on without it. */
  onTrouble: ((what: string, error: unknown) => void) | undefined;
  private readonly runTransfers: number;
  /** Transfers in no run at which the next one is written. */
  private runAt: number;

  /**
   * Opens a folder and reads what is in it. To own it means to make it if it does not exist; who only looks changes nothing, may
   * come while another process works on it, and sees it as it was then.
   *
   * @param runTransfers transfers after which a run and a snapshot are written
   * @throws {UnusableData} if another process has it, or if something that was acknowledged is damaged
   */
  constructor(folder: string, runTransfers = RUN_TRANSFERS, access: Access = 'own') {
    this.folder = folder;
    this.runTransfers = access === 'own' ? runTransfers : Number.POSITIVE_INFINITY;
    this.runAt = this.runTransfers;
    if (access === 'own') makeLedger(folder);
    else if (!existsSync(path.join(folder, LEDGER_FILE))) throw new UnusableData(`there is no wallet in ${folder}`);
    this.unlock = access === 'own' ? lockFolder(folder) : () => {};
    try {
      const snapshot = readSnapshot(folder);
      if (snapshot === undefined && access === 'own') removeSnapshot(folder);
      this.hashKey = snapshot?.hashKey ?? randomKey();
      this.runs = new TransferRuns(folder, snapshot?.runs ?? 0);
      if (snapshot !== undefined) this.restore(snapshot);
      const from = snapshot ?? { end: 0, frames: 0, position: 0 };
      // A transfer whose record comes again is told from one with the same hash by reading the file, before its end is known too.
      const replaying = new FrozenFile(folder, from);
      this.frames = replaying;
      try {
        const end = readFrames(folder, from, (frame) => this.replay(frame, from.position), access);
        this.frames = access === 'own' ? new FrameFile(folder, end.end, end.frames) : new FrozenFile(folder, end);
      } finally {
        replaying.end();
      }
      this.sortWebhooks();
    } catch (error) {
      this.unlock();
      throw error;
    }
  }

  // ── Turns ──

  /** Number that no earlier turn of this folder has had on disk: that of the frame which takes what is written now. */
  get openFrame(): number {
    return this.frames.openFrame;
  }

  /** Bytes that wait for the disk. */
  get backlog(): number {
    return this.frames.backlog;
  }

  /** Bytes of the ledger's file. */
  get bytes(): number {
    return this.frames.position;
  }

  /** Ends a turn: what it wrote goes to disk as a whole. Gives back the frame that it goes with. */
  seal(): number {
    if (this.changed.size > 0) {
      for (const [id, record] of this.changed)
        this.places.put(this.hashOf(id), this.write(kinds.transfer, transferHead(record)), this.isOf(id));
      this.changed = new Map();
    }
    const frame = this.frames.seal();
    if (this.places.size >= this.runAt) this.trySnapshot(frame);
    return frame;
  }

  /** Resolves when a frame is on disk; rejects if the disk failed. */
  durable(frame: number): Promise<void> {
    return this.frames.durable(frame);
  }

  isDurable(frame: number): boolean {
    return this.frames.isDurable(frame);
  }

  /** Takes nothing more: what is in memory may be ahead of the disk. */
  stop(cause: unknown): void {
    this.frames.stop(cause);
  }

  async close(): Promise<void> {
    try {
      await this.frames.close();
    } finally {
      this.runs.close();
      this.unlock();
    }
  }

  // ── Commits ──

  /** Appends a commit unless its version exists. */
  append(commit: StoredCommit): 'appended' | 'exists' {
    const { account, version } = commit;
    const end = this.accounts.endOf(account);
    if (version <= end.version) return 'exists';
    if (version !== end.version + 1) throw new Error(`${account}@${version} cannot follow version ${end.version}`);
    this.appendTo(end, commit);
    return 'appended';
  }

  /** As {@link append}, for who holds the end of the account's log and has made its next commit. */
  appendTo(end: AccountEnd, commit: StoredCommit): void {
    const { before, skip } = end.wayBack();
    end.push(this.write(kinds.commit, commitHead(commit, before, skip), commit.state, commit.events));
    this.onAppend?.(commit);
  }

  /** The end of an account's log, which moves as commits are appended. */
  endOf(account: string): AccountEnd {
    return this.accounts.endOf(account);
  }

  newestCommit(account: string): PlacedCommit | undefined {
    const place = this.accounts.get(account)?.newestPlace;
    return place === undefined ? undefined : this.commitAt(place);
  }

  /** Place of an account's newest commit, or undefined if it has none. */
  placeOfNewest(account: string): number | undefined {
    return this.accounts.get(account)?.newestPlace;
  }

  commitAt(place: number, wantsBody = true): PlacedCommit {
    const bytes = this.bytesAt(place, wantsBody);
    try {
      return readCommit(bytes, 0, wantsBody);
    } catch (cause) {
      throw new DamagedCommit(`the commit at byte ${place} of the ledger's file cannot be read`, { cause });
    }
  }

  /** The commit with a version; the way to it skips ever larger stretches. */
  commit(account: string, version: number): PlacedCommit | undefined {
    const end = this.accounts.get(account);
    let place = end?.newestPlace ?? 0;
    let at = end?.version ?? 0;
    if (version < 1 || version > at) return undefined;
    while (at > version) {
      const { before, skip } = this.commitAt(place, false);
      const isSkip = skippedTo(at) >= version;
      place = isSkip ? skip : before;
      at = isSkip ? skippedTo(at) : at - 1;
    }
    return this.commitAt(place);
  }

  /** Keys of all accounts that have a log. */
  accountKeys(): readonly string[] {
    return this.accounts.keys();
  }

  // ── Transfers ──

  transfer(id: string): TransferRecord | undefined {
    const ready = this.cached.get(id) ?? this.cachedBefore.get(id) ?? this.changed.get(id);
    if (ready !== undefined) return ready;
    const place = this.placeOfTransfer(id, this.hashOf(id));
    return place === undefined ? undefined : this.keepReady(readTransfer(this.entryAt(place).head));
  }

  /** The hash by which a transfer is found in this folder. */
  hashOf(id: string): IdHash {
    return hashOf(id, this.hashKey);
  }

  /** Whether there is anything of a transfer: for a new one, which is the usual case, two looks at tables in memory. */
  knows(id: string, hash: IdHash): boolean {
    if (this.changed.size > 0 && this.changed.has(id)) return true;
    if (!this.places.mayHold(hash) && !this.runs.mayHold(hash)) return false;
    return this.placeOfTransfer(id, hash) !== undefined;
  }

  /** Writes down the record of a transfer that was not known, and will hardly change again. */
  addTransfer(hash: IdHash, record: EncodableTransfer): void {
    this.places.add(hash, this.write(kinds.transfer, transferHead(record)));
    if (isTerminal(record.status)) this.onEnd?.(record.id);
  }

  /** Keeps a transfer's record as it is now; it is written at the end of the turn. */
  putTransfer(record: TransferRecord): void {
    this.changed.set(record.id, record);
    this.keepReady(record);
    if (isTerminal(record.status)) this.onEnd?.(record.id);
  }

  /** The frame that a transfer's record goes to disk with; 0 if it is there for long. */
  frameOfTransfer(id: string): number {
    if (this.changed.has(id)) return this.frames.openFrame;
    const place = this.places.find(this.hashOf(id), this.isOf(id));
    return place === 0 ? 0 : this.frames.frameAt(place);
  }

  /** The frame that an account's newest commit goes to disk with. */
  frameOfAccount(account: string): number {
    const place = this.accounts.get(account)?.newestPlace;
    return place === undefined ? 0 : this.frames.frameAt(place);
  }

  /** Every transfer and request as it stands, in the order of their last change. Reads the file as it is at the call. */
  *transfers(): Generator<TransferRecord, void> {
    for (const { kind, head, place } of this.entries()) {
      if (kind !== kinds.transfer) continue;
      const id = transferIdOf(head);
      if (this.placeOfTransfer(id, this.hashOf(id)) === place) yield readTransfer(head);
    }
  }

  /** Every commit, in the order in which they were appended. */
  *commits(): Generator<StoredCommit, void> {
    for (const { kind, place } of this.entries()) if (kind === kinds.commit) yield this.commitAt(place).commit;
  }

  // ── The few others: by key, the newest counts ──

  put(kind: KeyedKind, key: string, value: string): void {
    this.keyed[kind].set(key, this.write(kind, JSON.stringify(key), value));
  }

  get(kind: KeyedKind, key: string): string | undefined {
    const place = this.keyed[kind].get(key);
    return place === undefined ? undefined : this.entryAt(place).body;
  }

  has(kind: KeyedKind, key: string): boolean {
    return this.keyed[kind].has(key);
  }

  keys(kind: KeyedKind): readonly string[] {
    return [...this.keyed[kind].keys()];
  }

  /** How many there are of a kind. */
  count(kind: KeyedKind): number {
    return this.keyed[kind].size;
  }

  /** Takes one away; false if there is none. */
  remove(kind: KeyedKind, key: string): boolean {
    const isThere = this.keyed[kind].delete(key);
    if (isThere) this.write(kinds.removed, JSON.stringify([kind, key]));
    return isThere;
  }

  // ── Inside ──

  private write(kind: Kind, head: string, body = '', moreBody = ''): number {
    const place = this.frames.position;
    const { buffer, at } = this.frames.room(roomFor(head, body, moreBody));
    this.frames.appended(writeEntry(buffer, at, kind, head, body, moreBody));
    return place;
  }

  private entryAt(place: number): Entry {
    return readEntry(this.bytesAt(place));
  }

  /** An entry's bytes, and more; without its body perhaps less. */
  private bytesAt(place: number, wantsBody = true): Buffer {
    const first = this.frames.read(place, USUAL_ENTRY_BYTES);
    const bytes = entryBytes(first);
    return !wantsBody || bytes <= first.length ? first : this.frames.read(place, bytes);
  }

  private keepReady(record: TransferRecord): TransferRecord {
    this.cached.set(record.id, record);
    if (this.cached.size >= CACHED_TRANSFERS) {
      this.cachedBefore = this.cached;
      this.cached = new Map();
    }
    return record;
  }

  /** Where the newest record of a transfer stands; undefined if there is none. */
  private placeOfTransfer(id: string, hash: IdHash): number | undefined {
    const isMeant = this.isOf(id);
    const place = this.places.find(hash, isMeant);
    if (place !== 0) return place;
    if (this.runs.mayHold(hash)) for (const older of this.runs.placesOf(hash)) if (isMeant(older)) return older;
    return undefined;
  }

  private isOf(id: string): Recognise {
    return (place) => transferIdOf(this.entryAt(place).head) === id;
  }

  /** Every entry of the file, with its place; bodies are left out. */
  private *entries(): Generator<Entry & { readonly place: number }, void> {
    for (const { place, payload } of this.frames.payloads()) {
      for (let at = 0; at < payload.length; at += entryBytes(payload, at))
        yield { ...readEntry(payload, at, false), place: place + at };
    }
  }

  /** @param from entries before this place are in the snapshot */
  private replay({ payload, place }: ReadFrame, from: number): void {
    for (let at = 0; at < payload.length; at += entryBytes(payload, at))
      if (place + at >= from) this.replayEntry(payload, at, place + at);
    if (this.places.size >= this.runTransfers) {
      this.runs.write(this.places);
      this.places.clear();
    }
  }

  private replayEntry(payload: Buffer, at: number, place: number): void {
    if (isCommit(payload, at)) {
      this.accounts.endOf(readCommit(payload, at, false).commit.account).push(place);
      return;
    }
    const { kind, head } = readEntry(payload, at, false);
    switch (kind) {
      case 'T': {
        const id = transferIdOf(head);
        this.places.put(this.hashOf(id), place, this.isOf(id));
        return;
      }
      case 'X': {
        const [removed, key] = removedSchema.parse(JSON.parse(head));
        this.keyed[removed].delete(key);
        return;
      }
      case 'C':
        return;
      default:
        this.keyed[kind].set(String(JSON.parse(head)), place);
    }
  }

  /** Entries without a body are where earlier versions removed a webhook. */
  private sortWebhooks(): void {
    for (const [key, place] of this.keyed.W) {
      if (this.entryAt(place).body !== '') continue;
      this.keyed.W.delete(key);
      this.keyed.V.set(key, place);
    }
  }

  private restore({ accounts, keyed }: Snapshot): void {
    for (const [account, version, trail] of accounts) this.accounts.restore(account, version, trail);
    for (const [kind, key, place] of keyed) this.keyed[kind].set(key, place);
  }

  /** As {@link takeSnapshot}; without one the wallet goes on, for its ledger is sound, and tries again somewhat later. */
  private trySnapshot(frame: number): void {
    try {
      this.takeSnapshot(frame);
      this.runAt = this.runTransfers;
    } catch (error) {
      this.runAt = this.places.size + Math.ceil(this.runTransfers / RETRY_PART);
      if (this.runAt > MOST_RUN_TRANSFERS) throw error;
      this.onTrouble?.('a run of transfers was not written', error);
    }
  }

  /** Everything written so far. The snapshot is put in place once the last of it is on disk. */
  private takeSnapshot(frame: number): void {
    this.runs.write(this.places);
    this.places.clear();
    const snapshot: Snapshot = {
      v: SNAPSHOT_VERSION,
      end: this.frames.openStart,
      frames: this.frames.openFrame - 1,
      position: this.frames.position,
      runs: this.runs.count,
      hashKey: [...this.hashKey],
      accounts: this.accounts.entries().map(([account, version, trail]) => [account, version, [...trail]]),
      keyed: keyedKinds.flatMap((kind) =>
        [...this.keyed[kind]].map(([key, place]): Snapshot['keyed'][number] => [kind, key, place]),
      ),
    };
    const text = JSON.stringify(snapshot);
    this.frames.durable(frame).then(
      () => this.putInPlace(text),
      () => {}, // The wallet has stopped, and says so where somebody waits for an answer.
    );
  }

  private putInPlace(snapshot: string): void {
    try {
      writeSnapshot(this.folder, snapshot);
    } catch (error) {
      this.onTrouble?.('a snapshot was not written; the one before it stands', error);
    }
  }
}

/** The folder, with a ledger in it, empty if there is none. */
function makeLedger(folder: string): void {
  mkdirSync(folder, { recursive: true });
  closeSync(openSync(path.join(folder, LEDGER_FILE), 'a'));
}

function randomKey(): HashKey {
  const bytes = randomBytes(8);
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}
