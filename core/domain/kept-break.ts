/**
 * The life of a break, kept as what happened to it:
 *
 *   found ─> (assigned) ─> resolved: adjusted by a transfer, or accepted as a matter of time
 *     │  ^                     │
 *     │  └───── came back <────┤ what was accepted did not come, or what was matched is alone again
 *     └─> cleared: a later statement matched it
 */
import type { BankLine } from './bank-statement.ts';
import { type BreakCause, classOf, type LedgerEntry } from './reconciliation.ts';

/** How a break was resolved: by a transfer that makes the wallet say what the bank says, or by waiting. */
export type Resolution =
  | { readonly kind: 'adjusted'; readonly transfer: string }
  | { readonly kind: 'accepted_as_timing' };

interface OfBreak {
  /** UTC milliseconds. */
  readonly at: number;
  /** Who did it, or whose run it was. */
  readonly by: string;
}
// Names and fields of these events are storage format: they are never renamed.
export type BreakEvent =
  | (OfBreak & { readonly type: 'Found'; readonly statement: string; readonly cause: BreakCause })
  /** It is left over again, for another cause than before, or after it was cleared or accepted. */
  | (OfBreak & { readonly type: 'CameBack'; readonly statement: string; readonly cause: BreakCause })
  | (OfBreak & { readonly type: 'Cleared'; readonly statement: string })
  | (OfBreak & { readonly type: 'Assigned'; readonly to: string })
  | (OfBreak & { readonly type: 'Resolved'; readonly resolution: Resolution; readonly note: string });

/** A break as it is kept. What it is about never changes; two that are about the same are the same break. */
export interface KeptBreak {
  /** Follows from the account and what it is about, so the same statement finds the same break again. */
  readonly id: string;
  /** Key of the account. */
  readonly account: string;
  readonly currency: string;
  readonly lines: readonly BankLine[];
  readonly entries: readonly LedgerEntry[];
  /** What the bank has more than the wallet because of it, minor units. */
  readonly difference: bigint;
  /** Oldest first; the first is `Found`. */
  readonly history: readonly BreakEvent[];
}

export interface BreakState {
  readonly status: 'open' | 'resolved' | 'cleared';
  readonly cause: BreakCause;
  readonly assignee: string | undefined;
  readonly resolution: Resolution | undefined;
}

/** Why something cannot be done with a break. */
export type BreakRefusal = 'not_open' | 'not_a_matter_of_time' | 'nothing_to_adjust';

export type BreakCommand =
  | (OfBreak & { readonly type: 'Find'; readonly statement: string; readonly cause: BreakCause })
  | (OfBreak & { readonly type: 'Clear'; readonly statement: string })
  | (OfBreak & { readonly type: 'Assign'; readonly to: string })
  | (OfBreak & { readonly type: 'Resolve'; readonly resolution: Resolution; readonly note: string });

/** Where a break stands: a fold of its history. */
export function stateOf({ history }: Pick<KeptBreak, 'history'>): BreakState {
  const start: BreakState = { status: 'open', cause: 'bank_only', assignee: undefined, resolution: undefined };
  return history.reduce(evolve, start);
}

function evolve(state: BreakState, event: BreakEvent): BreakState {
  switch (event.type) {
    case 'Found':
    case 'CameBack':
      return { ...state, status: 'open', cause: event.cause, resolution: undefined };
    case 'Cleared':
      return { ...state, status: 'cleared', resolution: undefined };
    case 'Assigned':
      return { ...state, assignee: event.to };
    case 'Resolved':
      return { ...state, status: 'resolved', resolution: event.resolution };
    default:
      return event satisfies never;
  }
}

/** What comes of a command: an event, nothing (it is so already), or a refusal. Pure; never throws. */
export function decideBreak(
  kept: Pick<KeptBreak, 'history' | 'difference'>,
  command: BreakCommand,
): BreakEvent | BreakRefusal | undefined {
  const state = stateOf(kept);
  const { at, by } = command;
  switch (command.type) {
    case 'Find': {
      if (!comesBack(state, command.cause)) return undefined;
      return { type: 'CameBack', at, by, statement: command.statement, cause: command.cause };
    }
    case 'Clear':
      return state.status === 'open' ? { type: 'Cleared', at, by, statement: command.statement } : undefined;
    case 'Assign': {
      if (state.status !== 'open') return 'not_open';
      return state.assignee === command.to ? undefined : { type: 'Assigned', at, by, to: command.to };
    }
    case 'Resolve': {
      if (isSameResolution(state.resolution, command.resolution)) return undefined;
      const refusal = refusalToResolve(state, kept.difference, command.resolution);
      return refusal ?? { type: 'Resolved', at, by, resolution: command.resolution, note: command.note };
    }
    default:
      return command satisfies never;
  }
}

/** A statement finds the same again and again; that is news only if it was thought over, or is worse than thought. */
function comesBack({ status, cause, resolution }: BreakState, found: BreakCause): boolean {
  if (resolution?.kind === 'adjusted') return false;
  if (status === 'resolved') return classOf[found] !== 'timing';
  return status === 'cleared' || cause !== found;
}

function refusalToResolve(state: BreakState, difference: bigint, { kind }: Resolution): BreakRefusal | undefined {
  if (state.status !== 'open') return 'not_open';
  if (kind === 'adjusted') return difference === 0n ? 'nothing_to_adjust' : undefined;
  return classOf[state.cause] === 'timing' ? undefined : 'not_a_matter_of_time';
}

function isSameResolution(one: Resolution | undefined, other: Resolution): boolean {
  if (one?.kind !== other.kind) return false;
  return one.kind !== 'adjusted' || other.kind !== 'adjusted' || one.transfer === other.transfer;
}
