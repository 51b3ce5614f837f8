/**
 * An account's log while events are recorded in it: they gather in an open commit, which is closed, hashed and chained to the one
 * before when it is full or when its batch is over. Pure; whoever holds it appends what was closed.
 */
import {
  COMMIT_VERSION,
  canonicalText,
  encodeEvent,
  encodeState,
  MAX_EVENTS_BYTES,
  type StoredCommit,
} from '../contracts/stored-commit.ts';
import { type AccountEvent, type AccountState, evolve } from '../domain/account.ts';
import { laterPosition, type Position } from '../domain/position.ts';
import type { Digest } from '../ports.ts';
import type { LoadedAccount } from './load-account.ts';

/** What an event's command brought with it. */
export interface Cause {
  readonly position: Position;
  /** Arrival of its record, UTC milliseconds. */
  readonly arrival: number;
  /** Origin of its leg, UTC milliseconds. */
  readonly origin: number;
}

/** Where an event is recorded. */
export interface RecordedAt {
  readonly version: number;
  readonly index: number;
  /** Time of the commit, UTC milliseconds. */
  readonly at: number;
}

/** A commit that is closed, and the state that it leads to. */
export interface ClosedCommit {
  readonly stored: StoredCommit;
  /** What `stored.events` says, for readers in the same process. */
  readonly events: readonly AccountEvent[];
  readonly state: AccountState;
}

interface LogTools {
  readonly digest: Digest;
  /** UTC milliseconds. */
  readonly now: number;
  /** Takes each commit as it is closed, in order. */
  readonly take: (commit: ClosedCommit) => void;
}

/** An open commit: what will be appended as the next version. */
interface Draft {
  readonly version: number;
  readonly at: number;
  readonly events: AccountEvent[];
  /** The events' texts, joined by commas. */
  text: string;
}

export class AccountLog {
  /** Key of the account. */
  readonly account: string;
  private readonly tools: LogTools;
  /** The state after all that was recorded. */
  state: AccountState;
  /** Highest arrival seen, UTC milliseconds. */
  highArrival: number;
  private position: Position | undefined;
  private last: Pick<StoredCommit, 'version' | 'at' | 'hash'>;
  private draft: Draft | undefined;

  constructor(account: string, loaded: LoadedAccount, tools: LogTools) {
    this.account = account;
    this.tools = tools;
    this.state = loaded.state;
    this.position = loaded.position;
    this.highArrival = loaded.highArrival;
    this.last = loaded;
  }

  /** Records an event of this account. */
  record(event: AccountEvent, { position, arrival, origin }: Cause): RecordedAt {
    const draft = this.roomFor(event);
    const index = draft.events.push(event) - 1;
    this.state = evolve(this.state, event, draft.version);
    this.highArrival = Math.max(this.highArrival, arrival, origin);
    this.position = laterPosition(this.position, position);
    return { version: draft.version, index, at: draft.at };
  }

  /** Notes a command that is dealt with: the commit that covers it says so. */
  cover(position: Position, arrival: number): void {
    this.position = laterPosition(this.position, position);
    this.highArrival = Math.max(this.highArrival, arrival);
  }

  /** Ends the open commit, if there is one: everything up to here is covered by it. */
  close(): void {
    if (this.draft === undefined) return;
    const { version, at, events, text } = this.draft;
    const content = {
      v: COMMIT_VERSION,
      account: this.account,
      version,
      at,
      position: this.position,
      highArrival: this.highArrival,
      prevHash: this.last.hash,
      state: encodeState(this.state),
      events: `[${text}]`,
    };
    const stored = { ...content, hash: this.tools.digest(canonicalText(content)) };
    this.last = stored;
    this.draft = undefined;
    this.tools.take({ stored, events, state: this.state });
  }

  /** The open commit, with the event's text in it. */
  private roomFor(event: AccountEvent): Draft {
    const text = encodeEvent(event);
    // With brackets, and a comma for every event.
    if (this.draft !== undefined && this.draft.text.length + text.length + 4 > MAX_EVENTS_BYTES) this.close();
    if (this.draft === undefined) {
      const at = Math.max(this.last.at, this.tools.now);
      this.draft = { version: this.last.version + 1, at, events: [], text };
    } else {
      this.draft.text = `${this.draft.text},${text}`;
    }
    return this.draft;
  }
}
