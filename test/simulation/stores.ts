/**
 * The stores of the simulated world: the memory adapters hold the truth, and every process reaches them through calls that may
 * fail, last, be repeated or answer with the past, as far as the real services may.
 */
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryOpenWork } from '../../adapters/memory/memory-open-work.ts';
import { MemoryQuarantine } from '../../adapters/memory/memory-quarantine.ts';
import { MemoryTransferStore } from '../../adapters/memory/memory-transfer-store.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import type { Claim, TransferRecord } from '../../core/contracts/claim.ts';
import type { OpenRecord } from '../../core/contracts/open-work.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { StatusWrite } from '../../core/domain/outcome.ts';
import {
  type AccountPageQuery,
  type AccountRow,
  type AppendResult,
  type ClaimResult,
  DamagedCommit,
  type EventLog,
  type OpenWork,
  type Quarantine,
  type QuarantinedRecord,
  type TransferStore,
  type ViewStore,
} from '../../core/ports.ts';
import { type Answer, callEach, callOne, type Ground, type Process, Unavailable } from './process.ts';

/** Commits of one page of a log, so that a look back takes several calls. */
const PAGE = 4;
/** How old the answer of an eventually consistent read may be. */
const OLDEST_READ_MS = 4_000;
/** Items that one call to DynamoDB may hold where the adapter packs them. */
const STATEMENTS = 25;

/** All that is stored. */
export class Stores {
  readonly log = new MemoryEventLog();
  readonly transfers = new MemoryTransferStore();
  readonly openWork = new MemoryOpenWork();
  readonly quarantine = new MemoryQuarantine();
  readonly views = new MemoryViewStore();
  /** Accounts whose log cannot be read at present, and how that shows. */
  readonly damaged = new Map<string, 'rejects' | 'garbled'>();
  /** Told of every commit once, when it is inserted. */
  onCommit: (commit: StoredCommit) => void = () => {};
  private readonly past = new Map<string, { readonly at: number; readonly record: TransferRecord }[]>();

  insert(commit: StoredCommit): AppendResult {
    if (!this.log.insert(commit)) return 'exists';
    this.onCommit(commit);
    return 'appended';
  }

  /** Keeps what a record is now, so that it can be read later as it was. */
  remember(id: string, at: number): void {
    const record = this.transfers.records.get(id);
    if (record === undefined) return;
    const states = this.past.get(id) ?? [];
    states.push({ at, record });
    this.past.set(id, states);
  }

  recordAt(id: string, at: number): TransferRecord | undefined {
    return this.past.get(id)?.findLast((state) => state.at <= at)?.record;
  }
}

/** A commit as it is read. While its log is damaged neither state nor events can be decoded, or there is no commit at all. */
function asRead(stores: Stores, commit: StoredCommit): StoredCommit {
  const damage = stores.damaged.get(commit.account);
  if (damage === 'rejects') throw new DamagedCommit(`${commit.account}@${commit.version} cannot be read`);
  return damage === undefined ? commit : { ...commit, state: 'damaged', events: 'damaged' };
}

export function identitiesIn(text: string): readonly string[] {
  return [...text.matchAll(/"(?:transfer|request)":"([^"]+)"/g)].map(([, id]) => id ?? '');
}

export class SimulatedLog implements EventLog {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stores: Stores;

  constructor(ground: Ground, process: Process, stores: Stores) {
    this.ground = ground;
    this.process = process;
    this.stores = stores;
  }

  newest(account: string): Promise<StoredCommit | undefined> {
    return this.ask(`read the newest of ${account}`, account, () => this.stores.log.newest(account));
  }

  read(account: string, version: number): Promise<StoredCommit | undefined> {
    return this.ask(`read ${account}@${version}`, account, () => this.stores.log.read(account, version));
  }

  async *newestFirst(account: string, before = Number.POSITIVE_INFINITY): AsyncIterable<StoredCommit> {
    for (let below = before; ; ) {
      const name = `look back in ${account}`;
      const page = await callOne(this.ground, this.process, name, () => this.page(account, below));
      for (const commit of page) yield commit;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      below = last.version;
    }
  }

  /** Statements go out by packs; each is conditional on its own and has its own answer. */
  async append(commits: readonly StoredCommit[]): Promise<readonly AppendResult[]> {
    const accounts = new Set(commits.map(({ account }) => account));
    if (accounts.size < commits.length) throw new Error('an account stands twice in one call');
    const answers: Answer<AppendResult>[] = [];
    for (let i = 0; i < commits.length; i += STATEMENTS) {
      const items = commits.slice(i, i + STATEMENTS);
      const name = `append ${items.map(({ account, version }) => `${account}@${version}`).join(', ')}`;
      const call = { name, items, concerns: subjectsOf, answersEach: true };
      answers.push(...(await callEach(this.ground, this.process, call, (commit) => this.insert(commit))));
    }
    return answers.map((answer) => (answer === 'unknown' ? 'unknown' : answer.value));
  }

  private insert(commit: StoredCommit): AppendResult {
    const result = this.stores.insert(commit);
    return result === 'appended' && this.ground.faults.strikes('met_own_write', subjectsOf(commit)) ? 'exists' : result;
  }

  private async page(account: string, before: number): Promise<readonly StoredCommit[]> {
    const commits: StoredCommit[] = [];
    for await (const commit of this.stores.log.newestFirst(account, before)) {
      commits.push(asRead(this.stores, commit));
      if (commits.length === PAGE) break;
    }
    return commits;
  }

  private ask(
    name: string,
    account: string,
    read: () => Promise<StoredCommit | undefined>,
  ): Promise<StoredCommit | undefined> {
    const concerns = [...this.process.concerns, account];
    const asStored = async (): Promise<StoredCommit | undefined> => {
      const commit = await read();
      return commit === undefined ? undefined : asRead(this.stores, commit);
    };
    return callOne(this.ground, this.process, name, asStored, concerns);
  }
}

function subjectsOf({ account, events }: StoredCommit): readonly string[] {
  return [account, ...identitiesIn(events)];
}

/** The identity within its scope, as requests and events name it. */
function identityOf(id: string): string {
  return id.slice(id.lastIndexOf('#') + 1);
}

export class SimulatedTransfers implements TransferStore {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stores: Stores;

  constructor(ground: Ground, process: Process, stores: Stores) {
    this.ground = ground;
    this.process = process;
    this.stores = stores;
  }

  claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    return this.each('claim', claims, async (claim) => {
      const [result = 'inserted'] = await this.stores.transfers.claim([claim]);
      this.stores.remember(claim.id, this.ground.scheduler.now);
      if (result !== 'inserted' || !this.ground.faults.strikes('met_own_write', [identityOf(claim.id)])) return result;
      return this.stores.transfers.records.get(claim.id) ?? result;
    });
  }

  async get(
    ids: readonly string[],
    { consistent }: { readonly consistent: boolean },
  ): Promise<ReadonlyMap<string, TransferRecord>> {
    const { scheduler, random, faults } = this.ground;
    const items = ids.map((id) => ({ id }));
    const records = await this.each(consistent ? 'get' : 'get, stale if need be', items, ({ id }) => {
      if (consistent || !faults.strikes('stale_read')) return this.stores.transfers.records.get(id);
      return this.stores.recordAt(id, scheduler.now - random.between(0, OLDEST_READ_MS));
    });
    return new Map(records.flatMap((record) => (record === undefined ? [] : [[record.id, record]])));
  }

  async raise(writes: readonly StatusWrite[]): Promise<void> {
    await this.each('raise', writes, async (write) => {
      await this.stores.transfers.raise([write]);
      this.stores.remember(write.id, this.ground.scheduler.now);
    });
  }

  async *scan(): AsyncIterable<TransferRecord> {
    const records = await callOne(this.ground, this.process, 'scan', () => [...this.stores.transfers.records.values()]);
    yield* records;
  }

  /** One effect and one answer per item; without all answers the call has failed. */
  private async each<Item extends { readonly id: string }, Result>(
    verb: string,
    items: readonly Item[],
    effect: (item: Item) => Result | Promise<Result>,
  ): Promise<readonly Result[]> {
    if (new Set(items.map(({ id }) => id)).size < items.length) throw new Error(`${verb}: an identity stands twice`);
    const name = `${verb} ${items.map(({ id }) => identityOf(id).slice(-6)).join(', ')}`;
    const call = { name, items, concerns: ({ id }: Item) => [identityOf(id)] };
    const answers = await callEach(this.ground, this.process, call, effect);
    return answers.map((answer) => {
      if (answer === 'unknown') throw new Unavailable(`${verb}: no answer`);
      return answer.value;
    });
  }
}

export class SimulatedViews implements ViewStore {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stores: Stores;

  constructor(ground: Ground, process: Process, stores: Stores) {
    this.ground = ground;
    this.process = process;
    this.stores = stores;
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    const call = { name: 'register', items: rows, concerns: ({ account }: AccountRow) => [account] };
    await callEach(this.ground, this.process, call, (row) => this.stores.views.registerAccounts([row]));
  }

  async *accounts(scope: string): AsyncIterable<AccountRow> {
    const rows = await callOne(this.ground, this.process, 'accounts', () =>
      Array.fromAsync(this.stores.views.accounts(scope)),
    );
    yield* rows;
  }

  putReport(scope: string, name: string, report: string): Promise<void> {
    return callOne(this.ground, this.process, 'put report', () => this.stores.views.putReport(scope, name, report));
  }

  accountPage(scope: string, page: AccountPageQuery): Promise<readonly AccountRow[]> {
    return callOne(this.ground, this.process, 'account page', () => this.stores.views.accountPage(scope, page));
  }

  report(scope: string, name: string): Promise<string | undefined> {
    return callOne(this.ground, this.process, 'report', () => this.stores.views.report(scope, name));
  }
}

export class SimulatedQuarantine implements Quarantine {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stores: Stores;

  constructor(ground: Ground, process: Process, stores: Stores) {
    this.ground = ground;
    this.process = process;
    this.stores = stores;
  }

  async put(records: readonly QuarantinedRecord[]): Promise<void> {
    const concerns = ({ data }: QuarantinedRecord) => identitiesIn(new TextDecoder().decode(data));
    const name = `set aside: ${records[0]?.reason.slice(0, 80)}`;
    const call = { name, items: records, concerns };
    await callEach(this.ground, this.process, call, (record) => this.stores.quarantine.put([record]));
  }
}

export class SimulatedOpenWork implements OpenWork {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stores: Stores;

  constructor(ground: Ground, process: Process, stores: Stores) {
    this.ground = ground;
    this.process = process;
    this.stores = stores;
  }

  async open(records: readonly OpenRecord[]): Promise<void> {
    const call = { name: `record ${records.length} pieces of open work`, items: records };
    await callEach(this.ground, this.process, call, (record) => this.stores.openWork.open([record]));
  }

  close(key: string): Promise<void> {
    return callOne(
      this.ground,
      this.process,
      'take open work away',
      () => this.stores.openWork.close(key),
      this.process.concerns,
    );
  }

  due(time: number, most: number): Promise<readonly OpenRecord[]> {
    return callOne(this.ground, this.process, 'read what is due', () => this.stores.openWork.due(time, most));
  }

  list(from: string, most: number): Promise<readonly OpenRecord[]> {
    return callOne(this.ground, this.process, 'list open work', () => this.stores.openWork.list(from, most));
  }

  replace(record: OpenRecord, by: OpenRecord): Promise<boolean> {
    return callOne(this.ground, this.process, 'postpone open work', () => this.stores.openWork.replace(record, by));
  }
}
