/**
 * Shows that views built anew beside the live ones, while accounts are opened, transfers go on and days are closed, end with no
 * difference from the log: from whatever moment on, whatever dies on the way, however late a writer is. What the log does not lead to
 * is gone after the swap, and nobody sees a view that is half there.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryDailyBalances } from '../../adapters/memory/memory-daily-balances.ts';
import { MemoryGenerationPointer } from '../../adapters/memory/memory-generation-pointer.ts';
import { MemoryLedgerScan } from '../../adapters/memory/memory-ledger-scan.ts';
import { MemoryShelf } from '../../adapters/memory/memory-shelf.ts';
import { MemoryViewStore } from '../../adapters/memory/memory-view-store.ts';
import { DAY_MS } from '../../core/contracts/day.ts';
import { decodeGenerations, encodeGenerations } from '../../core/contracts/view-generations.ts';
import { firstGeneration } from '../../core/domain/view-generations.ts';
import { checkProjections } from '../../core/flows/check-projections.ts';
import { closeDay } from '../../core/flows/close-day.ts';
import { LiveDailyBalances, LiveViews } from '../../core/flows/live-views.ts';
import { project } from '../../core/flows/project.ts';
import {
  abandonRebuild,
  KEEP_MS,
  type RebuildPorts,
  type Rebuilt,
  rebuildViews,
  retireGenerations,
} from '../../core/flows/rebuild-views.ts';
import type { AccountRow, DailyBalance } from '../../core/ports.ts';
import { ArchivingWallet, SEGMENTS } from '../archiving-wallet.ts';
import { debit, openAccount, SCOPE, transferId } from '../memory-wallet.ts';

const PARTS = 4;
const bank = 'settlement:bank';

/** The wallet with its views in generations, as functions use them. */
class ViewedWallet extends ArchivingWallet {
  readonly pointer = new MemoryGenerationPointer();
  readonly shelf = new MemoryShelf(() => new MemoryViewStore());
  readonly dayShelf = new MemoryShelf(() => new MemoryDailyBalances());
  readonly live = new LiveViews(this.pointer, this.shelf);
  readonly liveDays = new LiveDailyBalances(this.pointer, this.dayShelf);
  private projected = 0;
  private opened = 0;
  private isBusy = false;

  /** The stream of the table brings what is new. */
  override async project(): Promise<void> {
    const commits = this.shadow.commits();
    await project({ ...this, views: this.live }, commits.slice(this.projected));
    this.projected = commits.length;
  }

  override async closeNext() {
    return closeDay({ ...this.ports(), log: this.whole, dailyBalances: this.liveDays }, SEGMENTS);
  }

  rebuildPorts(): RebuildPorts {
    const { whole: log, shelf: views, dayShelf: dailyBalances } = this;
    return { ...this, log, views, dailyBalances, scan: new MemoryLedgerScan(this.log) };
  }

  rebuild(): Promise<Rebuilt> {
    return rebuildViews(this.rebuildPorts(), { parts: PARTS });
  }

  async differences() {
    const days = { dailyBalances: this.liveDays, index: this.index, archive: this.archive };
    return (await checkProjections({ ...this.rebuildPorts(), views: this.live, days })).differences;
  }

  /** One more account and a transfer to it. */
  async goOn(): Promise<void> {
    this.opened += 1;
    const customer = `customer-${this.opened}`;
    await this.send(openAccount(customer), debit(transferId(this.opened), bank, customer, 3n));
    await this.settle();
  }

  /** Something of the wallet's own that happens within a write; what it writes itself lets nothing happen. */
  async meanwhile(happen: () => Promise<unknown>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await happen();
    } finally {
      this.isBusy = false;
    }
  }
}

let wallet: ViewedWallet;

/** Two closed days, the first of which has left the table, and a day that runs. */
beforeEach(async () => {
  wallet = new ViewedWallet();
  await wallet.send(openAccount(bank));
  for (let day = 0; day < 10; day += 1) {
    await wallet.goOn();
    await wallet.goOn();
    wallet.clock.advance(DAY_MS);
  }
  await wallet.closeAll();
  expect((await wallet.prune()).commits).toBeGreaterThan(0);
  await wallet.goOn();
  expect(await wallet.differences()).toEqual([]);
});

const ghost: AccountRow = {
  account: 'default#ghost',
  kind: 'customer',
  currency: 'USD',
  owner: 'mallory',
  openedAt: 1,
};
const strayDay: DailyBalance = {
  account: `default#${bank}`,
  day: '2025-01-01',
  currency: 'USD',
  version: 1,
  balance: 7n,
  credited: 7n,
  debited: 0n,
};

async function accountsSeen(): Promise<readonly string[]> {
  return (await Array.fromAsync(wallet.live.accounts(SCOPE))).map(({ account }) => account).sort();
}

describe('a rebuilding', () => {
  test('makes rows that were lost and leaves behind what the log does not lead to', async () => {
    const before = wallet.shelf.generation(0);
    before.clear();
    wallet.dayShelf.generation(0).clear();
    await before.registerAccounts([ghost]);
    await wallet.dayShelf.generation(0).put([strayDay]);
    expect(new Set((await wallet.differences()).map(({ kind }) => kind))).toEqual(
      new Set(['account_missing', 'account_unlisted', 'account_unfounded', 'day_missing', 'day_unfounded']),
    );
    expect(await wallet.rebuild()).toMatchObject({
      generation: 1,
      accounts: 22,
      commits: wallet.shadow.commits().length,
      differences: [],
      swapped: true,
    });
    expect(await wallet.differences()).toEqual([]);
    expect(await accountsSeen()).not.toContain(ghost.account);
    expect(await Array.fromAsync(wallet.liveDays.of(strayDay.account, strayDay.day, strayDay.day))).toEqual([]);
  });

  test('makes the very rows of daily balances that the closings made', async () => {
    const rowsOf = (generation: number) =>
      Array.fromAsync(wallet.dayShelf.generation(generation).of(`default#${bank}`, '2026-01-01', '2026-12-31'));
    await wallet.rebuild();
    expect(await rowsOf(1)).toHaveLength(9);
    expect(await rowsOf(1)).toEqual(await rowsOf(0));
  });

  test('raises statuses that are behind, writes none that is right, and never lowers one', async () => {
    const [behind, wrong] = [transferId(1), transferId(2)].map((id) => wallet.record(id) ?? expect.fail('no claim'));
    if (behind === undefined || wrong === undefined) throw new Error('no claims');
    wallet.transfers.records.set(behind.id, { ...behind, status: 'claimed' });
    wallet.transfers.records.set(wrong.id, { ...wrong, status: 'reversed' });
    const written: string[] = [];
    wallet.transfers.hooks.beforeWrite = ({ id }) => void written.push(id);
    const { swapped, differences } = await wallet.rebuild();
    expect(written).toEqual([behind.id]);
    expect({ swapped, differences }).toEqual({
      swapped: true,
      differences: [
        { kind: 'status_differs', id: wrong.id, expected: 'completed' },
        { kind: 'status_unfounded', id: wrong.id, status: 'reversed' },
      ],
    });
  });

  test('keeps reports, which are of no generation', async () => {
    await wallet.live.putReport(SCOPE, 'trial_balance', '{"sum":"0"}');
    await wallet.rebuild();
    wallet.clock.advance(KEEP_MS);
    await retireGenerations(wallet.rebuildPorts());
    expect(await wallet.live.report(SCOPE, 'trial_balance')).toBe('{"sum":"0"}');
  });

  test('swaps nothing where a log cannot be read, and names it', async () => {
    const [first] = wallet.commitsOf(bank);
    wallet.log.insert({ ...(first ?? expect.fail('no commit')), account: 'default#damaged', version: 1, events: '{' });
    const { swapped, differences } = await wallet.rebuild();
    expect({ swapped, differences }).toEqual({
      swapped: false,
      differences: [{ kind: 'log_unreadable', account: 'default#damaged' }],
    });
    expect((await wallet.pointer.read()).live).toBe(0);
  });

  test('is begun by one and done by two at once, and swapped once', async () => {
    const both = await Promise.all([wallet.rebuild(), wallet.rebuild()]);
    expect(both.map(({ generation, swapped }) => [generation, swapped])).toEqual([
      [1, true],
      [1, true],
    ]);
    expect(await wallet.pointer.read()).toMatchObject({ live: 1, building: null, last: 1 });
    expect(await wallet.differences()).toEqual([]);
  });
});

describe('while everything goes on', () => {
  test('accounts are opened, transfers and closings of days go on: no difference', async () => {
    let times = 0;
    const goOn = async (): Promise<void> => {
      times += 1;
      if (times > 12) return;
      await wallet.goOn();
      if (times % 2 !== 0) return;
      wallet.clock.advance(DAY_MS);
      await wallet.closeAll();
    };
    const { hooks } = wallet.shelf.generation(1);
    hooks.beforeWrite = () => wallet.meanwhile(goOn);
    expect(await wallet.rebuild()).toMatchObject({ swapped: true, differences: [] });
    delete hooks.beforeWrite;
    expect(times).toBeGreaterThan(3);
    await wallet.goOn();
    expect(await wallet.differences()).toEqual([]);
  });

  /** A projection that read the pointer before the rebuilding began, and writes at a moment within or after it. */
  test.each(['begin', 'copy', 'swap'])('a writer that is as late as until after the %s', async (until) => {
    const row: AccountRow = { ...ghost, account: 'default#late', owner: 'owner' };
    const reached = Promise.withResolvers<void>();
    const late = wallet.shelf.generation(0);
    late.hooks.beforeWrite = () => reached.promise;
    const writing = wallet.live.registerAccounts([row]);
    await Promise.resolve();
    delete late.hooks.beforeWrite;
    let wroteFresh = 0;
    wallet.pointer.hooks.afterWrite = ({ building, live }) => {
      const has = { begin: building !== null, copy: building?.copied.length === PARTS, swap: live === 1 };
      if (Object.entries(has).some(([step, is]) => step === until && is)) reached.resolve();
    };
    wallet.shelf.generation(1).hooks.afterWrite = (write) => {
      if ('account' in write && write.account === row.account) wroteFresh += 1;
    };
    await wallet.rebuild();
    await writing;
    expect(wroteFresh).toBe(1);
    expect(await accountsSeen()).toContain(row.account);
  });

  test('readers see all accounts at every moment', async () => {
    const all = await accountsSeen();
    const seen: (readonly string[])[] = [];
    const look = async (): Promise<void> => void seen.push(await accountsSeen());
    wallet.pointer.hooks.afterWrite = look;
    wallet.shelf.generation(1).hooks.afterWrite = look;
    await wallet.rebuild();
    wallet.clock.advance(KEEP_MS);
    await retireGenerations(wallet.rebuildPorts());
    await look();
    expect(seen.length).toBeGreaterThan(all.length);
    for (const accounts of seen) expect(accounts).toEqual(all);
  });

  test('a view that changes with every round is given up, and its commits come again', async () => {
    let round = 0;
    wallet.pointer.read = async () => {
      round += 1;
      return { ...firstGeneration, live: round };
    };
    await expect(wallet.live.registerAccounts([ghost])).rejects.toThrow('changed in each of 8 rounds');
  });
});

describe('a rebuilding that dies', () => {
  /** Every single write of it, to the pointer and to the fresh views, before and after it is made. */
  test('at any of its writes goes on when it is begun again', async () => {
    let writes = 0;
    let dieAt = Infinity;
    const write = (): void => {
      writes += 1;
      if (writes === dieAt) throw new Error('crash');
    };
    for (const generation of [1, 2, 3]) arm(generation, write);
    await wallet.rebuild();
    const all = writes;
    expect(all).toBeGreaterThan(100);
    for (let at = 1; at <= all; at += 7) {
      const { last } = await wallet.pointer.read();
      arm(last + 1, write);
      arm(last + 2, write);
      [writes, dieAt] = [0, at];
      await expect(wallet.rebuild()).rejects.toThrow('crash');
      await wallet.goOn();
      dieAt = Infinity;
      expect(await wallet.rebuild()).toMatchObject({ swapped: true, differences: [] });
      expect(await wallet.differences()).toEqual([]);
    }
  });

  function arm(generation: number, write: () => void): void {
    const hooks = { beforeWrite: write, afterWrite: write };
    Object.assign(wallet.shelf.generation(generation).hooks, hooks);
    Object.assign(wallet.dayShelf.generation(generation).hooks, hooks);
    Object.assign(wallet.pointer.hooks, hooks);
  }

  test('does not copy the parts again that are copied', async () => {
    wallet.pointer.hooks.afterWrite = ({ building }) => {
      if (building?.copied.length === PARTS - 1) throw new Error('crash');
    };
    await expect(wallet.rebuild()).rejects.toThrow('crash');
    delete wallet.pointer.hooks.afterWrite;
    const { commits, swapped } = await wallet.rebuild();
    expect(swapped).toBe(true);
    expect(commits).toBeGreaterThan(0);
    expect(commits).toBeLessThan(wallet.shadow.commits().length / 2);
  });

  test('can be abandoned until the swap: what is read stays, and its rows go', async () => {
    wallet.pointer.hooks.afterWrite = ({ building }) => {
      if (building?.copied.length === 2) throw new Error('crash');
    };
    await expect(wallet.rebuild()).rejects.toThrow('crash');
    delete wallet.pointer.hooks.afterWrite;
    expect(await abandonRebuild(wallet)).toBe(true);
    expect(await abandonRebuild(wallet)).toBe(false);
    expect(await wallet.differences()).toEqual([]);
    expect((await retireGenerations(wallet.rebuildPorts())).rows).toBeGreaterThan(0);
    expect(await Array.fromAsync(wallet.shelf.generation(1).listed())).toEqual([]);
    expect(await wallet.rebuild()).toMatchObject({ generation: 2, swapped: true });
  });

  test('is not swapped if somebody abandons it meanwhile', async () => {
    wallet.shelf.generation(1).hooks.afterWrite = async () => {
      delete wallet.shelf.generation(1).hooks.afterWrite;
      await abandonRebuild(wallet);
    };
    expect(await wallet.rebuild()).toMatchObject({ swapped: false });
    expect(await wallet.pointer.read()).toMatchObject({ live: 0, building: null });
  });
});

describe('retiring', () => {
  test('waits until nobody can be reading the generation before, and then removes it', async () => {
    await wallet.rebuild();
    const { liveSince } = await wallet.pointer.read();
    expect(await retireGenerations(wallet.rebuildPorts())).toEqual({ rows: 0, notBefore: liveSince + KEEP_MS });
    wallet.clock.set(liveSince + KEEP_MS);
    const listed = await Array.fromAsync(wallet.shelf.generation(0).listed());
    const { rows } = await retireGenerations(wallet.rebuildPorts());
    expect(rows).toBeGreaterThanOrEqual(listed.length / 2);
    expect(await Array.fromAsync(wallet.shelf.generation(0).listed())).toEqual([]);
    expect(await retireGenerations(wallet.rebuildPorts())).toEqual({ rows: 0, notBefore: undefined });
    expect(await wallet.differences()).toEqual([]);
  });

  test('leaves what is being built, and what is begun while it looks', async () => {
    await wallet.rebuild();
    wallet.clock.advance(KEEP_MS);
    const { views } = wallet.rebuildPorts();
    const sweep = views.sweep.bind(views);
    views.sweep = async (last, kept) => {
      wallet.pointer.hooks.afterWrite = ({ building }) => {
        if (building?.copied.length === PARTS) throw new Error('crash');
      };
      await expect(wallet.rebuild()).rejects.toThrow('crash');
      delete wallet.pointer.hooks.afterWrite;
      return sweep(last, kept);
    };
    await retireGenerations({ ...wallet.rebuildPorts(), views });
    expect(await wallet.rebuild()).toMatchObject({ generation: 2, swapped: true, differences: [] });
  });
});

test('from any moment of any history on, with any deaths, it ends with no difference', {
  timeout: 120_000,
}, async () => {
  const steps = fc.array(fc.constantFrom('go on', 'go on', 'day', 'prune', 'die', 'rebuild', 'retire', 'abandon'), {
    minLength: 4,
    maxLength: 14,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fc.nat(12), { minLength: 1 }), async (history, deaths) => {
      wallet = new ViewedWallet();
      await wallet.send(openAccount(bank));
      await wallet.goOn();
      for (const [i, step] of history.entries()) await take(step, deaths[i % deaths.length] ?? 0);
      expect(await wallet.rebuild()).toMatchObject({ swapped: true, differences: [] });
      expect(await wallet.differences()).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** One step of a history; a rebuilding that dies does so at its n-th write, with the wallet going on before each. */
async function take(step: string, n: number): Promise<void> {
  if (step === 'go on') return wallet.goOn();
  if (step === 'prune') return void (await wallet.prune());
  if (step === 'rebuild') return void (await wallet.rebuild());
  if (step === 'retire') return void (await retireGenerations(wallet.rebuildPorts()));
  if (step === 'abandon') return void (await abandonRebuild(wallet));
  if (step === 'day') {
    wallet.clock.advance(DAY_MS);
    return void (await wallet.closeAll());
  }
  let writes = 0;
  const write = async (): Promise<void> => {
    writes += 1;
    if (writes === n) throw new Error('crash');
    if (writes < 4) await wallet.goOn();
  };
  const { building, last } = await wallet.pointer.read();
  const { hooks } = wallet.shelf.generation(building?.generation ?? last + 1);
  hooks.beforeWrite = () => wallet.meanwhile(write);
  await wallet.rebuild().catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'crash') throw error;
  });
  delete hooks.beforeWrite;
}

test('generations are stored as they are, and anything else is refused', () => {
  const generations = {
    ...firstGeneration,
    revision: 3,
    building: { generation: 1, parts: 64, copied: [0, 5] },
    last: 1,
  };
  expect(decodeGenerations(encodeGenerations(generations))).toEqual(generations);
  expect(encodeGenerations(generations)).toBe(
    '{"v":1,"revision":3,"live":0,"liveSince":0,"building":{"generation":1,"parts":64,"copied":[0,5]},"last":1}',
  );
  for (const text of ['{}', '{"v":2}', 'x']) expect(() => decodeGenerations(text)).toThrow();
});
