/** Shows that each kind of difference between two builds is told, of the event that differs and of no other. */
import { beforeAll, expect, test } from 'vitest';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { type DecidedCommit, decideAgain, type RecordedCommit } from '../../core/flows/decide-again.ts';
import { ReplayedLog } from '../../core/flows/replay-log.ts';
import { livedWallet } from '../audited-history.ts';

let commits: readonly StoredCommit[];
beforeAll(async () => {
  commits = (await livedWallet()).log.commits();
});

/** Differences, as `kind account@version/index`. */
function differences(decide: (commit: RecordedCommit) => DecidedCommit): readonly string[] {
  const logs = new Map<string, ReplayedLog>();
  return commits.flatMap((commit) => {
    const log = logs.get(commit.account) ?? new ReplayedLog(commit.account, { decideAgain: decide });
    logs.set(commit.account, log);
    return log.take(commit).map(({ kind, account, version, index }) => `${kind} ${account}@${version}/${index ?? '-'}`);
  });
}

/** The same decisions, but for one commit. */
function otherwise(account: string, version: number, change: (decided: DecidedCommit) => DecidedCommit) {
  return differences((commit) => {
    const decided = decideAgain(commit);
    return commit.account === account && commit.version === version ? change(decided) : decided;
  });
}

test('the same build has none', () => {
  expect(differences(decideAgain)).toEqual([]);
});

test('another outcome, reason, content, state, and what cannot be read', () => {
  const alice = 'default#alice';
  const rejected = commits.find(({ events }) => events.includes('DebitRejected'));
  if (rejected === undefined) throw new Error('nothing was rejected');
  const inEvents = (from: string, to: string) => (decided: DecidedCommit) => ({
    ...decided,
    events: decided.events.map((event) => event.replace(from, to)),
  });
  expect(otherwise(alice, 2, inEvents('Credited', 'CreditRefused'))).toEqual([`outcome ${alice}@2/0`]);
  expect(otherwise(alice, 2, inEvents('"amount":"1000"', '"amount":"1001"'))).toEqual([`event ${alice}@2/0`]);
  expect(otherwise(rejected.account, rejected.version, inEvents('insufficient_funds', 'account_frozen'))).toEqual([
    `reason ${rejected.account}@${rejected.version}/0`,
  ]);
  expect(
    otherwise(alice, 2, (decided) => ({ ...decided, state: decided.state.replace('"balance":"', '"balance":"1') })),
  ).toEqual([`state ${alice}@2/-`]);
  expect(otherwise(alice, 2, (decided) => ({ ...decided, events: [...decided.events, '{"type":"Gift"}'] }))).toEqual([
    `outcome ${alice}@2/1`,
  ]);
  const failing = () => {
    throw new Error('what is that?');
  };
  expect(otherwise(alice, 2, failing)).toEqual([`unreadable ${alice}@2/-`]);
});

test('members that another version adds, and their order, are no difference', () => {
  const added = (decided: DecidedCommit) => ({
    events: decided.events.map((event) => event.replace('{', '{"note":"new",')),
    state: decided.state.replace('{', '{"tier":"gold",'),
  });
  expect(otherwise('default#alice', 2, added)).toEqual([]);
});
