/**
 * The histories that break a weaker protocol, one test each, on the real processor, saga step and projection over memory
 * adapters. Each test forces the order of events that the history tells and then looks at the money in the ledger.
 */
import { describe, expect, test } from 'vitest';
import { MAX_EVENTS_BYTES } from '../../core/contracts/stored-commit.ts';
import type { CreditAccount } from '../../core/domain/account.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { AccountCache, CACHE_TTL_MS } from '../../core/flows/account-cache.ts';
import { accountAfter } from '../../core/flows/load-account.ts';
import { DamagedCommit } from '../../core/ports.ts';
import { debit, MemoryWallet, request, SCOPE, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const x = transferId(1);
const y = transferId(2);

async function walletWith(...accounts: readonly string[]): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  for (const account of [bank, ...accounts]) await wallet.open(account);
  return wallet;
}

async function fund(wallet: MemoryWallet, account: string, amount: bigint, id = transferId(900)): Promise<void> {
  await wallet.send(debit(id, bank, account, amount));
  await wallet.settle();
  expect(await wallet.balance(account)).toBe(amount);
}

/** The credit of a debited transfer as its saga sends it. */
async function creditOf(
  wallet: MemoryWallet,
  transfer: string,
  more: Partial<CreditAccount> = {},
): Promise<CreditAccount> {
  for (const { items } of wallet.sagas.started) {
    const item = items.find((candidate) => candidate.transfer === transfer);
    if (item === undefined) continue;
    const { issuedAt, debitRef, debitedAt, payerBalance, from, to, amount, currency } = item;
    const trace = { debitedAt, payerBalance, creditSentAt: wallet.clock.now() };
    const content = { scope: SCOPE, transfer, from, to, amount, currency };
    return { type: 'CreditAccount', ...content, issuedAt, debitRef, trace, recheck: false, cancel: false, ...more };
  }
  throw new Error(`${transfer} is in no saga`);
}

/** Debits a transfer without letting its saga run. */
async function debited(wallet: MemoryWallet, transfer: string, to: string, amount = 10n): Promise<void> {
  await wallet.send(debit(transfer, bank, to, amount));
  await wallet.deliverNew();
}

describe('a decision is recorded once, whatever happens between decision and record', () => {
  test('a rejection that was decided on a stale state is not recorded when the append meets another writer', async () => {
    const wallet = await walletWith('alice', 'bob');
    const stale = wallet.processor();
    await wallet.send(debit(transferId(3), 'alice', 'bob', 1n));
    await wallet.deliverNew(stale);
    await fund(wallet, 'alice', 100n);

    await wallet.send(debit(x, 'alice', 'bob', 60n), debit(y, 'alice', 'bob', 40n));
    await wallet.deliverNew(stale);
    await wallet.settle();

    expect(wallet.events('alice').filter((event) => 'transfer' in event && event.transfer === x)).toHaveLength(1);
    expect(wallet.record(x)?.status).toBe('completed');
    expect(wallet.record(y)?.status).toBe('completed');
    expect([await wallet.balance('alice'), await wallet.balance('bob')]).toEqual([0n, 100n]);
  });

  test('a credit refused on a stale "frozen" and then decided again is credited, and never refunded', async () => {
    const wallet = await walletWith('bob');
    const stale = wallet.processor();
    await wallet.send(request('FreezeAccount', 'bob'));
    await wallet.deliverNew(stale);
    await wallet.send(request('UnfreezeAccount', 'bob'));
    await wallet.deliverNew();

    await debited(wallet, x, 'bob');
    await wallet.send(await creditOf(wallet, x));
    await wallet.deliverNew(stale);
    await wallet.settle();

    expect(wallet.eventTypes('bob').filter((type) => type.startsWith('Credit'))).toEqual(['Credited']);
    expect(wallet.eventTypes(bank)).not.toContain('Refunded');
    expect(wallet.record(x)?.status).toBe('completed');
  });

  test('of a batch with an accepted and a rejected debit that crashed before its saga, only the accepted one joins a saga', async () => {
    const wallet = await walletWith('alice', 'bob');
    await fund(wallet, 'alice', 50n);
    const batch = await wallet.send(debit(x, 'alice', 'bob', 50n), debit(y, 'alice', 'bob', 50n));
    const startedBefore = wallet.sagas.started.length;
    wallet.sagas.hooks.beforeWrite = () => {
      throw new Error('crash');
    };
    await expect(wallet.deliver(batch)).rejects.toThrow('crash');
    delete wallet.sagas.hooks.beforeWrite;

    await wallet.deliver(batch);

    const joined = wallet.sagas.started
      .slice(startedBefore)
      .flatMap(({ items }) => items.map(({ transfer }) => transfer));
    expect(joined).toEqual([x]);
    await wallet.settle();
    expect([await wallet.balance('alice'), await wallet.balance('bob')]).toEqual([0n, 50n]);
  });
});

describe('a leg is applied at most once', () => {
  test('a late copy of a refused credit does not credit the account that was opened since', async () => {
    const wallet = await walletWith();
    await debited(wallet, x, 'bob');
    const credit = await creditOf(wallet, x);
    await wallet.settle();
    expect(wallet.record(x)?.status).toBe('reversed');
    expect(wallet.record(x)?.reason).toBe('account_not_found');

    await wallet.open('bob');
    await wallet.send(credit);
    await wallet.deliverNew();
    wallet.clock.advance(10 * 60_000);
    await wallet.send(credit, { ...credit, recheck: true });
    await wallet.deliverNew();

    expect(wallet.eventTypes('bob')).toEqual(['CreditRefused', 'Opened']);
    expect(await wallet.balance('bob')).toBe(0n);
    expect(await wallet.balance(bank)).toBe(0n);
  });

  test('a saga that is started again after the accounts forgot does not credit again', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    const [chunk] = wallet.sagas.started;
    if (chunk === undefined) throw new Error('no saga');
    await wallet.step(chunk);
    await wallet.deliverNew();
    expect(await wallet.balance('bob')).toBe(10n);

    for (const pauseMs of [31_000, 150_000, 3_600_000]) {
      wallet.clock.advance(pauseMs);
      await wallet.step(chunk);
      await wallet.deliverNew();
      expect(await wallet.balance('bob')).toBe(10n);
    }
  });

  test('an ordinary copy that is delivered after the account forgot is looked up', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    const credit = await creditOf(wallet, x);
    await wallet.send(credit);
    await wallet.deliverNew();
    wallet.clock.advance(10 * 60_000);
    await debited(wallet, y, 'bob');
    await wallet.send(await creditOf(wallet, y));
    await wallet.deliverNew();
    await wallet.send(credit);
    await wallet.deliverNew();
    expect(await wallet.balance('bob')).toBe(20n);
  });

  test('a leg is found though the clock that stamped its arrival was 100 s slow', async () => {
    const wallet = await walletWith();
    await wallet.open('bob');
    wallet.clock.advance(3_600_000);
    await debited(wallet, x, 'bob');
    const recheck = await creditOf(wallet, x, { recheck: true });
    wallet.clock.advance(-100_000);
    await wallet.send(recheck);
    await wallet.deliverNew();
    expect(await wallet.balance('bob')).toBe(10n);
    wallet.clock.advance(100_000);
    await wallet.send(recheck);
    await wallet.deliverNew();
    expect(wallet.eventTypes('bob')).toEqual(['Opened', 'Credited']);
  });

  test('a recheck looks the leg up again after it lost against another writer', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    const credit = await creditOf(wallet, x, { recheck: true });
    const [record] = await wallet.send(credit);
    const [copy] = await wallet.send({ ...credit, recheck: false });
    if (record === undefined || copy === undefined) throw new Error('nothing was sent');
    let zombie = true;
    wallet.log.hooks.beforeWrite = async () => {
      if (!zombie) return;
      zombie = false;
      await wallet.deliver([copy]);
    };

    await wallet.deliver([record]);

    expect(await wallet.balance('bob')).toBe(10n);
    expect(wallet.eventTypes('bob')).toEqual(['Opened', 'Credited']);
  });

  test('a recheck believes neither a missing status nor an empty memory, only the log', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    const credit = await creditOf(wallet, x);
    await wallet.send(credit);
    await wallet.deliverNew();
    expect(wallet.record(x)?.status).toBe('claimed');
    await wallet.send({ ...credit, recheck: true });
    await wallet.deliverNew(wallet.processor());
    expect(await wallet.balance('bob')).toBe(10n);
  });

  test('the credit and the refund of one transfer are no copies of each other, nor is the credit of a transfer to oneself', async () => {
    const wallet = await walletWith('alice');
    await fund(wallet, 'alice', 30n);
    await wallet.send(debit(x, 'alice', 'alice', 10n));
    await wallet.settle();
    expect(await wallet.balance('alice')).toBe(30n);
    expect(wallet.record(x)?.status).toBe('completed');

    await wallet.send(debit(y, 'alice', 'alice', 10n), request('FreezeAccount', 'alice'));
    await wallet.settle();
    expect(wallet.eventTypes('alice').slice(-4)).toEqual(['Debited', 'Frozen', 'CreditRefused', 'Refunded']);
    expect(await wallet.balance('alice')).toBe(30n);
  });
});

describe('only a recorded refusal permits a refund', () => {
  test('a saga whose credit stays unanswered sends it again and escalates, but never refunds', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    let [chunk] = wallet.sagas.started;
    const actions: string[] = [];
    for (let i = 0; chunk !== undefined && i < 60; i += 1) {
      const advanced = await wallet.step(chunk);
      actions.push(advanced.next_action);
      chunk = advanced.next_action === 'wait' ? advanced : undefined;
      wallet.clock.advance(advanced.wait_seconds * 1_000);
    }
    expect(actions.at(-1)).toBe('escalate');
    await wallet.deliverNew();
    expect(wallet.eventTypes('bob')).toEqual(['Opened', 'Credited']);
    expect(wallet.eventTypes(bank)).not.toContain('Refunded');
  });

  test('a cancellation after the credit finds the credit; before it, the late credit finds the cancellation', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    const credited = await creditOf(wallet, x);
    await wallet.send(credited);
    await wallet.send({ ...credited, recheck: true, cancel: true });
    await debited(wallet, y, 'bob');
    const cancelled = await creditOf(wallet, y);
    await wallet.send({ ...cancelled, recheck: true, cancel: true });
    await wallet.send(cancelled);
    await wallet.settle();

    expect(wallet.eventTypes('bob')).toEqual(['Opened', 'Credited', 'CreditRefused']);
    expect([wallet.record(x)?.status, wallet.record(y)?.status]).toEqual(['completed', 'reversed']);
    expect(wallet.record(y)?.reason).toBe('cancelled');
    expect(await wallet.balance('bob')).toBe(10n);
  });

  test('a payer who paid all out and closed is still given the refund, and the closing is not finished over it', async () => {
    const wallet = await walletWith('alice');
    await fund(wallet, 'alice', 10n);
    await wallet.send(debit(x, 'alice', 'nobody', 10n), request('CloseAccount', 'alice'));
    await wallet.settle();

    expect(await wallet.state('alice')).toMatchObject({ status: 'closing', balance: 10n });
    const { closingVersion } = await wallet.state('alice');
    const finish = { type: 'FinishClose', scope: SCOPE, recheck: false, request: 'finish', account: 'alice' } as const;
    await wallet.send({ ...finish, version: closingVersion });
    await wallet.settle();
    expect(wallet.events('alice').at(-1)).toMatchObject({ type: 'RequestRefused', reason: 'not_empty' });
  });
});

describe('positions', () => {
  test('a commit that split inside a record, and crashed, goes on with the rest of the record', async () => {
    const wallet = await walletWith('bob');
    const perEvent = 200;
    const count = Math.ceil((MAX_EVENTS_BYTES * 1.5) / perEvent);
    const commands = Array.from({ length: count }, (_, i) => debit(transferId(i + 10_000), bank, 'bob', 1n));
    const records = await wallet.send(...commands);
    let appends = 0;
    wallet.log.hooks.beforeWrite = () => {
      appends += 1;
      if (appends === 2) throw new Error('crash');
    };
    await expect(wallet.deliver(records)).rejects.toThrow('crash');
    delete wallet.log.hooks.beforeWrite;
    expect(wallet.commitsOf(bank)).toHaveLength(2);

    await wallet.deliver(records);

    expect(await wallet.balance(bank)).toBe(-BigInt(count));
    expect(wallet.eventTypes(bank).filter((type) => type === 'Debited')).toHaveLength(count);
    expect(wallet.meter.sum('OrderBroken')).toBe(0);
    for (const { events } of wallet.commitsOf(bank)) expect(events.length).toBeLessThanOrEqual(MAX_EVENTS_BYTES);
  });

  test('when the first of two commits of an account loses to a zombie, the second is not inserted', async () => {
    const wallet = await walletWith('bob', 'carol');
    const records = await wallet.send(
      ...Array.from({ length: 3_000 }, (_, i) => debit(transferId(i + 20_000), bank, 'bob', 1n)),
    );
    const [zombies] = await wallet.send(debit(x, bank, 'carol', 5n));
    if (zombies === undefined) throw new Error('nothing was sent');
    let zombie = true;
    wallet.log.hooks.beforeWrite = async ({ account }) => {
      if (!zombie || account !== accountKey({ scope: SCOPE, account: bank })) return;
      zombie = false;
      await wallet.deliver([zombies]);
    };

    await wallet.deliver(records);

    expect(await wallet.balance(bank)).toBe(-3_005n);
    const commits = wallet.commitsOf(bank);
    expect(commits.map(({ version }) => version)).toEqual(commits.map((_, i) => i + 1));
    expect(commits.slice(1).map(({ prevHash }) => prevHash)).toEqual(commits.slice(0, -1).map(({ hash }) => hash));
  });

  test('single and packed commands of an account travel in the same lane, and a record in a foreign lane is set aside', async () => {
    const wallet = await walletWith('alice');
    const [single] = await wallet.send(debit(x, 'alice', bank, 1n));
    const packed = await wallet.send(debit(y, 'alice', bank, 1n), debit(transferId(3), 'alice', bank, 1n));
    expect(packed).toHaveLength(1);
    expect(packed[0]?.partitionKey).toBe(single?.partitionKey);
    if (single === undefined) throw new Error('nothing was sent');

    await wallet.deliver([{ ...single, partitionKey: String((Number(single.partitionKey) + 1) % 8) }]);

    expect(wallet.quarantine.records.size).toBe(1);
    expect(wallet.record(x)).toBeUndefined();
    expect(wallet.eventTypes('alice')).toEqual(['Opened']);
  });
});

describe('claims and statuses', () => {
  test('a debit has no age limit: however late it is delivered, it is decided', async () => {
    const wallet = await walletWith('bob');
    const records = await wallet.send(debit(x, bank, 'bob', 10n));
    wallet.clock.advance(24 * 3_600_000);
    await debited(wallet, y, 'bob');
    await wallet.deliver(records);
    await wallet.settle();
    expect(wallet.record(x)?.status).toBe('completed');
    expect(await wallet.balance('bob')).toBe(20n);
  });

  test('a redriven debit meets its own claim at another position and is driven to its end', async () => {
    const wallet = await walletWith('bob');
    const records = await wallet.send(debit(x, bank, 'bob', 10n));
    wallet.log.hooks.beforeWrite = () => {
      throw new Error('crash');
    };
    await expect(wallet.deliver(records)).rejects.toThrow('crash');
    delete wallet.log.hooks.beforeWrite;
    expect(wallet.record(x)?.status).toBe('claimed');

    const redriven = await wallet.send(debit(x, bank, 'bob', 10n, { recheck: true }));
    await wallet.deliver(redriven);
    await wallet.settle();

    expect(wallet.record(x)?.status).toBe('completed');
    expect(await wallet.balance('bob')).toBe(10n);
  });

  test('a redrive of a debit whose saga is lost starts the saga again and debits nothing', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    wallet.sagas.started.length = 0;
    await wallet.send(debit(x, bank, 'bob', 10n, { recheck: true }));
    await wallet.settle();
    expect(wallet.record(x)?.status).toBe('completed');
    expect([await wallet.balance(bank), await wallet.balance('bob')]).toEqual([-10n, 10n]);
  });

  test('commits that are projected again, in any order, change no status', async () => {
    const wallet = await walletWith('bob');
    await debited(wallet, x, 'bob');
    await debited(wallet, y, 'nobody');
    await wallet.settle();
    const before = new Map(wallet.transfers.records);
    await wallet.project([...wallet.log.commits()].reverse());
    for (const commit of wallet.log.commits()) await wallet.project([commit]);
    expect(wallet.transfers.records).toEqual(before);
    expect([wallet.record(x)?.status, wallet.record(y)?.status]).toEqual(['completed', 'reversed']);
  });

  test('the same identity with other content is a conflict that writes nothing', async () => {
    const wallet = await walletWith('alice', 'bob');
    await debited(wallet, x, 'bob');
    const claim = wallet.record(x);
    await wallet.send(debit(x, bank, 'alice', 10n), debit(x, bank, 'bob', 11n));
    await wallet.settle();
    expect(wallet.record(x)?.contentHash).toBe(claim?.contentHash);
    expect([await wallet.balance('alice'), await wallet.balance('bob')]).toEqual([0n, 10n]);
    expect(wallet.meter.sum('Conflicts')).toBe(2);
  });

  test('a late copy of a freeze does not freeze again after an unfreeze', async () => {
    const wallet = await walletWith('alice');
    await wallet.send(request('FreezeAccount', 'alice', 'freeze-1'));
    await wallet.send(request('UnfreezeAccount', 'alice', 'unfreeze-1'));
    await wallet.deliverNew();
    const copy = request('FreezeAccount', 'alice', 'freeze-1');
    await wallet.send(copy, { ...copy, recheck: true });
    await wallet.deliverNew();
    expect((await wallet.state('alice')).status).toBe('open');
  });
});

describe('the cache', () => {
  test('a state that is older than 15 minutes is not used: its version may have come and gone', () => {
    const cache = new AccountCache();
    cache.put('default#alice', accountAfter(undefined), 0);
    expect(cache.get('default#alice', CACHE_TTL_MS)).toBeDefined();
    expect(cache.get('default#alice', CACHE_TTL_MS + 1)).toBeUndefined();
  });
});

describe('trouble with one account is not trouble with the shard', () => {
  test('an account whose log is damaged has its commands set aside, the others go on', async () => {
    const wallet = await walletWith('alice', 'bob');
    const [opened] = wallet.commitsOf('alice');
    if (opened === undefined) throw new Error('alice has no log');
    wallet.log.insert({ ...opened, version: 2, state: '{"status":"odd"}' });

    await wallet.send(debit(x, 'alice', 'bob', 1n), debit(y, bank, 'bob', 5n));
    await wallet.settle();

    expect(await wallet.balance('bob')).toBe(5n);
    expect(wallet.record(x)?.status).toBe('claimed');
    expect([...wallet.quarantine.records.values()].map(({ reason }) => reason)).toEqual([
      'DamagedCommit: the state of default#alice@2 cannot be read',
    ]);
  });

  /** A wallet whose ledger rejects whatever is read of alice's log. */
  async function unreadable(error: Error): Promise<MemoryWallet> {
    const wallet = await walletWith('alice', 'bob');
    const { newest, newestFirst } = wallet.log;
    wallet.log.newest = async (account) => {
      if (account.endsWith('alice')) throw error;
      return newest.call(wallet.log, account);
    };
    wallet.log.newestFirst = (account, before) => {
      if (account.endsWith('alice')) throw error;
      return newestFirst.call(wallet.log, account, before);
    };
    return wallet;
  }

  test.each([false, true])('so it is where the log cannot even be read as commits (recheck: %s)', async (recheck) => {
    const wallet = await unreadable(new DamagedCommit('a commit cannot be read'));
    await wallet.send(debit(x, 'alice', 'bob', 1n, { recheck }), debit(y, bank, 'bob', 5n));
    await wallet.settle();
    expect(await wallet.balance('bob')).toBe(5n);
    expect([...wallet.quarantine.records.values()].map(({ reason }) => reason)).toEqual([
      'DamagedCommit: a commit cannot be read',
    ]);
  });

  test.each([false, true])(
    'whatever else a read fails with lets the batch come again (recheck: %s)',
    async (recheck) => {
      const wallet = await unreadable(new Error('throttled'));
      await wallet.send(debit(x, 'alice', 'bob', 1n, { recheck }), debit(y, bank, 'bob', 5n));
      await expect(wallet.deliverNew()).rejects.toThrow('throttled');
      expect(wallet.quarantine.records.size).toBe(0);
      expect(await wallet.balance('bob')).toBe(0n);
    },
  );

  test('bytes that are no record, and a command that cannot be read, are set aside with their bytes', async () => {
    const wallet = await walletWith('bob');
    const poison = [new Uint8Array([0xff, 0x00]), Buffer.from('{"v":1,"commands":[{"type":"DebitAccount"}]}')];
    const records = await Promise.all(poison.map((data) => wallet.commands.put('3', data)));
    const good = await wallet.send(debit(x, bank, 'bob', 5n));
    await wallet.deliver([...records, ...good]);
    await wallet.settle();
    expect([...wallet.quarantine.records.values()].map(({ data }) => data)).toEqual(poison);
    expect(await wallet.balance('bob')).toBe(5n);
  });
});
