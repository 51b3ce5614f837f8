/**
 * The wallet on one machine: the same flows as on AWS, in one process on one folder. It works in turns. A turn takes everything
 * that was sent meanwhile and brings it to its end, and is one write to disk:
 *
 *   sent ──> debits: claim, decide, append ──> project ──> saga: next actions ──> credits ──> ... refunds ──> seal ──> sync
 *                                                                                                                       │
 *   who sent is told, and whoever read anything of it <─────────────────────────────────────────────────────────────────┘
 *
 * While one turn is synced the next is under way. A turn that throws leaves memory ahead of the disk, so the wallet stops, and
 * the next start finds the turns that were synced, whole.
 */
import { setImmediate as nextTick } from 'node:timers/promises';
import { CHUNK_VERSION, type SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { AccountCommand, DebitAccount } from '../../core/domain/account.ts';
import { isTerminal, transferClaimId } from '../../core/domain/outcome.ts';
import type { SagaItem, SagaMode } from '../../core/domain/transfer.ts';
import { advanceTransfers, type SagaPorts } from '../../core/flows/advance-transfer.ts';
import { type AccountPorts, settleCommands } from '../../core/flows/process-shard.ts';
import { projectDecoded } from '../../core/flows/project.ts';
import { chunksOf } from '../../core/flows/start-sagas.ts';
import type {
  Clock,
  Digest,
  EventLog,
  Journal,
  Meter,
  NoteStore,
  OpenWork,
  Quarantine,
  TransferStore,
  ViewStore,
} from '../../core/ports.ts';
import { type Acknowledgement, afterSync, withinTurn } from './acknowledgement.ts';
import { EmbeddedAccounts } from './embedded-accounts.ts';
import { EmbeddedCommandStream, Placement } from './embedded-command-stream.ts';
import { EmbeddedDeliveryQueue } from './embedded-delivery-queue.ts';
import { EmbeddedEventLog } from './embedded-event-log.ts';
import { EmbeddedNoteStore } from './embedded-note-store.ts';
import { EmbeddedOpenWork } from './embedded-open-work.ts';
import { EmbeddedQuarantine } from './embedded-quarantine.ts';
import { EmbeddedTransferStore } from './embedded-transfer-store.ts';
import { EmbeddedViewStore } from './embedded-view-store.ts';
import { EmbeddedWebhookStore } from './embedded-webhook-store.ts';
import { EndedTransfers } from './ended-transfers.ts';
import { Outbox } from './outbox.ts';
import { SagaCoordinator } from './saga-coordinator.ts';
import { type SettledRecord, Settlement } from './settlement.ts';
import { WalletStore } from './wallet-store.ts';

/** Lanes of the in-process stream; positions name them, so the number is fixed. */
export const EMBEDDED_LANES = 64;
/** Raised only if positions ever start again; they do not, for they are made from the numbers of frames. */
const EPOCH = 1;
/** Commands that one turn takes; about 50 ms of work, so nobody waits much longer than that for a small request. */
const TURN_COMMANDS = 2_000;
/** A turn takes a transfer through debit, credit and refund; whatever is open then waits for its next step. */
const TURN_STEPS = 4;
/** Turns that are not on disk yet may hold so much before the next one waits. */
const MAX_BACKLOG_BYTES = 64 << 20;
/** Commands that are worth a turn of their own while the disk is busy. */
const MUCH = 64;
/** Longest time to the next look at sagas that are open; timers of more than 24 days would overflow. */
const LONGEST_PAUSE_MS = 3_600_000;

export interface EmbeddedSettings {
  readonly folder: string;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly meter: Meter;
  readonly journal: Journal;
  /** Transfers after which a snapshot is taken; for tests. */
  readonly snapshotEvery?: number;
}

interface Sent {
  readonly commands: readonly AccountCommand[];
  /** What became of those that its turn settled at once, in the same order. */
  settled: readonly (SettledRecord | undefined)[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** What outside code may use; everything it is told is on disk. */
export class EmbeddedWallet {
  readonly commands: EmbeddedCommandStream;
  readonly transfers: TransferStore;
  readonly log: EventLog;
  readonly views: ViewStore;
  readonly openWork: OpenWork;
  readonly notes: NoteStore;
  readonly quarantine: EmbeddedQuarantine;
  readonly webhooks: EmbeddedWebhookStore;
  readonly deliveries: EmbeddedDeliveryQueue;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly meter: Meter;
  readonly journal: Journal;
  /** What is sent is settled before the sending is over. */
  readonly settlesOnSend = true;
  readonly store: WalletStore;
  readonly sagas: SagaCoordinator;
  readonly endedTransfers: EndedTransfers;
  private readonly outbox: Outbox;
  private readonly turnPorts: AccountPorts & SagaPorts & { readonly views: ViewStore };
  readonly placement: Placement;
  readonly accounts: EmbeddedAccounts;
  private waiting: Sent[] = [];
  private outgoing: AccountCommand[] = [];
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;

  /** @throws {UnusableData} if the folder is in use, or holds damage */
  constructor({ folder, clock, digest, meter, journal, snapshotEvery }: EmbeddedSettings) {
    this.store = new WalletStore(folder, snapshotEvery);
    this.store.onTrouble = (what, error) => journal.warn(what, { error });
    this.clock = clock;
    this.digest = digest;
    this.meter = meter;
    this.journal = journal;
    const outside = afterSync(this.store);
    this.commands = new EmbeddedCommandStream(async (commands) => void (await this.send(commands)));
    this.transfers = new EmbeddedTransferStore(this.store, outside);
    this.log = new EmbeddedEventLog(this.store, outside);
    this.views = new EmbeddedViewStore(this.store, outside);
    this.openWork = new EmbeddedOpenWork(this.store, outside);
    this.notes = new EmbeddedNoteStore(this.store, () => this.takeAlong());
    this.quarantine = new EmbeddedQuarantine(this.store, outside);
    this.webhooks = new EmbeddedWebhookStore(this.store, outside);
    this.deliveries = new EmbeddedDeliveryQueue(this.store, outside);
    this.sagas = new SagaCoordinator(this.store, withinTurn, journal);
    this.accounts = new EmbeddedAccounts(this.store);
    this.placement = new Placement({ lanes: EMBEDDED_LANES, epoch: EPOCH, digest });
    this.turnPorts = this.portsOfTurn(withinTurn);
    this.outbox = new Outbox(this.store, this.turnPorts.log);
    this.endedTransfers = new EndedTransfers(this.store, journal);
    this.wake();
  }

  /** Finishes the turns under way, and closes the folder. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.timer);
    await this.running;
    await this.store.close();
  }

  private portsOfTurn(acknowledgement: Acknowledgement) {
    const { clock, digest, meter, journal, store } = this;
    const quarantine: Quarantine = new EmbeddedQuarantine(store, acknowledgement);
    return {
      log: new EmbeddedEventLog(store, acknowledgement),
      transfers: new EmbeddedTransferStore(store, acknowledgement),
      views: new EmbeddedViewStore(store, acknowledgement),
      openWork: new EmbeddedOpenWork(store, acknowledgement),
      quarantine,
      commands: { send: async (commands: readonly AccountCommand[]) => void this.outgoing.push(...commands) },
      cache: this.accounts,
      clock,
      digest,
      meter,
      journal,
    };
  }

  /** Sends debits, and tells what became of those that were new. Whatever else they were, they are settled too, and can be asked for. */
  readonly settleDebits = async (debits: readonly DebitAccount[]): Promise<readonly (SettledRecord | undefined)[]> => {
    return this.send(debits);
  };

  private send(commands: readonly AccountCommand[]): Promise<readonly (SettledRecord | undefined)[]> {
    return new Promise((resolve, reject) => {
      const sent: Sent = { commands, settled: [], resolve: () => resolve(sent.settled), reject };
      this.waiting.push(sent);
      this.start();
    });
  }

  /** Has a turn end what was written outside of one; nobody is told of it. */
  private takeAlong(): void {
    this.send([]).catch(() => {}); // The wallet has stopped, and says so where somebody waits for an answer.
  }

  private start(): void {
    if (this.running !== undefined) return;
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.waiting.length > 0) this.start();
      else this.wake();
    });
  }

  /** Takes turns for as long as something waits. What arrives in one round of the event loop goes into one turn. */
  private async run(): Promise<void> {
    do {
      await nextTick();
      if (this.isWorthWaiting()) await this.untilWritten();
      const turn = this.nextTurn();
      try {
        await this.takeTurn(turn);
        await this.outbox.endTurn(this.clock.now());
        this.accounts.trim();
        const frame = this.store.seal();
        this.tell(turn, frame);
        this.endedTransfers.endTurn(frame);
      } catch (error) {
        this.store.stop(error);
        this.journal.warn('the wallet has stopped', { error });
        for (const { reject } of turn) reject(error);
      }
    } while (this.waiting.length > 0);
  }

  /**
   * While the disk takes a frame, the next cannot go there, so what is little waits for more: as one turn it takes less time than as several.
   * What is much begins at once, unless the disk is far behind.
   */
  private isWorthWaiting(): boolean {
    const { waiting, store } = this;
    if (store.backlog > MAX_BACKLOG_BYTES) return true;
    const isLittle = waiting.length < MUCH && waiting.reduce((sum, { commands }) => sum + commands.length, 0) < MUCH;
    return isLittle && !store.isDurable(store.openFrame - 1);
  }

  /**
   * Waits for the disk; if that fails, the turn will be told when it writes. Whoever else waited for it goes on in the same round of the
   * event loop, and what he writes seals the frame; a turn that began there would go to disk half done. So it begins in a round of its
   * own, which it ends before anybody else acts.
   */
  private async untilWritten(): Promise<void> {
    await this.store.durable(this.store.openFrame - 1).catch(() => {});
    await nextTick();
  }

  private nextTurn(): readonly Sent[] {
    let commands = 0;
    const most = this.waiting.findIndex((sent) => {
      commands += sent.commands.length;
      return commands > TURN_COMMANDS;
    });
    return this.waiting.splice(0, most < 1 ? Math.max(-most * this.waiting.length, 1) : most);
  }

  private tell(turn: readonly Sent[], frame: number): void {
    this.store.durable(frame).then(
      () => {
        for (const { resolve } of turn) resolve();
      },
      (error: unknown) => {
        for (const { reject } of turn) reject(error);
      },
    );
  }

  private async takeTurn(turn: readonly Sent[]): Promise<void> {
    const now = this.clock.now();
    for (const { chunk, mode } of this.sagas.due(now)) await this.advance(chunk, mode, now);
    const before = await this.settleInStages(this.takeOutgoing().map(asRecheck), now);
    let open = [...before, ...(await this.settleInStages(this.settleAtOnce(turn, now), now))];
    for (let step = 1; step < TURN_STEPS && open.length > 0; step += 1) {
      const { items } = await advanceTransfers(this.turnPorts, { ...chunkOfTurn, items: open }, 'saga');
      await this.settleInStages(this.takeOutgoing(), now);
      open = items.filter((item) => !this.isOver(item));
    }
    if (open.length > 0) await this.sagas.start(chunksOf(open, this.digest));
  }

  private async advance(chunk: SagaChunk, mode: SagaMode, now: number): Promise<void> {
    this.sagas.advanced(await advanceTransfers(this.turnPorts, chunk, mode), mode, now);
  }

  /** Settles the new transfers of a turn; gives back all commands that have to go through the stages. */
  private settleAtOnce(turn: readonly Sent[], now: number): readonly AccountCommand[] {
    const settlement = new Settlement(this, now);
    const others: AccountCommand[] = [];
    for (const sent of turn) {
      sent.settled = sent.commands.map((command) => {
        const record = settlement.settle(command);
        if (record === undefined) others.push(command);
        return record;
      });
    }
    settlement.close();
    return others;
  }

  /** Takes commands through the stages of the cloud, and projects what came of them; gives back what was debited. */
  private async settleInStages(commands: readonly AccountCommand[], now: number): Promise<readonly SagaItem[]> {
    if (commands.length === 0) return [];
    const placed = this.placement.place(commands, this.store.openFrame, now);
    const { debited, appended } = await settleCommands(this.turnPorts, placed);
    await projectDecoded(
      this.turnPorts,
      appended.map(({ stored, events }) => ({ commit: stored, events })),
    );
    return debited;
  }

  private isOver({ scope, transfer }: SagaItem): boolean {
    const record = this.store.transfer(transferClaimId(scope, transfer));
    return record !== undefined && isTerminal(record.status);
  }

  private takeOutgoing(): readonly AccountCommand[] {
    const taken = this.outgoing;
    this.outgoing = [];
    return taken;
  }

  /** Sleeps until the next step of an open saga, if there is one. */
  private wake(): void {
    const due = this.sagas.nextDue();
    if (due === undefined || this.isClosing) return;
    clearTimeout(this.timer);
    const pauseMs = Math.min(Math.max(due - this.clock.now(), 0), LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => this.start(), pauseMs);
    this.timer.unref();
  }
}

/** All debits of a turn are one chunk: nothing of it is stored unless it outlives the turn. */
const chunkOfTurn: Omit<SagaChunk, 'items'> = {
  v: CHUNK_VERSION,
  chunk_hash: '',
  attempt: 1,
  recovery_name: '',
  started_at: 0,
  looks: 0,
};

/** What a saga sends in a later turn may be a copy of what it sent before, so the log is asked. */
function asRecheck(command: AccountCommand): AccountCommand {
  return { ...command, recheck: true };
}
