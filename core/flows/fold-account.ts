/**
 * The decisions of one account's share of a batch, folded into as few commits as fit. Pure: all reading was done before, all
 * writing comes after. An exception here is trouble with this account alone.
 */
import { metrics } from '../contracts/env.ts';
import { decodeEvents } from '../contracts/stored-commit.ts';
import { type AccountEvent, decide, legKeyOfEvent } from '../domain/account.ts';
import type { RecentLegs } from '../domain/memory.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { Digest, Journal, Meter } from '../ports.ts';
import { AccountLog, type ClosedCommit, type RecordedAt } from './account-log.ts';
import { type History, recall, rememberedLegs } from './load-account.ts';
import type { PlannedCommand, PreparedAccount } from './prepare-account.ts';
import { sagaItemOf } from './start-sagas.ts';

/** A commit to append, and the account as it is once the insert is acknowledged. */
export interface FoldedCommit extends ClosedCommit {
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
  /** Is told of what an operator has to look at, which a count alone would not find. */
  readonly journal: Journal;
  /** UTC milliseconds. */
  readonly now: number;
}

/** A leg's outcome and where it is recorded. */
interface RecordedLeg extends RecordedAt {
  readonly event: AccountEvent;
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
  private readonly log: AccountLog;

  constructor(prepared: PreparedAccount, tools: FoldTools) {
    const { loaded, history, commands } = prepared;
    this.prepared = prepared;
    this.tools = tools;
    this.log = new AccountLog(prepared.account, loaded, { ...tools, take: (commit) => this.keep(commit) });
    this.memory = loaded.memory ?? (history === undefined ? undefined : recall(history, loaded.highArrival));
    const looksUp = commands.some(({ treatment }) => treatment !== 'ordinary');
    this.recorded = looksUp && history !== undefined ? legsIn(history) : new Map();
  }

  run(): FoldedAccount {
    for (const command of this.prepared.commands) {
      this.apply(command);
      this.log.cover(command.position, command.arrival);
    }
    this.log.close();
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
      if (treatment === 'covered') this.warn('a command below the position of its account had no outcome', planned);
      if (treatment === 'outside_window') this.tools.meter.count(metrics.outsideWindow, 1);
      this.record(planned, decide(this.log.state, planned.command, planned.arrival));
    }
  }

  /** The leg has its outcome already. A debit found by a look-up joins the saga again, for its first saga may be lost. */
  private meet({ treatment }: PlannedCommand, { event, version, index, at }: RecordedLeg): void {
    if (treatment !== 'covered') this.tools.meter.count(metrics.duplicates, 1);
    if (event.type === 'Debited') this.join(event, { version, index }, at);
  }

  private record(planned: PlannedCommand, event: AccountEvent): void {
    if (event.type === 'Refunded' && this.log.state.status === 'closed') {
      this.tools.meter.count(metrics.refundsToClosed, 1);
      this.warn('a refund went to a closed account', planned);
    }
    const recordedAt = this.log.record(event, planned);
    this.recorded.set(planned.legKey, { event, ...recordedAt });
    const { at: debitedAt, ...debitRef } = recordedAt;
    if (event.type === 'Debited') this.join(event, debitRef, debitedAt);
  }

  private warn(message: string, { legKey, position: { epoch, sequence, index } }: PlannedCommand): void {
    const position = `${epoch}/${sequence}/${index}`;
    this.tools.journal.warn(message, { account: this.prepared.account, leg: legKey, position });
  }

  private keep(commit: ClosedCommit): void {
    this.commits.push({ ...commit, legs: rememberedLegs(commit.events) });
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
