/**
 * What a build decides of a recorded commit: the part of the wallet that `npm run build:decisions` makes into one file, so that the
 * whole recorded history can be put before the decisions of another version (`wallet audit replay --with FILE`).
 *
 * Both sides speak in texts, as they are stored: neither has to know the other's types, and reading what is old is part of what is
 * compared.
 */
import { decodeEvents, decodeState, encodeEvent, encodeState } from '../contracts/stored-commit.ts';
import { decide, evolve, unopened } from '../domain/account.ts';
import { commandOfEvent } from '../domain/command-of-event.ts';
import { accountOfKey } from '../domain/lane.ts';

/** Raised when what follows changes its meaning; builds of another format are refused. */
export const DECISIONS_FORMAT = 1;

/** A recorded commit, and the stored state before it: none before the first. */
export interface RecordedCommit {
  /** Key of the account. */
  readonly account: string;
  readonly version: number;
  readonly before: string | undefined;
  readonly events: string;
}

/** What this build makes of it, as JSON texts. */
export interface DecidedCommit {
  /** For each recorded event the one that its command leads to. */
  readonly events: readonly string[];
  /** The state after the recorded events. */
  readonly state: string;
}

/**
 * Decides a recorded commit's commands again, each in the state that the recorded events before it lead to, so that one difference does
 * not make others. Throws on what this build cannot read.
 */
export function decideAgain({ account, version, before, events }: RecordedCommit): DecidedCommit {
  const ref = accountOfKey(account);
  let state = before === undefined ? unopened : decodeState(before);
  const decided = decodeEvents(events).map((event) => {
    const again = decide(state, commandOfEvent(event, state, ref), event.arrival);
    state = evolve(state, event, version);
    return encodeEvent(again);
  });
  return { events: decided, state: encodeState(state) };
}
