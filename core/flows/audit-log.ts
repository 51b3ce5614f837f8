/**
 * One account's log, checked commit by commit as an auditor does: chained and hashed, in order, every event decided again, every
 * state folded again. What is wrong is said of the commit that is wrong; the check goes on from what is stored there, so that one
 * forged commit is one finding, and does not hide or invent others behind it.
 */

import { readableEvents } from '../contracts/read-events.ts';
import { canonicalText, decodeState, encodeEvent, encodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import {
  type AccountEvent,
  type AccountRef,
  type AccountState,
  decide,
  evolve,
  legKeyOfEvent,
  unopened,
} from '../domain/account.ts';
import { commandOfEvent } from '../domain/command-of-event.ts';
import { accountOfKey } from '../domain/lane.ts';
import { comparePositions } from '../domain/position.ts';
import type { Digest } from '../ports.ts';
import { LegSet } from './leg-set.ts';

/** What can be wrong. Names are part of what `wallet audit verify --json` says. */
export const findingKinds = [
  /** State or events are no texts that a commit may hold. */
  'unreadable',
  /** Versions are not dense: commits are missing, or stand in another order. */
  'version_gap',
  /** The hash is not the one of the commit's content. */
  'wrong_hash',
  /** The hash of the commit before is not the one that this commit names. */
  'broken_chain',
  'time_goes_back',
  'arrival_goes_back',
  'position_goes_back',
  /** A commit without an event records nothing. */
  'no_events',
  /** A leg of a transfer, or a request, has a second outcome. */
  'repeated_leg',
  /** The event's command, decided again in the state before it, leads to another event. */
  'other_decision',
  /** The events do not lead to the stored state. */
  'other_state',
  /** Balances and what is in flight do not sum to zero. */
  'unbalanced',
  /** The log does not hold the chain head that was sealed. */
  'seal_broken',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Key of the account; empty where the finding is about the whole ledger. */
  readonly account: string;
  /** Version of the commit; 0 where the finding is about no commit. */
  readonly version: number;
  /** What was found and what was expected, in a sentence. */
  readonly what: string;
}

export interface AuditSettings {
  readonly digest: Digest;
  /** The commit to begin behind, which is believed; else the log begins at version 1. */
  readonly anchor?: StoredCommit | undefined;
}

/** What the next commit must follow. Not the commit itself: the texts of 10,000 newest commits would keep the collector busy. */
type End = Pick<StoredCommit, 'version' | 'at' | 'highArrival' | 'position' | 'hash'>;

export class LogAudit {
  readonly account: string;
  private readonly digest: Digest;
  private readonly ref: AccountRef;
  private readonly legs = new LegSet();
  private last: End | undefined;
  private state: AccountState;
  /** After a commit that is wrong: the other state that may be the true one. */
  private otherState: AccountState | undefined;
  private findings: Finding[] = [];

  constructor(account: string, { digest, anchor }: AuditSettings) {
    this.account = account;
    this.digest = digest;
    this.ref = accountOfKey(account);
    this.last = anchor === undefined ? undefined : endOf(anchor, anchor.hash);
    this.state = anchor === undefined ? unopened : decodeState(anchor.state);
  }

  /** Checks the next commit; gives back what is wrong with it. */
  take(commit: StoredCommit): readonly Finding[] {
    return this.takeRead(commit, this.digest(canonicalText(commit)), readableEvents(commit.events));
  }

  /**
   * As {@link take}, for who has read the commit another way already.
   *
   * @param contentHash hash of its content, computed anew
   * @param events undefined if they cannot be read
   */
  takeRead(commit: StoredCommit, contentHash: string, events: readonly AccountEvent[] | undefined): readonly Finding[] {
    this.findings = [];
    this.checkChain(commit, contentHash);
    if (events === undefined) this.passOver(commit);
    else this.checkEvents(commit, events);
    // Where they are equal the computed one is kept: the other may be a part of a longer text.
    this.last = endOf(commit, contentHash === commit.hash ? contentHash : commit.hash);
    return this.findings;
  }

  private checkChain(commit: StoredCommit, contentHash: string): void {
    const { last } = this;
    const { version, at, highArrival, position } = commit;
    const expected = (last?.version ?? 0) + 1;
    if (version !== expected) this.find('version_gap', commit, `version ${version} stands where ${expected} should`);
    if (contentHash !== commit.hash) this.find('wrong_hash', commit, 'its hash is not that of its content');
    if (commit.prevHash !== (last?.hash ?? ''))
      this.find(
        'broken_chain',
        commit,
        `it names ${commit.prevHash || 'no hash'} as the one before, which has ${last?.hash ?? 'none'}`,
      );
    if (last === undefined) return;
    if (at < last.at) this.find('time_goes_back', commit, `its time ${at} is before ${last.at}`);
    if (highArrival < last.highArrival)
      this.find('arrival_goes_back', commit, `its highest arrival ${highArrival} is below ${last.highArrival}`);
    const covered = last.position;
    if (covered !== undefined && (position === undefined || comparePositions(position, covered) < 0))
      this.find('position_goes_back', commit, 'it covers less of the stream than the commit before');
  }

  private passOver(commit: StoredCommit): void {
    this.find('unreadable', commit, 'its events cannot be read');
    this.state = readState(commit.state) ?? this.state;
    this.otherState = undefined;
  }

  private checkEvents(commit: StoredCommit, events: readonly AccountEvent[]): void {
    if (events.length === 0) this.find('no_events', commit, 'it holds no event');
    for (const event of events) {
      if (!this.legs.add(event)) this.find('repeated_leg', commit, `${legKeyOfEvent(event)} has an outcome already`);
    }
    const { faults, state, otherState } = this.judge(commit, events);
    for (const { kind, what } of faults) this.find(kind, commit, what);
    this.state = state;
    this.otherState = otherState;
  }

  /** After a commit that is wrong it is open which is true, its state or what its events lead to: what fits better counts. */
  private judge(commit: StoredCommit, events: readonly AccountEvent[]): Judgement {
    const first = this.judgeFrom(this.state, commit, events);
    if (this.otherState === undefined) return first;
    const other = this.judgeFrom(this.otherState, commit, events);
    return other.faults.length < first.faults.length ? other : first;
  }

  private judgeFrom(before: AccountState, commit: StoredCommit, events: readonly AccountEvent[]): Judgement {
    const faults: Fault[] = [];
    let state = before;
    for (const event of events) {
      const again = decide(state, commandOfEvent(event, state, this.ref), event.arrival);
      if (!hasSameMembers(event, again)) faults.push(...otherDecision(events.indexOf(event), event, again));
      state = evolve(state, event, commit.version);
    }
    const expected = encodeState(state);
    if (expected === commit.state) return { faults, state, otherState: undefined };
    const judged = judgeState(commit, state, expected);
    return { ...judged, faults: [...faults, ...judged.faults] };
  }

  private find(kind: FindingKind, { version }: StoredCommit, what: string): void {
    this.findings.push({ kind, account: this.account, version, what });
  }
}

interface Fault {
  readonly kind: FindingKind;
  readonly what: string;
}

/** What is wrong with a commit's events and state, and the one or two states that may be the true one after it. */
interface Judgement {
  readonly faults: readonly Fault[];
  readonly state: AccountState;
  readonly otherState: AccountState | undefined;
}

const noFaults: readonly Fault[] = [];

function endOf({ version, at, highArrival, position }: StoredCommit, hash: string): End {
  return { version, at, highArrival, position, hash };
}

/**
 * True if two events have the same members with the same values; what is nested has to be the very same, as a decision takes it over from
 * its command. So false may be said of events that are the same, and their texts have to be compared; but those are few, and this takes a
 * tenth of the time.
 */
function hasSameMembers(a: AccountEvent, b: AccountEvent): boolean {
  return hasMembersOf(a, b) && hasMembersOf(b, a);
}

function hasMembersOf<Event extends AccountEvent>(a: Event, b: Event): boolean {
  for (const name in b) if (a[name] !== b[name]) return false;
  return true;
}

/** What is wrong with an event, if anything is; what an earlier version recorded may lack what came later. */
function otherDecision(index: number, event: AccountEvent, again: AccountEvent): readonly Fault[] {
  const [stored, decided] = [encodeEvent(event), encodeEvent(again)];
  if (sameContent(stored, decided) || sameContent(stored, withoutLater(event, decided))) return [];
  return [{ kind: 'other_decision', what: `event ${index} is ${stored}, decided again it is ${decided}` }];
}

function judgeState(commit: StoredCommit, folded: AccountState, expected: string): Judgement {
  const stored = readState(commit.state);
  const none = { state: folded, otherState: undefined };
  if (stored === undefined) return { faults: [{ kind: 'unreadable', what: 'its state cannot be read' }], ...none };
  if (sameContent(encodeState(stored), expected)) return { faults: noFaults, ...none };
  const what = `it stores ${commit.state}, its events lead to ${expected}`;
  return { faults: [{ kind: 'other_state', what }], state: stored, otherState: folded };
}

function readState(text: string): AccountState | undefined {
  try {
    return decodeState(text);
  } catch {
    return undefined;
  }
}

/** Members that events got after the first version; what was recorded before has none of them. */
const laterMembers: Readonly<Partial<Record<AccountEvent['type'], readonly string[]>>> = {
  RequestRefused: ['asked', 'version'],
};

/** The event that was decided again, as a version would have recorded it that did not know the members which the stored one lacks. */
function withoutLater(event: AccountEvent, decided: string): string {
  const later = laterMembers[event.type] ?? [];
  const members = Object.entries(Object(JSON.parse(decided)));
  return JSON.stringify(Object.fromEntries(members.filter(([name]) => name in event || !later.includes(name))));
}

/** True if two JSON texts differ at most in the order of members. */
function sameContent(a: string, b: string): boolean {
  return a === b || sorted(a) === sorted(b);
}

function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
