/**
 * Shows that a day is closed at an exact cut, once, the same however often the closing dies and begins again, and that what is
 * wrong with one account keeps neither the day nor the others from being closed.
 */
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import { decodeClosed, decodeCommits } from '../../core/contracts/archive.ts';
import { DAY_MS, dayOf, endOfDay } from '../../core/contracts/day.ts';
import { canonicalText, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { CLOSE_MARGIN_MS, closeDay, planDay } from '../../core/flows/close-day.ts';
import { walkAccount } from '../../core/flows/walk-account.ts';
import { ArchivingWallet, SEGMENTS } from '../archiving-wallet.ts';
import { debit, openAccount, SCOPE, transferId } from '../memory-wallet.ts';

const accounts = ['settlement:bank', 'alice', 'bob'];

/** A wallet with money on all accounts, on the first of January 2026. */
async function fundedWallet(): Promise<ArchivingWallet> {
  const wallet = new ArchivingWallet();
  await wallet.send(...accounts.map((account) => openAccount(account, { overdraftLimit: 100n })));
  await wallet.settle();
  await wallet.send(debit(transferId(1), 'settlement:bank', 'alice', 500n));
  await wallet.settle();
  await wallet.send(debit(transferId(2), 'alice', 'bob', 120n));
  await wallet.settle();
  return wallet;
}

function startNextDay(wallet: ArchivingWallet): void {
  wallet.clock.set(endOfDay(dayOf(wallet.clock.now())));
}

/** Waits until the day that it is can be closed. */
function endDay(wallet: ArchivingWallet): void {
  startNextDay(wallet);
  wallet.clock.advance(CLOSE_MARGIN_MS);
}

function closedAccounts(wallet: ArchivingWallet, names: readonly string[]) {
  return names.flatMap((name) => decodeClosed(wallet.archive.texts.get(name) ?? ''));
}

describe('the cut', () => {
  test('holds what was committed before midnight, with what was on its way', async () => {
    const wallet = await fundedWallet();
    await wallet.send(debit(transferId(3), 'bob', 'alice', 20n));
    await wallet.deliverNew();
    startNextDay(wallet);
    await wallet.settle();
    wallet.clock.advance(CLOSE_MARGIN_MS);
    const manifest = await wallet.closeNext();
    expect(manifest).toMatchObject({ day: '2026-01-01', previous: null, balanced: true, accounts: 3, late: 0 });
    expect(manifest?.currencies).toEqual([{ currency: 'USD', accounts: 3, balances: -20n, inFlight: 20n, sum: 0n }]);
    const closed = closedAccounts(wallet, manifest?.closings ?? []);
    const balances = Object.fromEntries(closed.map(({ account, balance }) => [account, balance]));
    expect(balances).toEqual({ 'default#settlement:bank': -500n, 'default#alice': 380n, 'default#bob': 100n });
    endDay(wallet);
    const second = await wallet.closeNext();
    expect(second).toMatchObject({ day: '2026-01-02', previous: '2026-01-01', commits: 1, balanced: true });
    expect(second?.currencies).toEqual([{ currency: 'USD', accounts: 3, balances: 0n, inFlight: 0n, sum: 0n }]);
  });

  test('is not made before every writer of the day is over', async () => {
    const wallet = await fundedWallet();
    startNextDay(wallet);
    wallet.clock.advance(CLOSE_MARGIN_MS - 1);
    // The closing day before the first commit holds nothing, and is no reason to close the day that is not over.
    expect(await planDay(wallet, SEGMENTS)).toMatchObject({ day: '2025-12-31' });
    await expect(closeDay(wallet.ports(), SEGMENTS, '2026-01-02')).rejects.toThrow('cannot be closed yet');
    wallet.clock.advance(1);
    expect(await planDay(wallet, SEGMENTS)).toMatchObject({ day: '2026-01-01' });
  });

  test('a day is closed once, and days in order', async () => {
    const wallet = await fundedWallet();
    wallet.clock.advance(2 * DAY_MS);
    endDay(wallet);
    const first = await closeDay(wallet.ports(), SEGMENTS, '2026-01-01');
    await expect(closeDay(wallet.ports(), SEGMENTS, '2026-01-01')).rejects.toThrow('2026-01-02 is next');
    await expect(closeDay(wallet.ports(), SEGMENTS, '2026-01-03')).rejects.toThrow('2026-01-02 is next');
    expect(await wallet.closeAll()).toMatchObject([
      { day: '2026-01-02', commits: 0, currencies: first?.currencies },
      { day: '2026-01-03', commits: 0 },
    ]);
    expect(await wallet.closeNext()).toBeUndefined();
  });

  test('a commit whose time is before a closed midnight belongs to the next day, and is counted', async () => {
    const wallet = await fundedWallet();
    const before = wallet.clock.now();
    endDay(wallet);
    const first = await wallet.closeNext();
    wallet.clock.set(before);
    await wallet.send(debit(transferId(4), 'alice', 'bob', 1n));
    await wallet.settle();
    wallet.clock.set(before + DAY_MS);
    endDay(wallet);
    expect(await wallet.closeNext()).toMatchObject({ day: '2026-01-02', late: 2, commits: 2, balanced: true });
    const rows = await Array.fromAsync(wallet.dailyBalances.of(`${SCOPE}#alice`, '2026-01-01', '2026-01-31'));
    expect(rows).toMatchObject([
      { day: '2026-01-01', balance: 380n, credited: 500n, debited: 120n, currency: 'USD' },
      { day: '2026-01-02', balance: 379n, credited: 0n, debited: 1n },
    ]);
    expect(first?.late).toBe(0);
  });

  test('accounts that were never opened are in it, and count for nothing', async () => {
    const wallet = await fundedWallet();
    await wallet.send(debit(transferId(5), 'alice', 'nobody', 5n));
    await wallet.settle();
    endDay(wallet);
    const manifest = await wallet.closeNext();
    expect(manifest).toMatchObject({ accounts: 4, balanced: true, currencies: [{ accounts: 3 }] });
    const closed = closedAccounts(wallet, manifest?.closings ?? []);
    expect(closed).toContainEqual(
      expect.objectContaining({ account: 'default#nobody', status: 'unopened', balance: 0n }),
    );
  });
});

describe('a closing that dies', () => {
  test('leaves what the next one finishes, the same to the letter', async () => {
    const undisturbed = await fundedWallet();
    endDay(undisturbed);
    await undisturbed.closeNext();
    const writes = undisturbed.archive.texts.size;
    for (let survived = 0; survived < 3 * writes; survived += 1) {
      const wallet = await fundedWallet();
      endDay(wallet);
      let left = survived;
      const die = (): void => {
        left -= 1;
        if (left < 0) throw new Error('died');
      };
      for (const { hooks } of [wallet.archive, wallet.index, wallet.dailyBalances]) hooks.beforeWrite = die;
      const died = await wallet.closeNext().then(
        () => false,
        () => true,
      );
      for (const { hooks } of [wallet.archive, wallet.index, wallet.dailyBalances]) delete hooks.beforeWrite;
      await wallet.closeNext();
      expect(died || left >= 0).toBe(true);
      expect(wallet.archive.texts).toEqual(undisturbed.archive.texts);
    }
  });

  test('holds every commit once', async () => {
    const wallet = await fundedWallet();
    endDay(wallet);
    await wallet.closeNext();
    const texts = [...wallet.archive.texts].filter(([name]) => name.startsWith('log/'));
    const archived = texts.flatMap(([, text]) => decodeCommits(text));
    const byPlace = (commit: StoredCommit) => `${commit.account} ${commit.version}`;
    expect(archived.toSorted((a, b) => (byPlace(a) < byPlace(b) ? -1 : 1))).toEqual(
      wallet.log.commits().toSorted((a, b) => (byPlace(a) < byPlace(b) ? -1 : 1)),
    );
    for (const [name, text] of wallet.archive.texts)
      if (/^(log|closing)\//.test(name)) expect(name.endsWith(sha256(text))).toBe(true);
  });
});

describe('a damaged log', () => {
  test.each([
    ['changed', (commit: StoredCommit) => ({ ...commit, state: commit.state.replace('"balance":"', '"balance":"9') })],
    [
      'forged with a right hash',
      (commit: StoredCommit) => {
        const forged = { ...commit, at: commit.at + 1 };
        return { ...forged, hash: sha256(canonicalText(forged)) };
      },
    ],
    ['removed', () => undefined],
  ])('with a commit %s is named, stays out of the archive, and the others are closed', async (_, damage) => {
    const wallet = await fundedWallet();
    const [commit] = wallet.commitsOf('alice');
    if (commit === undefined) expect.fail('alice has no commit');
    await wallet.log.remove(commit.account, 1, 1);
    const damaged = damage(commit);
    if (damaged !== undefined) wallet.log.insert(damaged);
    endDay(wallet);
    const manifest = await closeDay(wallet.ports(), SEGMENTS);
    expect(manifest).toMatchObject({ balanced: false, accounts: 2, damaged: [{ account: 'default#alice' }] });
    expect(await wallet.index.find('default#alice', 1)).toBeUndefined();
    expect(await wallet.index.find('default#bob', 1)).toBeDefined();
  });
});

test('a log that is too long for one text is given away in stretches, and ends with what is left', async () => {
  const wallet = await fundedWallet();
  for (let n = 10; n < 40; n += 1) {
    await wallet.send(debit(transferId(n), 'alice', 'bob', 1n));
    await wallet.settle();
  }
  const stretches: number[][] = [];
  const walked = await walkAccount(
    wallet,
    'default#alice',
    0,
    { before: Number.MAX_SAFE_INTEGER, openSince: 0 },
    {
      most: 2_000,
      store: async (stretch) => void stretches.push(stretch.map(({ version }) => version)),
    },
  );
  expect(stretches.length).toBeGreaterThan(3);
  const kept = walked?.rest.map(({ version }) => version) ?? [];
  const newest = await wallet.log.newest('default#alice');
  const versions = [...kept, ...stretches.toReversed().flat()];
  expect(versions).toEqual(Array.from({ length: newest?.version ?? 0 }, (_, i) => i + 1));
});
