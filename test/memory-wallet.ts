/**
 * The whole pipeline over memory adapters, driven by hand: a test sends commands, delivers records as often and in as many pieces
 * as it likes, steps sagas, projects, and looks at the ledger. Nothing happens by itself.
 */
import { CountingMeter } from '../adapters/memory/counting-meter.ts';
import { ManualClock } from '../adapters/memory/manual-clock.ts';
import { MemoryCommandStream } from '../adapters/memory/memory-command-stream.ts';
import { MemoryEventLog } from '../adapters/memory/memory-event-log.ts';
import { MemoryNoteStore } from '../adapters/memory/memory-note-store.ts';
import { MemoryOpenWork } from '../adapters/memory/memory-open-work.ts';
import { MemoryQuarantine } from '../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../adapters/memory/memory-saga-starter.ts';
import { MemoryTransferStore } from '../adapters/memory/memory-transfer-store.ts';
import { MemoryViewStore } from '../adapters/memory/memory-view-store.ts';
import { SilentJournal } from '../adapters/memory/silent-journal.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import type { TransferRecord } from '../core/contracts/claim.ts';
import type { AdvancedChunk, SagaChunk } from '../core/contracts/saga-chunk.ts';
import { decodeEvents, decodeState, type StoredCommit } from '../core/contracts/stored-commit.ts';
import type { AccountCommand, AccountEvent, AccountState, DebitAccount, OpenAccount } from '../core/domain/account.ts';
import { unopened } from '../core/domain/account.ts';
import { accountKey } from '../core/domain/lane.ts';
import type { SagaMode } from '../core/domain/transfer.ts';
import { AccountCache } from '../core/flows/account-cache.ts';
import { advanceTransfers } from '../core/flows/advance-transfer.ts';
import { type CheckedBack, checkBack } from '../core/flows/check-back.ts';
import { processShard } from '../core/flows/process-shard.ts';
import { project } from '../core/flows/project.ts';
import type { StreamRecord } from '../core/flows/read-batch.ts';

export const LANES = 8;
export const SCOPE = 'default';

/** One processor process: what it remembers dies with it. */
export interface Processor {
  readonly cache: AccountCache;
}

export class MemoryWallet {
  readonly clock = new ManualClock();
  readonly meter = new CountingMeter();
  readonly journal = new SilentJournal();
  readonly log = new MemoryEventLog();
  readonly transfers = new MemoryTransferStore();
  readonly sagas = new MemorySagaStarter();
  readonly openWork = new MemoryOpenWork();
  readonly notes = new MemoryNoteStore();
  readonly quarantine = new MemoryQuarantine();
  readonly views = new MemoryViewStore();
  readonly commands = new MemoryCommandStream({ lanes: LANES, digest: sha256, clock: this.clock });
  readonly digest = sha256;
  private delivered = 0;
  private stepped = 0;

  /** A new processor, cold. */
  processor(): Processor {
    return { cache: new AccountCache() };
  }

  async deliver(records: readonly StreamRecord[], processor: Processor = this.processor()): Promise<void> {
    await processShard({ ...this, cache: processor.cache }, { lanes: LANES, epoch: 1 }, records);
  }

  /** Delivers what was sent and not delivered yet. */
  async deliverNew(processor?: Processor): Promise<void> {
    const records = this.commands.records.slice(this.delivered);
    this.delivered = this.commands.records.length;
    if (records.length > 0) await this.deliver(records, processor);
  }

  async step(chunk: SagaChunk, mode: SagaMode = 'saga'): Promise<AdvancedChunk> {
    return advanceTransfers(this, chunk, mode);
  }

  async project(commits: readonly StoredCommit[] = this.log.commits()): Promise<void> {
    await project(this, commits);
  }

  /** Comes back to open work that is due. */
  async checkBack(): Promise<CheckedBack> {
    return checkBack(this);
  }

  /** Sagas that were started and not stepped yet will never be: their executions are lost as a whole. */
  loseSagas(): void {
    this.stepped = this.sagas.started.length;
  }

  /** What was sent and not delivered yet will never be. */
  loseCommands(): void {
    this.delivered = this.commands.records.length;
  }

  /** Lets the pipeline run without faults until nothing moves: all records, sagas and projections. */
  async settle(processor: Processor = this.processor()): Promise<void> {
    let open: SagaChunk[] = [];
    for (let round = 0; round < 50; round += 1) {
      await this.deliverNew(processor);
      await this.project();
      open.push(...this.sagas.started.slice(this.stepped));
      this.stepped = this.sagas.started.length;
      if (open.length === 0 && this.delivered === this.commands.records.length) return;
      const advanced = await Promise.all(open.map((chunk) => this.step(chunk)));
      open = advanced.filter(({ next_action }) => next_action === 'wait');
      this.clock.advance(1_000);
    }
    throw new Error('the wallet did not come to rest');
  }

  // ── Asking and looking ──

  async open(account: string, properties: Partial<OpenAccount> = {}): Promise<void> {
    await this.commands.send([openAccount(account, properties)]);
    await this.deliverNew();
  }

  async send(...commands: readonly AccountCommand[]): Promise<readonly StreamRecord[]> {
    const before = this.commands.records.length;
    await this.commands.send(commands);
    return this.commands.records.slice(before);
  }

  async state(account: string): Promise<AccountState> {
    const newest = await this.log.newest(accountKey({ scope: SCOPE, account }));
    return newest === undefined ? unopened : decodeState(newest.state);
  }

  async balance(account: string): Promise<bigint> {
    return (await this.state(account)).balance;
  }

  /** All events of an account, oldest first. */
  events(account: string): readonly AccountEvent[] {
    return this.commitsOf(account).flatMap(({ events }) => decodeEvents(events));
  }

  eventTypes(account: string): readonly string[] {
    return this.events(account).map(({ type }) => type);
  }

  commitsOf(account: string): readonly StoredCommit[] {
    return this.log.commits().filter((commit) => commit.account === accountKey({ scope: SCOPE, account }));
  }

  record(transfer: string): TransferRecord | undefined {
    return this.transfers.records.get(`${SCOPE}#${transfer}`);
  }
}

export function openAccount(account: string, properties: Partial<OpenAccount> = {}): OpenAccount {
  const kind = account.startsWith('settlement:') ? 'settlement' : 'customer';
  const basics = { scope: SCOPE, recheck: false, request: `open-${account}`, account, kind, currency: 'USD' } as const;
  return { type: 'OpenAccount', ...basics, owner: 'owner', overdraftLimit: 0n, ...properties };
}

export function request(
  type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount',
  account: string,
  id = `${type}-${account}`,
): AccountCommand {
  return { type, scope: SCOPE, recheck: false, request: id, account };
}

export function debit(
  transfer: string,
  from: string,
  to: string,
  amount: bigint,
  more: Partial<DebitAccount> = {},
): DebitAccount {
  return { type: 'DebitAccount', scope: SCOPE, recheck: false, transfer, from, to, amount, currency: 'USD', ...more };
}

/** The n-th transfer identity of a test. */
export function transferId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}
