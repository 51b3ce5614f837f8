/**
 * Shows that closed days are sealed by themselves, in order, each once: the seal that the closing's texts give is the one that the
 * ledger gives, in random histories of which much has left the table; a run that dies anywhere is finished by the next; texts that
 * are not what the closing stored are refused; and what the wallet sealed proves balances.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryArchive } from '../../adapters/memory/memory-archive.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { sha256Bytes } from '../../adapters/node/sha256.ts';
import { manifestName } from '../../core/contracts/archive.ts';
import { DAY_MS, dayOf, endOfDay } from '../../core/contracts/day.ts';
import { headsName } from '../../core/contracts/seal.ts';
import { decodeState } from '../../core/contracts/stored-commit.ts';
import { ArchivedLedgerScan } from '../../core/flows/archived-ledger-scan.ts';
import { checkProof } from '../../core/flows/check-proof.ts';
import { CLOSE_MARGIN_MS, closeDay } from '../../core/flows/close-day.ts';
import { proveBalance } from '../../core/flows/prove-balance.ts';
import { nextToSeal, sealNextClosedDay } from '../../core/flows/seal-closed-days.ts';
import { DayNotSealable, readSeal, SealDiffers, sealDay, sealedDays } from '../../core/flows/seal-day.ts';
import { verifySeals } from '../../core/flows/verify-seals.ts';
import { ArchivingWallet, SEGMENTS } from '../archiving-wallet.ts';
import { debit, openAccount, SCOPE, transferId } from '../memory-wallet.ts';

const accounts = ['settlement:bank', 'alice', 'bob', 'carol'] as const;

/** What sealing takes; the log is the whole one, of which the table has lost what is old. */
function portsOf(wallet: ArchivingWallet, seals = new MemoryArchive()) {
  const scan = new ArchivedLedgerScan(new MemoryLedgerScan(wallet.log), wallet.ports());
  return { ...wallet, log: wallet.whole, scan, seals, hash: sha256Bytes };
}

async function openedWallet(): Promise<ArchivingWallet> {
  const wallet = new ArchivingWallet();
  await wallet.send(...accounts.map((account) => openAccount(account, { overdraftLimit: 1_000n })));
  await wallet.settle();
  return wallet;
}

/** A wallet that lived for some days, all of which are closed. */
async function closedWallet(days = 4): Promise<ArchivingWallet> {
  const wallet = await openedWallet();
  for (let day = 1; day <= days; day += 1) {
    await wallet.send(debit(transferId(day), 'alice', 'bob', BigInt(day)));
    await wallet.settle();
    endDay(wallet);
    await wallet.closeAll();
  }
  return wallet;
}

function endDay(wallet: ArchivingWallet): void {
  wallet.clock.set(endOfDay(dayOf(wallet.clock.now())) + CLOSE_MARGIN_MS);
}

/** Seals until nothing is left to be sealed. */
async function sealAll(ports: ReturnType<typeof portsOf>): Promise<readonly string[]> {
  const days: string[] = [];
  for (;;) {
    const seal = await sealNextClosedDay(ports);
    if (seal === undefined) return days;
    days.push(seal.day);
  }
}

const moves = fc.record({
  from: fc.constantFrom(...accounts),
  to: fc.constantFrom(...accounts, 'nobody'),
  amount: fc.bigInt({ min: 1n, max: 2_000n }),
  hours: fc.integer({ min: 0, max: 60 }),
  close: fc.boolean(),
  prune: fc.boolean(),
});

test('the seal of a closed day is the one that the ledger gives, whatever has left the table', async () => {
  let sealed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { minLength: 10, maxLength: 60, size: 'max' }), async (list) => {
      const wallet = await openedWallet();
      const ports = portsOf(wallet);
      for (const [n, { from, to, amount, hours, close, prune }] of list.entries()) {
        await wallet.send(debit(transferId(n), from, to, amount));
        await wallet.settle();
        wallet.clock.advance(hours * 3_600_000);
        if (close) {
          await wallet.closeAll();
          await sealAll(ports);
        }
        if (prune) await wallet.prune();
      }
      endDay(wallet);
      await wallet.closeAll();
      await sealAll(ports);
      const again = portsOf(wallet);
      for (const day of await sealedDays(ports.seals)) {
        expect(await sealDay(again, day)).toEqual(await readSeal(ports.seals, day));
        sealed += 1;
      }
      expect(again.seals.texts).toEqual(ports.seals.texts);
      expect((await verifySeals(ports)).findings).toEqual([]);
    }),
    { numRuns: 25 },
  );
  expect(sealed).toBeGreaterThan(100);
});

describe('which days are sealed', () => {
  test('none before one is closed, then each after the last, in order, and once', async () => {
    const wallet = await openedWallet();
    const ports = portsOf(wallet);
    expect(await sealAll(ports)).toEqual([]);
    endDay(wallet);
    expect(await nextToSeal(ports)).toBeUndefined();
    await wallet.closeAll();
    const day = dayOf(wallet.clock.now() - DAY_MS);
    expect(await sealAll(ports)).toEqual([day]);
    wallet.clock.advance(3 * DAY_MS);
    await wallet.closeAll();
    const next = [1, 2, 3].map((days) => dayOf(endOfDay(day) + (days - 1) * DAY_MS));
    expect(await nextToSeal(ports)).toBe(next[0]);
    expect(await sealAll(ports)).toEqual(next);
    expect(await sealAll(ports)).toEqual([]);
  });

  test('of an archive that is older than its seals, the last closed day is the first', async () => {
    const wallet = await closedWallet();
    const last = dayOf(wallet.clock.now() - DAY_MS);
    expect(await sealAll(portsOf(wallet))).toEqual([last]);
  });

  test('days that were sealed before the first was closed are left as they are', async () => {
    const wallet = await openedWallet();
    const ports = portsOf(wallet);
    endDay(wallet);
    await sealDay(ports, dayOf(wallet.clock.now() - DAY_MS));
    wallet.clock.advance(3 * DAY_MS);
    await wallet.closeAll();
    const closed = dayOf(wallet.clock.now() - DAY_MS);
    expect(await sealAll(ports)).toEqual([closed]);
    expect((await readSeal(ports.seals, closed))?.previous?.day).toBe(dayOf(wallet.clock.now() - 4 * DAY_MS));
  });

  test('no day before its margin is over, whatever the archive says', async () => {
    const wallet = await closedWallet(1);
    const ports = { ...portsOf(wallet), clock: { now: () => wallet.clock.now() - 1 } };
    await expect(sealNextClosedDay(ports)).rejects.toThrow(DayNotSealable);
  });
});

describe('a run that dies, or meets another', () => {
  test('at any of its writes is finished by the next', async () => {
    for (const dying of ['heads/', 'seals/']) {
      const wallet = await closedWallet(1);
      const ports = portsOf(wallet);
      ports.seals.hooks.beforeWrite = ({ name }) => {
        if (name.startsWith(dying)) throw new Error('crash');
      };
      await expect(sealNextClosedDay(ports)).rejects.toThrow('crash');
      ports.seals.hooks.beforeWrite = () => {};
      expect(await sealAll(ports)).toHaveLength(1);
      expect((await verifySeals(ports)).findings).toEqual([]);
    }
  });

  test('at the same time makes one seal', async () => {
    const ports = portsOf(await closedWallet());
    const [one, other] = await Promise.all([sealNextClosedDay(ports), sealNextClosedDay(ports)]);
    expect(one).toEqual(other);
    expect(await sealedDays(ports.seals)).toHaveLength(1);
  });
});

describe('is refused, and nothing is sealed', () => {
  async function refused(change: (wallet: ArchivingWallet, closing: string) => void): Promise<void> {
    const wallet = await closedWallet(1);
    const ports = portsOf(wallet);
    const closing = [...wallet.archive.texts.keys()].find((name) => name.startsWith('closing/')) ?? '';
    change(wallet, closing);
    await expect(sealNextClosedDay(ports)).rejects.toThrow(DayNotSealable);
    expect(ports.seals.texts.size).toBe(0);
  }

  test('a closing of which a text was changed, by one digit of one hash', () =>
    refused(({ archive }, name) => {
      const text = archive.texts.get(name) ?? '';
      archive.texts.set(
        name,
        text.replace(/"hash":"(.)/, (_, digit) => `"hash":"${digit === '0' ? '1' : '0'}`),
      );
    }));

  test('a closing of which a text is missing', () => refused(({ archive }, name) => void archive.texts.delete(name)));

  test('a closing whose manifest leaves a text out', () =>
    refused(({ archive, clock }, closing) => {
      const name = manifestName(dayOf(clock.now() - DAY_MS));
      const text = archive.texts.get(name) ?? '';
      archive.texts.set(name, text.replace(new RegExp(`"${closing}",?`), '').replace(',]', ']'));
    }));

  test('a closing that found an account in two segments', async () => {
    const wallet = await openedWallet();
    await wallet.send(debit(transferId(1), 'alice', 'bob', 7n));
    await wallet.settle();
    endDay(wallet);
    const { scan, ...ports } = wallet.ports();
    const alice = `${SCOPE}#alice`;
    const accountsOf = async function* (part: number, parts: number): AsyncIterable<string> {
      const found = await Array.fromAsync(scan.accounts(part, parts));
      yield* found.includes(alice) ? found : [...found, alice];
    };
    const twice = { ...ports, scan: { accounts: accountsOf }, log: wallet.whole };
    expect((await closeDay(twice, SEGMENTS))?.accounts).toBeGreaterThan(accounts.length);
    const sealing = portsOf(wallet);
    await expect(sealNextClosedDay(sealing)).rejects.toThrow(`two newest commits of ${alice}`);
    expect(sealing.seals.texts.size).toBe(0);
  });
});

test('a day of which other heads are stored already is refused as one that differs, and stays without a seal', async () => {
  const wallet = await closedWallet(1);
  const ports = portsOf(wallet);
  const day = dayOf(wallet.clock.now() - DAY_MS);
  await ports.seals.put([{ name: headsName(day), text: '[]' }]);
  await expect(sealNextClosedDay(ports)).rejects.toThrow(SealDiffers);
  expect(await sealedDays(ports.seals)).toEqual([]);
});

test('a log that was damaged when its day was closed is named by the audit: the seal does not know it', async () => {
  const wallet = await openedWallet();
  const ports = portsOf(wallet);
  const carol = wallet.log.commits().find(({ account }) => account === `${SCOPE}#carol`);
  if (carol === undefined) throw new Error('carol has no commit');
  await wallet.log.remove(carol.account, 1, 1);
  wallet.log.insert({ ...carol, hash: '0'.repeat(64) });
  endDay(wallet);
  expect((await wallet.closeNext())?.damaged).toHaveLength(1);
  await sealAll(ports);
  const { findings } = await verifySeals({ ...ports, log: wallet.log });
  expect(findings).toMatchObject([{ kind: 'seal_broken', account: `${SCOPE}#carol`, version: 1 }]);
});

test('moments whose seals do not know an account are proven by the first later one that does', async () => {
  const wallet = await closedWallet(1);
  const ports = portsOf(wallet);
  await sealAll(ports);
  const at = wallet.clock.now() - DAY_MS;
  const late = `${SCOPE}#late`;
  expect(await proveBalance(ports, late, at)).toBe('no_log');
  for (let day = 0; day < 9; day += 1) {
    if (day === 4) await wallet.open('late');
    await wallet.send(debit(transferId(50 + day), 'alice', 'bob', 1n));
    await wallet.settle();
    endDay(wallet);
    await wallet.closeAll();
    await sealAll(ports);
  }
  const days = await sealedDays(ports.seals);
  const proof = await proveBalance(ports, late, at);
  if (typeof proof === 'string') throw new Error(`there is no proof: ${proof}`);
  expect(proof.day).toBe(days[5]);
  const check = checkProof(proof, (await readSeal(ports.seals, proof.day))?.root ?? '', sha256Bytes);
  // The day's proof begins with the account's first commit, which is after the moment.
  expect(check).toMatchObject({ ok: true, proven: { version: 0, state: { status: 'unopened' } } });
  expect(await proveBalance(ports, `${SCOPE}#stranger`, at)).toBe('no_log');
});

test('what was sealed by itself proves balances to whoever has the root alone', async () => {
  const wallet = await openedWallet();
  const ports = portsOf(wallet);
  const at = wallet.clock.now();
  wallet.clock.advance(1_000);
  await wallet.send(debit(transferId(1), 'alice', 'bob', 7n));
  await wallet.settle();
  endDay(wallet);
  await wallet.closeAll();
  const { root } = (await sealNextClosedDay(ports)) ?? { root: '' };
  const before = await proveBalance(ports, `${SCOPE}#alice`, at);
  const after = await proveBalance(ports, `${SCOPE}#alice`, wallet.clock.now() - CLOSE_MARGIN_MS - 1);
  const balances = [before, after].map((proof) => {
    const check = typeof proof === 'string' ? undefined : checkProof(proof, root, sha256Bytes);
    return check?.ok === true ? check.proven.state.balance : undefined;
  });
  expect(balances).toEqual([0n, -7n]);
  const newest = await wallet.whole.newest(`${SCOPE}#alice`);
  expect(decodeState(newest?.state ?? '').balance).toBe(-7n);
});
