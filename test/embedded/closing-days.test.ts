/**
 * Shows that an embedded wallet closes and seals its days by itself while it works: each day once, soon after its midnight, in a thread
 * that may be killed at any moment; a wallet whose first day is not over has nothing to close; what is not sound is said.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { DAY_MS, dayOf, endOfDay } from '../../core/contracts/day.ts';
import { CLOSE_MARGIN_MS } from '../../core/flows/close-day.ts';
import { DayClosing } from '../../local/day-closing.ts';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';
import { askCommand } from '../wallet-command.ts';
import { silentWallet } from './silent-wallet.ts';

let folder: string;
let wallet: EmbeddedWallet;
let clock: ManualClock;
let sealed: { readonly day: string; readonly root: string }[];
const warned = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-days-'));
  // The commands have the machine's clock, so the history ends long enough ago for its days to be over.
  clock = new ManualClock(Date.now() - 10 * DAY_MS);
  wallet = openWallet();
  sealed = [];
  warned.mockReset();
});
afterEach(async () => {
  await wallet.close();
  rmSync(folder, { recursive: true });
});

const openWallet = (): EmbeddedWallet => silentWallet(folder, clock);

function closing(sealsFolder = path.join(folder, 'seals')): DayClosing {
  const onSealed = (day: string, root: string): void => void sealed.push({ day, root });
  return new DayClosing({ folder, sealsFolder, clock, journal: { warn: warned }, onSealed });
}

async function live(days: number): Promise<void> {
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  for (let day = 0; day < days; day += 1) {
    await wallet.commands.send([debit(transferId(day), 'settlement:bank', 'alice', 100n)]);
    clock.advance(DAY_MS);
  }
}

function endDay(): void {
  clock.set(endOfDay(dayOf(clock.now())) + CLOSE_MARGIN_MS);
}

const closedDays = (): readonly string[] =>
  existsSync(path.join(folder, 'archive', 'manifests'))
    ? readdirSync(path.join(folder, 'archive', 'manifests')).map((name) => name.replace('.gz', ''))
    : [];

const run = (...args: readonly string[]) => askCommand(...args, '--data', folder);

describe('days of a wallet that works', () => {
  test('are closed and sealed one after the other, each once, and prove balances', async () => {
    await live(1);
    const days = closing();
    const expected: string[] = [];
    for (let n = 1; n <= 3; n += 1) {
      expected.push(dayOf(clock.now()));
      await wallet.commands.send([debit(transferId(100 + n), 'settlement:bank', 'alice', 1n)]);
      endDay();
      await days.look();
      await days.look();
    }
    // The first look finds a wallet of two days and a new archive, which begins with the last.
    expect(sealed.map(({ day }) => day)).toEqual(expected);
    expect(closedDays()).toEqual(expected);
    expect(await run('archive', 'show')).toMatchObject({ code: 0, told: { day: expected.at(-1), balanced: true } });
    expect(await run('audit', 'verify')).toMatchObject({ code: 0, told: { findings: [], seals: 3 } });
    const { told } = await run('audit', 'prove', 'alice', '--at', expected[1] ?? '');
    const file = path.join(folder, 'proof.json');
    writeFileSync(file, JSON.stringify(told));
    const check = await run('audit', 'check-proof', file, '--root', sealed[1]?.root ?? '');
    expect(check).toMatchObject({ code: 0, told: { proven: true, balance: '1.01' } });
    expect(warned).not.toHaveBeenCalled();
  });

  test('are caught up with after a pause of days, and the ledger gives the same seals', async () => {
    await live(1);
    endDay();
    await closing().look();
    clock.advance(4 * DAY_MS);
    await closing().look();
    expect(sealed).toHaveLength(5);
    for (const { day, root } of sealed) {
      const again = await run('audit', 'seal', '--day', day);
      expect(again).toMatchObject({ code: 0, told: { sealed: [{ day, root }] } });
    }
  });

  test('are not closed before their margin is over, nor looked for again once they are', async () => {
    await live(1);
    clock.set(endOfDay(dayOf(clock.now())) + CLOSE_MARGIN_MS - 1);
    const days = closing();
    const over = dayOf(clock.now() - 2 * DAY_MS);
    await days.look();
    expect(closedDays()).toEqual([over]);
    rmSync(path.join(folder, 'archive'), { recursive: true });
    await days.look();
    expect(closedDays()).toEqual([]);
    clock.advance(1);
    await days.look();
    expect(closedDays()).toEqual([dayOf(clock.now() - DAY_MS)]);
  });

  test('keep their seals on another medium where one is named', async () => {
    await live(2);
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'wallet-seals-'));
    await closing(elsewhere).look();
    expect(readdirSync(path.join(elsewhere, 'seals'))).toEqual(sealed.map(({ day }) => `${day}.json`));
    expect(existsSync(path.join(folder, 'seals'))).toBe(false);
    rmSync(elsewhere, { recursive: true });
  });
});

test('a wallet whose first day is not over closes nothing, and one without a commit neither', async () => {
  await closing().look();
  await live(0);
  await closing().look();
  expect(sealed).toEqual([]);
  expect(readdirSync(folder)).not.toContain('archive');
  endDay();
  await closing().look();
  expect(sealed).toHaveLength(1);
});

test('a closing that is ended at any moment is finished by the next, with the same texts', async () => {
  await live(3);
  const whole = new Map<string, string>();
  await closing().look();
  collect(whole);
  const roots = sealed;
  const all = whole.size;
  for (const texts of [0, 1, 4, all - 2, all - 1]) {
    for (const made of ['archive', 'seals']) rmSync(path.join(folder, made), { recursive: true, force: true });
    const days = closing();
    const look = days.look();
    await vi.waitUntil(() => textsMade() >= texts, { timeout: 30_000, interval: 1 });
    await days.end();
    await look;
    sealed = [];
    await closing().look();
    const again = new Map<string, string>();
    collect(again);
    for (const [name, text] of whole) expect(again.get(name), name).toBe(text);
    const stored = readFileSync(path.join(folder, 'seals', 'seals', `${roots[0]?.day}.json`), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ root: roots[0]?.root });
  }
});

function textsMade(): number {
  const made = new Map<string, string>();
  collect(made);
  return made.size;
}

/** Contents of the texts of archive and seals, by name; drafts that a killed thread left are none. */
function collect(into: Map<string, string>): void {
  for (const made of ['archive', 'seals'].filter((name) => existsSync(path.join(folder, name))))
    for (const name of readdirSync(path.join(folder, made), { recursive: true, encoding: 'utf8' }))
      if (/\.(gz|json)$/.test(name)) into.set(name, readFileSync(path.join(folder, made, name), 'base64'));
}

describe('trouble', () => {
  test('is told, and tried again after a while, not at each look', async () => {
    await live(2);
    const days = closing();
    writeFileSync(path.join(folder, 'archive'), 'a file where the folder should be');
    await expect(days.look()).rejects.toThrow();
    await days.look();
    rmSync(path.join(folder, 'archive'));
    await days.look();
    expect(sealed).toEqual([]);
    clock.advance(900_000);
    await days.look();
    expect(sealed).toHaveLength(1);
  });

  test('of a day whose closing was changed before it was sealed leaves it unsealed', async () => {
    await live(2);
    await closing().look();
    rmSync(path.join(folder, 'seals'), { recursive: true });
    const [day = ''] = readdirSync(path.join(folder, 'archive', 'closing'));
    for (const name of readdirSync(path.join(folder, 'archive', 'closing', day)))
      rmSync(path.join(folder, 'archive', 'closing', day, name));
    await expect(closing().look()).rejects.toThrow('does not hold what the closing');
    expect(existsSync(path.join(folder, 'seals', 'seals'))).toBe(false);
  });
});

test('the server does it, and ends while it is under way', async () => {
  await live(3);
  await wallet.close();
  const told: string[] = [];
  const server = await startEmbeddedServer({ folder, dayClosingMs: 10, onSealed: (day) => void told.push(day) });
  // By the machine's clock all ten days are over: the new archive begins with yesterday, or the day before in its first minutes.
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 20_000, interval: 20 });
  await server.close();
  expect(closedDays()).toEqual(told);
  rmSync(path.join(folder, 'archive'), { recursive: true });
  rmSync(path.join(folder, 'seals'), { recursive: true });
  const hasty = await startEmbeddedServer({ folder, dayClosingMs: 1 });
  await vi.waitUntil(() => existsSync(path.join(folder, 'archive')), { timeout: 30_000, interval: 1 });
  await hasty.close();
  wallet = openWallet();
});
