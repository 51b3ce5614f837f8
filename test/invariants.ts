/**
 * The invariants of the wallet, checked on a whole ledger at rest. Each violation is one sentence, so a failing test tells what
 * broke; a clean ledger gives an empty list.
 */
import { sha256 } from '../adapters/node/sha256.ts';
import type { TransferRecord } from '../core/contracts/claim.ts';
import { canonicalText, decodeEvents, encodeState, type StoredCommit } from '../core/contracts/stored-commit.ts';
import {
  type AccountEvent,
  type AccountState,
  available,
  evolve,
  legKeyOfEvent,
  unopened,
} from '../core/domain/account.ts';
import { comparePositions } from '../core/domain/position.ts';

/** Every invariant over the commits of all accounts; `records` are the claims with their statuses. */
export function violations(commits: readonly StoredCommit[], records: Iterable<TransferRecord>): readonly string[] {
  const logs = Map.groupBy(commits, ({ account }) => account);
  const balances = [...logs].map(([account, log]) => ({ account, ...replay(account, log) }));
  const total = balances.reduce((sum, { state }) => sum + state.balance, 0n);
  const events = commits.flatMap((commit) => decodeEvents(commit.events));
  return [
    ...balances.flatMap(({ faults }) => faults),
    ...repeatedLegs(logs),
    ...(total + inFlight(events) === 0n ? [] : [`balances are ${total} and ${inFlight(events)} is in flight`]),
    ...statusFaults(events, records),
  ];
}

function replay(account: string, log: readonly StoredCommit[]): { state: AccountState; faults: readonly string[] } {
  const faults: string[] = [];
  let state: AccountState = unopened;
  let previous: StoredCommit | undefined;
  for (const commit of log) {
    faults.push(...chainFaults(previous, commit));
    for (const event of decodeEvents(commit.events)) {
      state = evolve(state, event, commit.version);
      const overdrawn = event.type === 'Debited' && (available(state) ?? 0n) < 0n;
      if (overdrawn) faults.push(`${account}@${commit.version} goes below its limit`);
    }
    const stored = encodeState(state) === commit.state;
    if (!stored) faults.push(`${account}@${commit.version} stores a state that its events do not lead to`);
    previous = commit;
  }
  return { state, faults };
}

/** What must hold between a commit and the one before it. */
function chainFaults(previous: StoredCommit | undefined, commit: StoredCommit): readonly string[] {
  const { account, version, at, highArrival, prevHash, hash } = commit;
  const rules: readonly [boolean, string][] = [
    [version === (previous?.version ?? 0) + 1, `does not follow ${previous?.version ?? 0}`],
    [prevHash === (previous?.hash ?? ''), 'is not chained to the commit before'],
    [hash === sha256(canonicalText(commit)), 'has a wrong hash'],
    [at >= (previous?.at ?? 0), 'is earlier than the commit before'],
    [highArrival >= (previous?.highArrival ?? 0), 'lowers the highest arrival'],
    [!goesBack(previous, commit), 'goes back in the stream'],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => `${account}@${version} ${fault}`);
}

function goesBack(previous: StoredCommit | undefined, commit: StoredCommit): boolean {
  if (previous?.position === undefined) return false;
  return commit.position === undefined || comparePositions(commit.position, previous.position) < 0;
}

function repeatedLegs(logs: ReadonlyMap<string, readonly StoredCommit[]>): readonly string[] {
  return [...logs].flatMap(([account, log]) => {
    const keys = log.flatMap(({ events }) => decodeEvents(events)).map(legKeyOfEvent);
    return keys.filter((key, i) => keys.indexOf(key) !== i).map((key) => `${account} has ${key} more than once`);
  });
}

/** Debited, and neither credited nor given back. */
function inFlight(events: readonly AccountEvent[]): bigint {
  return events.reduce((sum, event) => {
    if (event.type === 'Debited') return sum + event.amount;
    return event.type === 'Credited' || event.type === 'Refunded' ? sum - event.amount : sum;
  }, 0n);
}

function statusFaults(events: readonly AccountEvent[], records: Iterable<TransferRecord>): readonly string[] {
  const byTransfer = Map.groupBy(
    events.flatMap((event) => ('transfer' in event ? [event] : [])),
    ({ transfer }) => transfer,
  );
  const claims = [...records].filter(({ subject }) => subject.type === 'transfer');
  return claims.flatMap(({ id, status }) => {
    const types = new Set((byTransfer.get(id.slice(id.indexOf('#') + 1)) ?? []).map(({ type }) => type));
    const expected = expectedStatus(types);
    return status === expected ? [] : [`${id} is ${status}, but its events (${[...types].join(', ')}) say ${expected}`];
  });
}

function expectedStatus(types: ReadonlySet<string>): string {
  if (types.has('Refunded')) return types.has('Credited') ? 'impossible: credited and refunded' : 'reversed';
  if (types.has('DebitRejected')) return types.has('Debited') ? 'impossible: debited and rejected' : 'rejected';
  if (types.has('Credited')) return 'completed';
  return types.has('CreditRefused') ? 'refused' : 'claimed';
}
