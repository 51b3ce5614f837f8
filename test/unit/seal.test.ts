/**
 * Shows that a day's seal stands for the whole ledger: sealing again gives the same and a changed ledger is refused, every way to
 * change a sealed commit is found although all hashes are made right again, and a proof of a balance convinces somebody who has the
 * root alone, of the true balance and of no other.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryArchive } from '../../adapters/memory/memory-archive.ts';
import { MemoryEventLog } from '../../adapters/memory/memory-event-log.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { sha256, sha256Bytes } from '../../adapters/node/sha256.ts';
import { DAY_MS, dayAfter, dayOf, endOfDay } from '../../core/contracts/day.ts';
import { type BalanceProof, decodeProof, encodeProof, leafOf, rootOfHeads, toHex } from '../../core/contracts/seal.ts';
import { canonicalText, decodeState, encodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { unopened } from '../../core/domain/account.ts';
import { checkProof } from '../../core/flows/check-proof.ts';
import { CLOSE_MARGIN_MS } from '../../core/flows/close-day.ts';
import { proveBalance } from '../../core/flows/prove-balance.ts';
import { DayNotSealable, newestSealableDay, readSeal, sealDay, sealedDays } from '../../core/flows/seal-day.ts';
import { verifySeals } from '../../core/flows/verify-seals.ts';
import { livedWallet } from '../audited-history.ts';
import { SCOPE } from '../memory-wallet.ts';

let sound: readonly StoredCommit[];
let now: number;
let days: readonly string[];
beforeAll(async () => {
  const wallet = await livedWallet();
  sound = wallet.log.commits();
  days = [...new Set(sound.map(({ at }) => dayOf(at)))].sort();
  now = endOfDay(days.at(-1) ?? '') + CLOSE_MARGIN_MS;
});

function ledger(commits: readonly StoredCommit[], seals = new MemoryArchive()) {
  const log = new MemoryEventLog();
  for (const commit of commits) log.insert(commit);
  const clock = { now: () => now };
  return { log, scan: new MemoryLedgerScan(log), seals, clock, hash: sha256Bytes };
}

async function sealed(commits = sound) {
  const ports = ledger(commits);
  for (const day of days) await sealDay(ports, day);
  return ports;
}

/** The ledger in which a log was written anew from one version on, all hashes made right. */
function rewritten(account: string, from: number, change: (commit: StoredCommit) => StoredCommit | undefined) {
  let prevHash: string | undefined;
  return sound.flatMap((commit) => {
    if (commit.account !== account || commit.version < from) return [commit];
    const changed = commit.version === from ? change(commit) : commit;
    if (changed === undefined) return [];
    const chained = { ...changed, prevHash: prevHash ?? changed.prevHash };
    prevHash = sha256(canonicalText(chained));
    return [{ ...chained, hash: prevHash }];
  });
}

const alice = `${SCOPE}#alice`;
const logOf = (account: string): readonly StoredCommit[] => sound.filter((commit) => commit.account === account);
const richer = (commit: StoredCommit): StoredCommit => {
  const state = decodeState(commit.state);
  return { ...commit, state: encodeState({ ...state, balance: state.balance + 1n }) };
};

test('leaf and root are for ever (golden vectors, made with another program)', () => {
  const heads = [
    { account: 'default#alice', version: 7, hash: 'ab'.repeat(32) },
    { account: 'default#bob', version: 1, hash: '01'.repeat(32) },
    { account: 'other#alice', version: 12, hash: 'ff'.repeat(32) },
  ];
  const [first = { account: '', version: 0, hash: '' }] = heads;
  expect(toHex(leafOf(sha256Bytes, '2026-03-01', first))).toBe(
    '8f2673b12f3aa1b46680307a28a8895852ad62d918181521bc33d8a9f9035356',
  );
  expect(rootOfHeads(sha256Bytes, '2026-03-01', heads)).toBe(
    '2e2f7c0d38e9c2db8e1d77f577401f9464935284a651e7f738185e6abe294dbe',
  );
});

describe('a seal', () => {
  test('is the same however often it is made, and names the one before', async () => {
    const ports = await sealed();
    const texts = new Map(ports.seals.texts);
    for (const day of days) await sealDay(ports, day);
    expect(ports.seals.texts).toEqual(texts);
    expect(await sealedDays(ports.seals)).toEqual(days);
    const [first = '', second = ''] = days;
    const before = await readSeal(ports.seals, first);
    expect(before?.previous).toBeNull();
    expect((await readSeal(ports.seals, second))?.previous).toEqual({ day: first, root: before?.root });
    expect(await verifySeals(ports)).toEqual({ days: days.length, findings: [] });
  });

  test('is refused for a ledger that is another now, and for a day that was left out', async () => {
    const { seals } = await sealed();
    const changed = ledger(rewritten(alice, 2, richer), seals);
    await expect(sealDay(changed, days.at(-1) ?? '')).rejects.toThrow(DayNotSealable);
    const later = ledger(sound);
    await sealDay(later, days.at(-1) ?? '');
    await expect(sealDay(later, days[0] ?? '')).rejects.toThrow('left out');
  });

  test('is made once nobody can add to the day any more', async () => {
    const last = days.at(-1) ?? '';
    const early = { ...ledger(sound), clock: { now: () => now - 1 } };
    await expect(sealDay(early, last)).rejects.toThrow(DayNotSealable);
    expect(newestSealableDay(now)).toBe(last);
    expect(newestSealableDay(now - 1)).toBe(days.at(-2));
    expect(newestSealableDay(now + DAY_MS)).toBe(dayAfter(last));
  });

  test('of a run that died between its two writes is finished by the next', async () => {
    const ports = ledger(sound);
    const [day = ''] = days;
    ports.seals.hooks.beforeWrite = ({ name }) => {
      if (name.startsWith('seals/')) throw new Error('crash');
    };
    await expect(sealDay(ports, day)).rejects.toThrow('crash');
    expect(await sealedDays(ports.seals)).toEqual([]);
    ports.seals.hooks.beforeWrite = () => {};
    expect(await sealDay(ports, day)).toEqual(await readSeal(ports.seals, day));
  });
});

describe('what was sealed and then changed is found, and named', () => {
  const newest = () => logOf(alice).at(-1)?.version ?? 0;

  test.each([
    ['the last commit, forged with a right hash', () => rewritten(alice, newest(), richer)],
    ['a whole log, forged from its second commit on', () => rewritten(alice, 2, richer)],
    ['the last commit, dropped', () => rewritten(alice, newest(), () => undefined)],
    ['a whole log, dropped', () => sound.filter(({ account }) => account !== alice)],
  ])('%s', async (_, tampered) => {
    const { seals } = await sealed();
    const { findings } = await verifySeals(ledger(tampered(), seals));
    expect(findings).toEqual([expect.objectContaining({ kind: 'seal_broken', account: alice, version: newest() })]);
  });

  test('a commit that was put behind the last, into a day that is sealed', async () => {
    const { seals } = await sealed();
    const last = logOf(alice).at(-1);
    if (last === undefined) throw new Error('alice has no commit');
    const next = { ...last, version: last.version + 1, prevHash: last.hash };
    const { findings } = await verifySeals(ledger([...sound, { ...next, hash: sha256(canonicalText(next)) }], seals));
    expect(findings).toEqual([expect.objectContaining({ kind: 'seal_broken', account: alice, version: next.version })]);
  });

  test('a log that was put into a day that is sealed, and one that begins after it was not', async () => {
    const { seals } = await sealed();
    const [first] = logOf(alice);
    if (first === undefined) throw new Error('alice has no commit');
    const forged = (name: string, at: number): StoredCommit => ({ ...first, account: `${SCOPE}#${name}`, at });
    const sealedUntil = endOfDay(days.at(-1) ?? '');
    const put = [forged('mallory', sealedUntil - 1), forged('new', sealedUntil)];
    const { findings } = await verifySeals(ledger([...sound, ...put], seals));
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'seal_broken', account: `${SCOPE}#mallory`, version: 1 }),
    ]);
  });

  test('the heads, a root, or the order of the seals', async () => {
    const [first = '', second = ''] = days;
    for (const [name, change] of [
      [`heads/${first}`, (text: string) => text.replace(/[0-9a-f]{64}/, '0'.repeat(64))],
      [`seals/${first}`, (text: string) => text.replace(/[0-9a-f]{64}/, '0'.repeat(64))],
      [
        `seals/${second}`,
        (text: string) => text.replace(/"previous":.*\}/, '"previous":null}').replace('null}}', 'null}'),
      ],
    ] as const) {
      const ports = await sealed();
      ports.seals.texts.set(name, change(ports.seals.texts.get(name) ?? ''));
      const { findings } = await verifySeals(ports);
      expect(findings.map(({ kind }) => kind)).toContain('seal_broken');
    }
  });

  test('a newest seal that is none any more, or is another day’s; the ledger is held against the one before it', async () => {
    const [first = ''] = days;
    const newest = days.at(-1) ?? '';
    const changes: readonly (readonly [string, (texts: ReadonlyMap<string, string>) => string])[] = [
      [`seals/${newest}`, () => '{'],
      [`heads/${newest}`, () => '[[]]'],
      [`seals/${newest}`, (texts) => texts.get(`seals/${first}`) ?? ''],
    ];
    for (const [name, textOf] of changes) {
      const { seals } = await sealed();
      seals.texts.set(name, textOf(seals.texts));
      const { findings } = await verifySeals(ledger(rewritten(alice, 2, richer), seals));
      const told = { kind: 'seal_broken', account: '', what: expect.stringContaining(newest) };
      expect(findings).toContainEqual(expect.objectContaining(told));
      expect(findings).toContainEqual(expect.objectContaining({ kind: 'seal_broken', account: alice }));
    }
  });
});

describe('a proof', () => {
  /** What the log says of a moment, by a plain walk. */
  function toldBy(account: string, moment: number) {
    const told = logOf(account).findLast(({ at }) => at <= moment);
    if (told === undefined) return { state: unopened, version: 0, committedAt: 0 };
    return { state: decodeState(told.state), version: told.version, committedAt: told.at };
  }

  async function proofOf(account: string, at: number): Promise<BalanceProof> {
    const proof = await proveBalance(await sealed(), account, at);
    if (typeof proof === 'string') throw new Error(`there is no proof: ${proof}`);
    return decodeProof(encodeProof(proof));
  }

  test('of any account at any moment convinces whoever trusts the root, of what the log says', async () => {
    const ports = await sealed();
    const cases = sound.flatMap(({ account, at }) => [-1, 0, 1].map((beside) => ({ account, moment: at + beside })));
    for (const { account, moment } of cases) {
      const proof = await proveBalance(ports, account, moment);
      if (typeof proof === 'string') throw new Error(`there is no proof: ${proof}`);
      const root = (await readSeal(ports.seals, proof.day))?.root ?? '';
      const check = checkProof(decodeProof(encodeProof(proof)), root, sha256Bytes);
      expect(check).toEqual({ ok: true, proven: toldBy(account, moment) });
    }
  });

  test('cannot be made where there is nothing to prove it with', async () => {
    const ports = await sealed();
    expect(await proveBalance(ports, alice, now)).toBe('not_sealed');
    expect(await proveBalance(ports, `${SCOPE}#stranger`, sound[0]?.at ?? 0)).toBe('no_log');
    const forged = ledger(rewritten(alice, 2, richer), ports.seals);
    expect(await proveBalance(forged, alice, sound[0]?.at ?? 0)).toBe('seal_broken');
  });

  test('of a liar does not pass: an older commit, a newer one, a gap, another account, day, moment or content', async () => {
    const at = logOf(alice)[5]?.at ?? 0;
    const proof = await proofOf(alice, at);
    const { root } = proof;
    const other = await proofOf(`${SCOPE}#bob`, at);
    const older = logOf(alice)[4];
    if (older === undefined) throw new Error('alice has too few commits');
    const [first] = proof.commits;
    const lies: readonly Partial<BalanceProof>[] = [
      { commits: [older, ...proof.commits] },
      { commits: [older, ...proof.commits.slice(1)] },
      { commits: proof.commits.slice(1) },
      { commits: proof.commits.slice(0, -1) },
      { commits: [] },
      { commits: first === undefined ? [] : [richer(first), ...proof.commits.slice(1)] },
      { commits: other.commits },
      { account: `${SCOPE}#bob` },
      { day: dayAfter(proof.day) },
      { at: endOfDay(proof.day) },
      { index: proof.index + 1 },
      { path: proof.path.slice(1) },
    ];
    expect(checkProof(proof, root, sha256Bytes).ok).toBe(true);
    for (const lie of lies)
      expect(checkProof({ ...proof, ...lie }, root, sha256Bytes).ok, JSON.stringify(Object.keys(lie))).toBe(false);
    expect(checkProof(proof, '0'.repeat(64), sha256Bytes).ok).toBe(false);
  });

  test('in which any character was changed proves the same or nothing', async () => {
    const proof = await proofOf(alice, logOf(alice)[5]?.at ?? 0);
    const text = encodeProof(proof);
    const told = checkProof(proof, proof.root, sha256Bytes);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '9', 'a', '"', ' ', '-'), (place, by) => {
        const changed = text.slice(0, place) + by + text.slice(place + 1);
        try {
          const lie = decodeProof(changed);
          const check = checkProof(lie, proof.root, sha256Bytes);
          if (check.ok && lie.at === proof.at && lie.account === proof.account) expect(check).toEqual(told);
        } catch (error) {
          if (error instanceof Error && error.name === 'AssertionError') throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
