/**
 * Shows that the trial balance is right at any moment, also for a past one and while transfers go on, that it finds money that
 * was made or lost, and that it reads little. Runs over the real pipeline on memory adapters, stopped at interesting moments.
 */
import { describe, expect, it, test } from 'vitest';
import { decodeTrialBalance, encodeTrialBalance, trialBalanceResource } from '../../core/contracts/trial-balance.ts';
import {
  computeTrialBalance,
  keepTrialBalance,
  readTrialBalance,
  type TrialBalancePorts,
} from '../../core/flows/compute-trial-balance.ts';
import { CLOCK_MARGIN_MS } from '../../core/flows/cut-ledger.ts';
import { CommitPruned } from '../../core/flows/find-commit.ts';
import { LookUpBeforePruning } from '../../core/flows/match-transfers.ts';
import type { EventLog } from '../../core/ports.ts';
import { debit, MemoryWallet, openAccount, request, SCOPE, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const x = transferId(1);
const y = transferId(2);

async function walletWith(...accounts: readonly string[]): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  for (const account of [bank, ...accounts]) await wallet.open(account);
  await wallet.project();
  wallet.clock.advance(1_000);
  return wallet;
}

async function trial(ports: TrialBalancePorts, at?: number) {
  const computed = await computeTrialBalance(ports, SCOPE, at);
  if (computed === undefined) throw new Error('given up');
  return computed;
}

/** The one row of a wallet in dollars. */
async function dollars(ports: TrialBalancePorts, at?: number) {
  const { currencies, ...rest } = await trial(ports, at);
  expect(currencies.map(({ currency }) => currency)).toEqual(['USD']);
  return { ...rest, ...currencies[0] };
}

/** The ledger as a reader sees it whom something happens to before each first read of an account. */
function interrupted(log: EventLog, before: (account: string) => Promise<void>): EventLog {
  return {
    newest: async (account) => {
      await before(account);
      return log.newest(account);
    },
    newestFirst: (account, version) => log.newestFirst(account, version),
    read: (account, version) => log.read(account, version),
    append: (commits) => log.append(commits),
  };
}

function withoutLogReads(log: EventLog): EventLog {
  const refuse = () => {
    throw new Error('a log was read back');
  };
  return { newest: (account) => log.newest(account), newestFirst: refuse, read: refuse, append: refuse };
}

describe('in flight is', () => {
  test('nothing in an empty wallet', async () => {
    expect(await trial(new MemoryWallet())).toMatchObject({ balanced: true, currencies: [], unmatched: [] });
  });

  test('nothing when all is settled', async () => {
    const wallet = await walletWith('alice', 'bob');
    await wallet.send(debit(x, bank, 'alice', 100n), debit(y, 'alice', 'bob', 30n));
    await wallet.settle();
    expect(await dollars(wallet)).toMatchObject({ balanced: true, balances: 0n, inFlight: 0n, sum: 0n, accounts: 3 });
  });

  test('what was debited and not credited', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    expect(await dollars(wallet)).toMatchObject({ balances: -100n, inFlight: 100n, sum: 0n, balanced: true });
  });

  test('nothing before the debit, when only the claim is there', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    wallet.log.hooks.beforeWrite = () => {
      throw new Error('crash');
    };
    await expect(wallet.deliverNew()).rejects.toThrow('crash');
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true });
  });

  test('nothing once the credit is in the log, whatever the status still says', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    expect(wallet.record(x)?.status).toBe('claimed');
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true });
  });

  test('what was refused and not given back yet, and nothing afterwards', async () => {
    const wallet = await walletWith();
    await wallet.send(debit(x, bank, 'nobody', 100n));
    await wallet.deliverNew();
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    await wallet.project();
    expect(wallet.record(x)?.status).toBe('refused');
    expect(await dollars(wallet)).toMatchObject({ balances: -100n, inFlight: 100n, balanced: true, accounts: 1 });
    await wallet.settle();
    expect(wallet.record(x)?.status).toBe('reversed');
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true, accounts: 1 });
  });

  test('nothing once the refund is in the log, whatever the status still says', async () => {
    const wallet = await walletWith();
    await wallet.send(debit(x, bank, 'nobody', 100n));
    await wallet.deliverNew();
    for (let leg = 0; leg < 2; leg += 1) {
      for (const chunk of wallet.sagas.started) await wallet.step(chunk);
      await wallet.deliverNew();
      if (leg === 0) await wallet.project();
    }
    expect(wallet.eventTypes(bank).at(-1)).toBe('Refunded');
    expect(wallet.record(x)?.status).toBe('refused');
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true });
  });

  test('that of the scope alone', async () => {
    const wallet = await walletWith('alice');
    const elsewhere = { scope: 'tenant-1' };
    const accounts = [bank, 'alice'].map((account) => openAccount(account, { ...elsewhere, request: account }));
    await wallet.send(...accounts, debit(x, bank, 'alice', 9n, elsewhere));
    await wallet.settle();
    await wallet.send(debit(y, bank, 'alice', 100n, elsewhere));
    await wallet.deliverNew();
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true, accounts: 2 });
    expect((await computeTrialBalance(wallet, 'tenant-1'))?.currencies).toMatchObject([
      { balances: -100n, inFlight: 100n, sum: 0n, accounts: 2 },
    ]);
  });

  test('told per currency', async () => {
    const wallet = await walletWith('alice');
    for (const account of ['settlement:euro', 'eve']) await wallet.send(openAccount(account, { currency: 'EUR' }));
    await wallet.settle();
    await wallet.send(debit(x, bank, 'alice', 7n), debit(y, 'settlement:euro', 'eve', 9n, { currency: 'EUR' }));
    await wallet.deliverNew();
    expect((await trial(wallet)).currencies).toEqual([
      { currency: 'EUR', balances: -9n, inFlight: 9n, sum: 0n, accounts: 2 },
      { currency: 'USD', balances: -7n, inFlight: 7n, sum: 0n, accounts: 2 },
    ]);
  });
});

describe('a cut in the past', () => {
  test('is balanced at every moment, and shows what was there then', async () => {
    const wallet = await walletWith('alice', 'bob');
    for (const transfer of [debit(x, bank, 'alice', 100n), debit(y, 'alice', 'bob', 30n)]) {
      await wallet.send(transfer);
      await wallet.settle();
    }
    const first = Math.min(...wallet.log.commits().map(({ at }) => at));
    const seen: bigint[] = [];
    for (let at = first; at <= wallet.clock.now(); at += 500) {
      const { currencies, balanced, asOf } = await trial(wallet, at);
      expect({ asOf, balanced }).toEqual({ asOf: at, balanced: true });
      seen.push(currencies[0]?.inFlight ?? 0n);
    }
    expect(new Set(seen)).toEqual(new Set([0n, 100n, 30n]));
    expect(await trial(wallet, first - 1)).toMatchObject({ balanced: true, currencies: [] });
  });

  test('does not hold what came later, although its status is not told yet', async () => {
    const wallet = await walletWith('alice');
    const before = wallet.clock.now();
    wallet.clock.advance(1_000);
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    expect(await dollars(wallet, before)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true });
    const debited = wallet.clock.now();
    wallet.clock.advance(1_000);
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    expect(wallet.record(x)?.status).toBe('claimed');
    expect(await dollars(wallet, debited)).toMatchObject({ balances: -100n, inFlight: 100n, balanced: true });
  });

  test('in the future is a cut at now', async () => {
    const wallet = await walletWith();
    expect((await trial(wallet, wallet.clock.now() + 1e9)).asOf).toBe(wallet.clock.now());
  });

  test('is found in a long log with few reads', async () => {
    const wallet = await walletWith('alice');
    const moments: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      await wallet.send(debit(transferId(i), bank, 'alice', 1n));
      await wallet.deliverNew();
      moments.push(wallet.clock.now());
      wallet.clock.advance(1_000);
    }
    await wallet.settle();
    let reads = 0;
    const log: EventLog = {
      ...interrupted(wallet.log, async () => {}),
      read: (account, version) => {
        reads += 1;
        return wallet.log.read(account, version);
      },
    };
    for (const i of [0, 1, 57, 198, 199]) {
      reads = 0;
      const row = await dollars({ ...wallet, log }, moments[i]);
      expect(row).toMatchObject({ balanced: true, balances: BigInt(-i - 1), inFlight: BigInt(i + 1) });
      expect(reads).toBeLessThan(40);
    }
  });

  test('before the oldest commit that is left cannot be told, and says so', async () => {
    const wallet = await walletWith('alice');
    const before = wallet.clock.now();
    wallet.clock.advance(1_000);
    for (const id of [x, y]) {
      await wallet.send(debit(id, bank, 'alice', 1n));
      await wallet.deliverNew();
    }
    const pruned: EventLog = {
      ...interrupted(wallet.log, async () => {}),
      read: async (account, version) => (version === 1 ? undefined : wallet.log.read(account, version)),
    };
    await expect(trial({ ...wallet, log: pruned }, before)).rejects.toThrow(CommitPruned);
  });
});

describe('while the wallet works', () => {
  test('an account that moves money between the reads of two accounts changes nothing', async () => {
    const wallet = await walletWith('alice', 'bob');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.settle();
    let n = 10;
    const log = interrupted(wallet.log, async () => {
      wallet.clock.advance(1);
      n += 2;
      await wallet.send(debit(transferId(n), bank, 'bob', 5n), debit(transferId(n + 1), 'alice', bank, 1n));
      await wallet.settle();
    });
    const asOf = wallet.clock.now();
    expect(await dollars({ ...wallet, log })).toMatchObject({ asOf, balanced: true, inFlight: 0n });
    expect(n).toBeGreaterThan(10);
  });

  test('a commit with the very time of the cut that comes after its account was read is not inside', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    const reader: EventLog = interrupted(wallet.log, async () => {});
    const late = {
      ...reader,
      newest: async (account: string) => {
        const newest = await wallet.log.newest(account);
        if (account.endsWith(bank)) {
          await wallet.send(debit(y, bank, 'alice', 11n));
          await wallet.deliverNew();
          for (const chunk of wallet.sagas.started) await wallet.step(chunk);
          await wallet.deliverNew();
          await wallet.project();
        }
        return newest;
      },
    };
    const row = await dollars({ ...wallet, log: late });
    expect(wallet.record(y)?.status).toBe('completed');
    expect(row).toMatchObject({ balanced: true });
  });

  test('a writer whose clock is behind puts a credit inside without its debit: in flight is below zero, the sum is not', async () => {
    const wallet = await walletWith('alice');
    const cut = wallet.clock.now();
    wallet.clock.advance(500);
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    wallet.clock.advance(-1_000);
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    await wallet.project();
    wallet.clock.advance(60_000);
    expect(await dollars(wallet, cut)).toMatchObject({ balances: 100n, inFlight: -100n, balanced: true });
  });
});

describe('accounts that the registry lacks', () => {
  test('join through the transfers that name them', async () => {
    const wallet = await walletWith();
    await wallet.send(openAccount('alice'), openAccount('bob'));
    await wallet.deliverNew();
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    expect(await dollars(wallet)).toMatchObject({ balances: -100n, inFlight: 100n, balanced: true, accounts: 2 });
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    expect(await dollars(wallet)).toMatchObject({ balances: 0n, inFlight: 0n, balanced: true, accounts: 2 });
  });

  test('are scanned for once more, so that the claims of their debits are all seen', async () => {
    const wallet = await walletWith();
    await wallet.send(openAccount('alice'), debit(x, bank, 'alice', 100n));
    await wallet.settle();
    let scans = 0;
    const unregistered = new MemoryWallet().views;
    const scan = wallet.transfers.scan.bind(wallet.transfers);
    wallet.transfers.scan = () => {
      scans += 1;
      return scan();
    };
    expect(await dollars({ ...wallet, views: unregistered })).toMatchObject({
      balances: 0n,
      inFlight: 0n,
      balanced: true,
      accounts: 2,
    });
    expect(scans).toBe(2);
  });
});

describe('money that was made or lost shows', () => {
  /** Takes the newest commit of an account and appends a change of it, as someone with access to the table could. */
  async function forge(wallet: MemoryWallet, account: string, change: (text: string) => string): Promise<void> {
    const newest = wallet.commitsOf(account).at(-1);
    if (newest === undefined) throw new Error(`${account} has no commit`);
    const { version, state, events } = newest;
    wallet.log.insert({ ...newest, version: version + 1, state: change(state), events });
  }

  test('a leg that was applied twice', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    for (const chunk of wallet.sagas.started) await wallet.step(chunk);
    await wallet.deliverNew();
    await forge(wallet, 'alice', (state) => state.replace('"balance":"100"', '"balance":"200"'));
    expect(await dollars(wallet)).toMatchObject({
      balanced: false,
      sum: 100n,
      unmatched: [{ transfer: x, currency: 'USD', amount: 100n, debits: 1, credits: 2, refunds: 0 }],
    });
  });

  test('a balance that was changed, also when all transfers are long over', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.settle();
    wallet.clock.advance(24 * 3_600_000);
    await forge(wallet, 'alice', (state) => state.replace('"balance":"100"', '"balance":"101"'));
    expect(await dollars(wallet)).toMatchObject({ balanced: false, sum: 1n });
  });
});

describe('what is read', () => {
  test('of a wallet at rest: the newest commit of each account, no log', async () => {
    const wallet = await walletWith('alice', 'bob');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.settle();
    await wallet.send(debit(y, 'alice', 'bob', 30n), debit(transferId(3), 'alice', 'nobody', 5n));
    await wallet.settle();
    expect([x, y, transferId(3)].map((id) => wallet.record(id)?.status)).toEqual([
      'completed',
      'completed',
      'reversed',
    ]);
    const ports = { ...wallet, log: withoutLogReads(wallet.log) };
    expect(await dollars(ports)).toMatchObject({ balanced: true, accounts: 3 });
    wallet.clock.advance(CLOCK_MARGIN_MS + 1);
    expect(await dollars(ports)).toMatchObject({ balanced: true, accounts: 3 });
  });

  test('of a transfer that waits: the logs of its accounts, back to where its legs can be', async () => {
    const wallet = await walletWith('alice');
    for (let i = 10; i < 60; i += 1) {
      await wallet.send(debit(transferId(i), bank, 'alice', 1n));
      await wallet.deliverNew();
    }
    await wallet.settle();
    wallet.clock.advance(3_600_000);
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    let commits = 0;
    const log: EventLog = {
      ...interrupted(wallet.log, async () => {}),
      newestFirst: async function* (account, before) {
        for await (const commit of wallet.log.newestFirst(account, before)) {
          commits += 1;
          yield commit;
        }
      },
    };
    expect(await dollars({ ...wallet, log })).toMatchObject({ inFlight: 100n, balanced: true });
    expect(commits).toBeLessThanOrEqual(3);
  });

  test('a log that was pruned before the point where a leg can be proves nothing', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.deliverNew();
    const log: EventLog = {
      ...interrupted(wallet.log, async () => {}),
      newestFirst: async function* (account, before) {
        for await (const commit of wallet.log.newestFirst(account, before)) if (commit.version > 1) yield commit;
      },
    };
    await expect(trial({ ...wallet, log })).rejects.toThrow(LookUpBeforePruning);
  });
});

describe('a trial balance for a caller that waits', () => {
  it.each([
    ['accounts', { accounts: 1, transfers: 100 }],
    ['transfers', { accounts: 100, transfers: 1 }],
  ])('is the last one kept if there are too many %s', async (_, bounds) => {
    const wallet = await walletWith('alice');
    const kept = await keepTrialBalance(wallet, SCOPE);
    wallet.clock.advance(60_000);
    await wallet.send(debit(x, bank, 'alice', 100n), debit(y, bank, 'alice', 100n));
    await wallet.settle();
    expect(await readTrialBalance(wallet, SCOPE, undefined, bounds)).toEqual(kept);
    expect((await readTrialBalance(wallet, SCOPE))?.asOf).toBe(wallet.clock.now());
  });

  test('is nothing if none was kept', async () => {
    const wallet = await walletWith('alice');
    expect(await readTrialBalance(wallet, SCOPE, undefined, { accounts: 1, transfers: 1 })).toBeUndefined();
  });
});

test('a trial balance is kept as it is, and shown with decimals', async () => {
  const wallet = await walletWith('alice');
  await wallet.send(debit(x, bank, 'alice', 1_050n), request('FreezeAccount', 'alice'));
  await wallet.deliverNew();
  const computed = await trial(wallet);
  expect(decodeTrialBalance(encodeTrialBalance(computed))).toEqual(computed);
  expect(trialBalanceResource(computed, (ms) => new Date(ms).toISOString())).toEqual({
    as_of: new Date(wallet.clock.now()).toISOString(),
    balanced: true,
    currencies: [{ currency: 'USD', balances: '-10.50', in_flight: '10.50', sum: '0.00', accounts: 2 }],
    unmatched_transfers: [],
  });
});
