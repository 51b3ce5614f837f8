/**
 * One account's recorded history put before the decisions of another build, commit by commit. Each is decided in the state that was
 * recorded before it, so every difference stands for itself.
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { DecidedCommit, RecordedCommit } from './decide-again.ts';

/** A build's decisions, loaded from its file. */
export interface Decisions {
  decideAgain(commit: RecordedCommit): DecidedCommit;
}

export const differenceKinds = [
  /** Accepted here, refused there, or otherwise another event. */
  'outcome',
  /** Both refuse, for different reasons. */
  'reason',
  /** The same outcome with other content. */
  'event',
  /** The same events lead to another state. */
  'state',
  /** The other build cannot read what was recorded. */
  'unreadable',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** Key of the account. */
  readonly account: string;
  readonly version: number;
  /** Index of the event in its commit; undefined where the difference is one of the commit. */
  readonly index?: number;
  /** What was recorded, and what the other build makes of it. */
  readonly recorded: string;
  readonly decided: string;
}

export class ReplayedLog {
  readonly account: string;
  private readonly decisions: Decisions;
  private before: string | undefined;

  constructor(account: string, decisions: Decisions) {
    this.account = account;
    this.decisions = decisions;
  }

  /** Takes the next commit of the log; gives back where the builds differ about it. */
  take({ account, version, events, state }: StoredCommit): readonly Difference[] {
    const recorded = { account, version, before: this.before, events };
    this.before = state;
    try {
      const decided = this.decisions.decideAgain(recorded);
      return [...this.events(version, events, decided), ...this.state(version, state, decided)];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return [{ kind: 'unreadable', account, version, recorded: events, decided: message }];
    }
  }

  private events(version: number, text: string, decided: DecidedCommit): readonly Difference[] {
    if (`[${decided.events.join(',')}]` === text) return [];
    const recorded = listOf(text);
    const longest = Math.max(recorded.length, decided.events.length);
    return Array.from({ length: longest }, (_, i) => i).flatMap((index): readonly Difference[] => {
      const [was, is] = [recorded[index], membersOf(decided.events[index] ?? '{}')];
      const kind = was === undefined ? 'outcome' : differenceOf(was, is);
      if (kind === undefined) return [];
      const texts = { recorded: JSON.stringify(was ?? null), decided: JSON.stringify(is) };
      return [{ kind, account: this.account, version, index, ...texts }];
    });
  }

  private state(version: number, text: string, decided: DecidedCommit): readonly Difference[] {
    if (text === decided.state || isSubset(membersOf(text), membersOf(decided.state))) return [];
    return [{ kind: 'state', account: this.account, version, recorded: text, decided: decided.state }];
  }
}

type Members = Readonly<Record<string, unknown>>;

function differenceOf(recorded: Members, decided: Members): DifferenceKind | undefined {
  if (recorded['type'] !== decided['type']) return 'outcome';
  if (recorded['reason'] !== decided['reason']) return 'reason';
  return isSubset(recorded, decided) ? undefined : 'event';
}

/** A later build may keep more than was recorded; what was recorded has to be there, and the same. */
function isSubset(recorded: Members, decided: Members): boolean {
  return Object.entries(recorded).every(([name, value]) => {
    const other = decided[name];
    if (isMembers(value) && isMembers(other)) return isSubset(value, other);
    return JSON.stringify(value) === JSON.stringify(other);
  });
}

function listOf(text: string): readonly Members[] {
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter(isMembers) : [];
}

function membersOf(text: string): Members {
  const parsed: unknown = JSON.parse(text);
  return isMembers(parsed) ? parsed : {};
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
