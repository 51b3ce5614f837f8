/**
 * Shows that an audit says nothing of a sound ledger, and finds and names each way to tamper with one: a byte changed, a commit
 * dropped, two in the other order, a forged one with a right hash, in the middle of a log and at its end.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { canonicalText, decodeState, encodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { Finding } from '../../core/flows/audit-log.ts';
import {
  nothingVerified,
  type Period,
  together,
  type Verified,
  verifyPart,
  verifyTrialBalance,
} from '../../core/flows/verify-ledger.ts';
import { livedWallet } from '../audited-history.ts';
import { type MemoryWallet, SCOPE } from '../memory-wallet.ts';

let wallet: MemoryWallet;
let sound: readonly StoredCommit[];
beforeAll(async () => {
  wallet = await livedWallet();
  sound = wallet.log.commits();
});

async function verify(commits: readonly StoredCommit[], period: Period = {}, parts = 1): Promise<Verified> {
  const log = new MemoryEventLog();
  for (const commit of commits) log.insert(commit);
  const ports = { log, scan: new MemoryLedgerScan({ commits: () => commits }), digest: sha256 };
  let verified = nothingVerified;
  for (let part = 0; part < parts; part += 1)
    verified = together(verified, await verifyPart(ports, part, parts, period));
  return verified;
}

/** What an audit finds, as `kind account@version`. */
async function found(commits: readonly StoredCommit[], period: Period = {}): Promise<readonly string[]> {
  const { findings } = await verify(commits, period);
  for (const { what } of findings) expect(what.length).toBeGreaterThan(10);
  return findings.map(named);
}

function named({ kind, account, version }: Finding): string {
  return `${kind} ${account}@${version}`;
}

function rehashed(commit: StoredCommit): StoredCommit {
  return { ...commit, hash: sha256(canonicalText(commit)) };
}

/** The ledger with one commit made into another, or into none or several. */
function tampered(account: string, version: number, change: (commit: StoredCommit) => readonly StoredCommit[]) {
  const key = `${SCOPE}#${account}`;
  return sound.flatMap((commit) => (commit.account === key && commit.version === version ? change(commit) : [commit]));
}

function newestVersion(account: string): number {
  return Math.max(...sound.filter((commit) => commit.account === `${SCOPE}#${account}`).map(({ version }) => version));
}

describe('a sound ledger', () => {
  test('has nothing to be found, in any number of parts', async () => {
    const accounts = new Set(sound.map(({ account }) => account)).size;
    for (const parts of [1, 4]) {
      expect(await verify(sound, {}, parts)).toEqual({ accounts, commits: sound.length, findings: [] });
    }
    expect(sound.map(({ account }) => account)).toContain(`${SCOPE}#nobody`);
  });

  test('nor in any period of it', async () => {
    const times = sound.map(({ at }) => at);
    for (const from of times.filter((_, i) => i % 5 === 0)) {
      expect(await verify(sound, { from })).toMatchObject({
        commits: times.filter((at) => at >= from).length,
        findings: [],
      });
      expect(await verify(sound, { to: from })).toMatchObject({
        commits: times.filter((at) => at < from).length,
        findings: [],
      });
    }
  });

  test('is balanced at every moment', async () => {
    for (const { at } of sound) expect(await verifyTrialBalance(wallet, SCOPE, at)).toEqual([]);
  });
});

describe('one byte that was changed', () => {
  test('anywhere in the texts of a commit is found at that commit, and nothing else is', async () => {
    for (const member of ['state', 'events'] as const) {
      const original = sound.find(({ account, version }) => account === `${SCOPE}#alice` && version === 4);
      if (original === undefined) throw new Error('alice has no version 4');
      for (let i = 0; i < original[member].length; i += 7) {
        const text = original[member];
        const changed = `${text.slice(0, i)}${text[i] === '7' ? '8' : '7'}${text.slice(i + 1)}`;
        const all = await found(tampered('alice', 4, (commit) => [{ ...commit, [member]: changed }]));
        expect(all).toContain('wrong_hash default#alice@4');
        expect(all.every((name) => name.endsWith('default#alice@4'))).toBe(true);
      }
    }
  });

  test.each(['at', 'highArrival', 'v'] as const)('in its %s is found by its hash', async (member) => {
    const all = await found(tampered('bob', 3, (commit) => [{ ...commit, [member]: commit[member] + 1 }]));
    expect(all).toContain('wrong_hash default#bob@3');
  });

  test('in its hash is found there, and by the commit behind it', async () => {
    const all = await found(tampered('bob', 3, (commit) => [{ ...commit, hash: sha256('other') }]));
    expect(all).toEqual(['wrong_hash default#bob@3', 'broken_chain default#bob@4']);
  });
});

test('a commit that was dropped is found by the one behind it', async () => {
  const all = await found(tampered('alice', 3, () => []));
  expect(all).toEqual(expect.arrayContaining(['version_gap default#alice@4', 'broken_chain default#alice@4']));
  expect(await found(tampered('alice', 1, () => []))).toContain('version_gap default#alice@2');
});

test('two commits in the other order are found', async () => {
  const third = sound.find(({ account, version }) => account === `${SCOPE}#alice` && version === 3);
  if (third === undefined) throw new Error('alice has no version 3');
  const all = await found(
    tampered('alice', 3, () => []).flatMap((commit) =>
      commit.account === third.account && commit.version === 4 ? [commit, third] : [commit],
    ),
  );
  expect(all).toEqual(expect.arrayContaining(['version_gap default#alice@4', 'version_gap default#alice@3']));
});

test('two commits that changed their versions are found by their hashes', async () => {
  const swapped = sound.map((commit) => {
    if (commit.account !== `${SCOPE}#alice` || (commit.version !== 3 && commit.version !== 4)) return commit;
    return { ...commit, version: 7 - commit.version };
  });
  const inOrder = [...swapped].sort((a, b) => (a.account === b.account ? a.version - b.version : 0));
  const all = await found(inOrder);
  expect(all).toEqual(expect.arrayContaining(['wrong_hash default#alice@3', 'wrong_hash default#alice@4']));
});

describe('a forged commit with a right hash', () => {
  /** A credit of ten times the amount, and the state that follows from it. */
  const richer = (commit: StoredCommit): StoredCommit => {
    const { balance, ...state } = decodeState(commit.state);
    const events = commit.events.replace('"amount":"1000"', '"amount":"10000"');
    if (events === commit.events) throw new Error(`${commit.account}@${commit.version} holds no credit of 1000`);
    return rehashed({ ...commit, events, state: encodeState({ ...state, balance: balance + 9_000n }) });
  };

  test('in the middle is found by the commit behind it', async () => {
    const all = await found(tampered('alice', 2, (commit) => [richer(commit)]));
    expect(all).toEqual(expect.arrayContaining(['broken_chain default#alice@3', 'other_state default#alice@3']));
  });

  test('whose events do not lead to its state is found by its state', async () => {
    const last = newestVersion('alice');
    const forge = (commit: StoredCommit) => {
      const state = decodeState(commit.state);
      return [rehashed({ ...commit, state: encodeState({ ...state, balance: state.balance + 1n }) })];
    };
    expect(await found(tampered('alice', last, forge))).toEqual([`other_state default#alice@${last}`]);
  });

  test('whose decision the account would not have taken is found by deciding again', async () => {
    const last = newestVersion('alice');
    const forge = (commit: StoredCommit) => {
      const state = decodeState(commit.state);
      const taken = (state.balance + 2n).toString();
      const events = commit.events
        .replace('"amount":"1"', `"amount":"${taken}"`)
        .replace(/"balance":"\d+"/, '"balance":"-1"');
      return [rehashed({ ...commit, events, state: encodeState({ ...state, balance: -1n }) })];
    };
    expect(await found(tampered('alice', last, forge))).toEqual([`other_decision default#alice@${last}`]);
  });

  test('at the end of a log, sound in itself, is found by the trial balance', async () => {
    const first = tampered('alice', 2, (commit) => [richer(commit)]).filter(
      ({ account, version }) => account !== `${SCOPE}#alice` || version <= 2,
    );
    expect(await found(first)).toEqual([]);
    const log = new MemoryEventLog();
    for (const commit of first) log.insert(commit);
    const at = first.find(({ account, version }) => account === `${SCOPE}#alice` && version === 2)?.at;
    const findings = await verifyTrialBalance({ ...wallet, log }, SCOPE, at);
    expect(findings.map(({ kind }) => kind)).toContain('unbalanced');
    expect(findings[0]?.what).toContain('9000');
  });

  test('that repeats a leg is found', async () => {
    const last = newestVersion('alice');
    const [source] = sound.filter(({ account, version }) => account === `${SCOPE}#alice` && version === 2);
    const repeat = (commit: StoredCommit) => {
      const state = decodeState(commit.state);
      const again = { ...commit, version: last + 1, prevHash: commit.hash, events: source?.events ?? '' };
      return [commit, rehashed({ ...again, state: encodeState({ ...state, balance: state.balance + 1_000n }) })];
    };
    expect(await found(tampered('alice', last, repeat))).toEqual([`repeated_leg default#alice@${last + 1}`]);
  });

  test.each([
    ['time_goes_back', { at: 1 }],
    ['arrival_goes_back', { highArrival: 1 }],
    ['position_goes_back', { position: undefined }],
  ] as const)('%s is found', async (kind, change) => {
    const last = newestVersion('alice');
    const all = await found(tampered('alice', last, (commit) => [rehashed({ ...commit, ...change })]));
    expect(all).toContain(`${kind} default#alice@${last}`);
  });

  test.each(['{', '[{"type":"Gift"}]', '{}', '[]'])('with the events %s is found', async (events) => {
    const all = await found(tampered('alice', 2, (commit) => [rehashed({ ...commit, events })]));
    expect(all[0]).toMatch(/^(unreadable|no_events) default#alice@2$/);
  });
});

test('other accounts are audited as ever beside one whose log is tampered with', async () => {
  const { findings } = await verify(tampered('alice', 3, () => []));
  expect(new Set(findings.map(({ account }) => account))).toEqual(new Set(['default#alice']));
});

describe('a period that begins behind a commit', () => {
  test.each<[string, (commit: StoredCommit) => readonly StoredCommit[]]>([
    ['that is missing', () => []],
    ['whose state cannot be read', (commit) => [rehashed({ ...commit, state: '{' })]],
  ])('%s: that is told, and the other logs are audited', async (_, change) => {
    const { accounts, findings } = await verify(tampered('alice', 3, change), { from: timeOf('alice', 4) });
    expect(findings.map(named)).toEqual(['unreadable default#alice@0']);
    expect(findings[0]?.what).toContain('alice');
    expect(accounts).toBe(new Set(sound.map(({ account }) => account)).size);
  });
});

describe('where there can be no trial balance', () => {
  function portsOf(commits: readonly StoredCommit[]) {
    const log = new MemoryEventLog();
    for (const commit of commits) log.insert(commit);
    return { ...wallet, log };
  }

  test('the commit that keeps it from being computed is a finding, and the audit goes on', async () => {
    const last = newestVersion('alice');
    const unreadable = tampered('alice', last, (commit) => [rehashed({ ...commit, state: '{' })]);
    expect(await verifyTrialBalance(portsOf(unreadable), SCOPE)).toEqual([
      { kind: 'unreadable', account: '', version: 0, what: expect.stringContaining(`default#alice@${last}`) },
    ]);
    const dropped = portsOf(tampered('alice', 3, () => []));
    const findings = await verifyTrialBalance(dropped, SCOPE, timeOf('alice', 4) - 1);
    expect(findings.map(named)).toEqual(['unreadable @0']);
    expect(findings[0]?.what).toContain('version 3 of default#alice');
  });

  test('trouble with the store is no finding', async () => {
    const ports = portsOf(sound);
    ports.log.newest = async () => {
      throw new Error('throttled');
    };
    await expect(verifyTrialBalance(ports, SCOPE)).rejects.toThrow('throttled');
  });
});

function timeOf(account: string, version: number): number {
  const found = sound.find((commit) => commit.account === `${SCOPE}#${account}` && commit.version === version);
  return found?.at ?? expect.fail(`${account} has no version ${version}`);
}
