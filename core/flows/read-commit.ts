/**
 * What a commit says. A text that no commit may hold is damage of that one log: who reads many logs tells it from trouble of the
 * store, and goes on with the others.
 */
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent, AccountState } from '../domain/account.ts';
import { DamagedCommit } from '../ports.ts';

/** The account's state after a commit. Throws {@link DamagedCommit} if it cannot be read. */
export function stateAfter({ account, version, state }: StoredCommit): AccountState {
  try {
    return decodeState(state);
  } catch (cause) {
    throw new DamagedCommit(`the state of ${account}@${version} cannot be read`, { cause });
  }
}

/** A commit's events. Throws {@link DamagedCommit} if they cannot be read. */
export function eventsOf({ account, version, events }: StoredCommit): readonly AccountEvent[] {
  try {
    return decodeEvents(events);
  } catch (cause) {
    throw new DamagedCommit(`the events of ${account}@${version} cannot be read`, { cause });
  }
}
