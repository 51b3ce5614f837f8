/**
 * The decisions of one account's share of a batch, folded into as few commits as fit. Pure: all reading was done before, all
 * writing comes after. An exception here is trouble with this account alone.
 */
import { metrics } from '../contracts/env.ts';
import {
  COMMIT_VERSION,
  canonicalText,
  decodeEvents,
  encodeEvent,
  encodeState,
  MAX_EVENTS_BYTES,
  type StoredCommit,
} from '../contracts/stored-commit.ts';
import { type AccountEvent, type AccountState, decide, evolve, legKeyOfEvent } from '../domain/account.ts';
import type { RecentLegs } from '../domain/memory.ts';
import { laterPosition, type Position } from '../domain/position.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { Digest, Meter } from '../ports.ts';
import { type History, type LoadedAccount, recall, rememberedLegs } from './load-account.ts';
import type { PlannedCommand, PreparedAccount } from './prepare-account.ts';
import { sagaItemOf } from './start-sagas.ts';

/** A commit to append, and the account as it is once the insert is acknowledged. */
export interface FoldedCommit {
  readonly stored: StoredCommit;
  /** What `stored.events` says, for readers in the same process. */
  readonly events: readonly AccountEvent[];
  readonly state: AccountState;
  /** Keys of the credits and refunds in it, for the account's memory. */
  readonly legs: readonly string[];
}

export interface FoldedAccount {
  readonly account: string;
  readonly memory: RecentLegs | undefined;
  /** In order; each builds on the one before. Empty if there was nothing to record. */
  readonly commits: readonly FoldedCommit[];
  /** Transfers that this account was debited for: in these commits, or earlier as a look-up found. */
  readonly debited: readonly SagaItem[];
}

interface FoldTools {
  readonly digest: Digest;
  readonly meter: Meter;
  /** UTC milliseconds. */
  readonly now: number;
}

/** A leg's outcome and where it is recorded. */
interface RecordedLeg {
  readonly event: AccountEvent;
  readonly version: number;
  readonly index: number;
  readonly at: number;
}

/** An open commit: what will be appended as the next version. */
interface Draft {
  version: number;
  at: number;
  events: AccountEvent[];
  texts: string[];
  bytes: number;
}

/** Decides an account's commands in order. Throws if its log cannot be read: the caller sets the account's commands aside. */
export function foldAccount(prepared: PreparedAccount, tools: FoldTools): FoldedAccount {
  return new Fold(prepared, tools).run();
}

class Fold {
  private readonly prepared: PreparedAccount;
  private readonly tools: FoldTools;
  private readonly memory: RecentLegs | undefined;
  private readonly recorded: Map<string, RecordedLeg>;
  private readonly commits: FoldedCommit[] = [];
  private readonly debited = new Map<string, SagaItem>();
  private state: AccountState;
  private position: Position | undefined;
  private highArrival: number;
  private last: Pick<LoadedAccount, 'version' | 'at' | 'hash'>;
  private draft: Draft | undefined;

  constructor(prepared: PreparedAccount, tools: FoldTools) {
    const { loaded, history, commands } = prepared;
    this.prepared = prepared;
    this.tools = tools;
    this.state = loaded.state;
    this.position = loaded.position;
    this.highArrival = loaded.highArrival;
    this.last = loaded;
    this.memory = loaded.memory ?? (history === undefined ? undefined : recall(history, loaded.highArrival));
    const looksUp = commands.some(({ treatment }) => treatment !== 'ordinary');
    this.recorded = looksUp && history !== undefined ? legsIn(history) : new Map();
  }

  run(): FoldedAccount {
    for (const command of this.prepared.commands) {
      this.apply(command);
      this.position = laterPosition(this.position, command.position);
      this.highArrival = Math.max(this.highArrival, command.arrival);
    }
    this.close();
    return {
      account: this.prepared.account,
      memory: this.memory,
      commits: this.commits,
      debited: [...this.debited.values()],
    };
  }

  private apply(planned: PlannedCommand): void {
    const { treatment, legKey } = planned;
    const recorded = this.recorded.get(legKey);
    if (recorded !== undefined) {
      this.meet(planned, recorded);
    } else if (treatment === 'ordinary' && this.memory?.has(legKey)) {
      this.tools.meter.count(metrics.duplicates, 1);
    } else {
      if (treatment === 'covered') this.tools.meter.count(metrics.orderBroken, 1);
      if (treatment === 'outside_window') this.tools.meter.count(metrics.outsideWindow, 1);
      this.record(planned, decide(this.state, planned.command, planned.arrival));
    }
  }

  /** The leg has its outcome already. A debit found by a look-up joins the saga again, for its first saga may be lost. */
  private meet({ treatment }: PlannedCommand, { event, version, index, at }: RecordedLeg): void {
    if (treatment !== 'covered') this.tools.meter.count(metrics.duplicates, 1);
    if (event.type === 'Debited') this.join(event, { version, index }, at);
  }

  private record(planned: PlannedCommand, event: AccountEvent): void {
    const text = encodeEvent(event);
    if (this.draft !== undefined && this.draft.bytes + text.length + 1 > MAX_EVENTS_BYTES) this.close();
    this.draft ??= this.openDraft();
    const { draft } = this;
    const index = draft.events.push(event) - 1;
    draft.texts.push(text);
    draft.bytes += text.length + 1;
    if (event.type === 'Refunded' && this.state.status === 'closed') this.tools.meter.count(metrics.refundsToClosed, 1);
    this.state = evolve(this.state, event, draft.version);
    this.highArrival = Math.max(this.highArrival, planned.arrival, planned.origin);
    this.position = laterPosition(this.position, planned.position);
    this.recorded.set(planned.legKey, { event, version: draft.version, index, at: draft.at });
    if (event.type === 'Debited') this.join(event, { version: draft.version, index }, draft.at);
  }

  private openDraft(): Draft {
    const at = Math.max(this.last.at, this.tools.now);
    return { version: this.last.version + 1, at, events: [], texts: [], bytes: 2 };
  }

  /** Ends the open commit: everything up to here is covered by it. */
  private close(): void {
    if (this.draft === undefined) return;
    const { version, at, events, texts } = this.draft;
    const unhashed = {
      v: COMMIT_VERSION,
      account: this.prepared.account,
      version,
      at,
      position: this.position,
      highArrival: this.highArrival,
      prevHash: this.last.hash,
      state: encodeState(this.state),
      events: `[${texts.join(',')}]`,
    };
    const stored = { ...unhashed, hash: this.tools.digest(canonicalText(unhashed)) };
    this.commits.push({ stored, events, state: this.state, legs: rememberedLegs(events) });
    this.last = stored;
    this.draft = undefined;
  }

  private join(
    event: Extract<AccountEvent, { type: 'Debited' }>,
    debitRef: SagaItem['debitRef'],
    debitedAt: number,
  ): void {
    this.debited.set(event.transfer, sagaItemOf(this.prepared.account, event, debitRef, debitedAt));
  }
}

/** Every leg in a stretch of log. A stretch that was cut short by pruning proves nothing about what is missing in it. */
function legsIn({ commits, reachesBound }: History): Map<string, RecordedLeg> {
  if (!reachesBound) throw new Error('the log was pruned before the point that a look-up has to reach');
  const legs = new Map<string, RecordedLeg>();
  for (const { events, version, at } of commits) {
    for (const [index, event] of decodeEvents(events).entries())
      legs.set(legKeyOfEvent(event), { event, version, index, at });
  }
  return legs;
}
