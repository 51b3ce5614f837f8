/**
 * The check-back drives to its end whatever was begun: sagas that never ran, died in any step, or wait for a credit or refund that
 * is lost, and accounts that are closing. Each test lets something be lost for good, moves the clock, and lets the check-back and
 * the pipeline run; then the money is where it belongs, once, and no open work is left.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { openClosing, openKey } from '../../core/contracts/open-work.ts';
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import { decodeEvents } from '../../core/contracts/stored-commit.ts';
import { checkAfterMs, LONGEST_CHECK_MS, OVERDUE_MS } from '../../core/flows/check-back.ts';
import { COMMITS_PER_CHECK } from '../../core/flows/finish-closing.ts';
import { violations } from '../invariants.ts';
import { debit, MemoryWallet, openAccount, request, transferId } from '../memory-wallet.ts';

const MINUTE_MS = 60_000;
const bank = 'settlement:bank';
const [x, y, z] = [transferId(1), transferId(2), transferId(3)];
let wallet: MemoryWallet;

beforeEach(async () => {
  wallet = new MemoryWallet();
  for (const account of [bank, 'alice', 'bob']) await wallet.open(account);
});

/** Open chunks; the projection in these tests tells of every closing again and again. */
function openChunks(): number {
  return [...wallet.openWork.records.values()].filter(({ kind }) => kind === 'chunk').length;
}

/** A minute passes, the check-back runs, and the pipeline goes on without faults. */
async function minutesLater(minutes = 1): Promise<void> {
  wallet.clock.advance(minutes * MINUTE_MS);
  await wallet.checkBack();
  await wallet.settle();
}

function expectSound(): void {
  expect(violations(wallet.log.commits(), wallet.transfers.records.values())).toEqual([]);
  expect(openChunks()).toBe(0);
}

function statuses(...transfers: readonly string[]): readonly (string | undefined)[] {
  return transfers.map((transfer) => wallet.record(transfer)?.status);
}

describe('sagas that are lost', () => {
  beforeEach(async () => {
    await wallet.send(debit(x, bank, 'alice', 10n), debit(y, bank, 'nobody', 5n), debit(z, 'alice', bank, 99n));
    await wallet.deliverNew();
  });

  test('a saga that never began is missed after a minute, not earlier', async () => {
    wallet.loseSagas();
    wallet.clock.advance(MINUTE_MS - 1);
    expect(await wallet.checkBack()).toEqual({ checked: 0, failed: 0 });
    wallet.clock.advance(1);
    expect(await wallet.checkBack()).toEqual({ checked: 1, failed: 0 });
    await wallet.settle();
    expect(statuses(x, y, z)).toEqual(['completed', 'reversed', 'rejected']);
    expect(await wallet.balance('alice')).toBe(10n);
    expect(wallet.meter.sum('SagasRestarted')).toBe(1);
    expectSound();
  });

  test('a saga that ends takes its record away', async () => {
    expect(openChunks()).toBe(1);
    await wallet.settle();
    expectSound();
    await minutesLater();
    expect(wallet.meter.sum('SagasRestarted')).toBe(0);
  });

  test.each([1, 2, 3, 4, 5])('a saga that dies after step %i', async (steps) => {
    let [chunk]: readonly (SagaChunk | undefined)[] = wallet.sagas.started;
    wallet.loseSagas();
    for (let step = 0; step < steps && chunk !== undefined; step += 1) {
      const advanced = await wallet.step(chunk);
      await wallet.deliverNew();
      await wallet.project();
      chunk = advanced.next_action === 'done' ? undefined : advanced;
      wallet.clock.advance(1_000);
    }
    await minutesLater();
    expect(statuses(x, y)).toEqual(['completed', 'reversed']);
    expectSound();
  });

  test.each(['credit', 'refund'])('a %s that is lost on its way', async (leg) => {
    let [chunk]: readonly (SagaChunk | undefined)[] = wallet.sagas.started;
    wallet.loseSagas();
    for (let step = leg === 'credit' ? 1 : 2; step > 0 && chunk !== undefined; step -= 1) {
      await wallet.deliverNew();
      await wallet.project();
      chunk = await wallet.step(chunk);
    }
    wallet.loseCommands();
    await minutesLater();
    expect(statuses(x, y)).toEqual(['completed', 'reversed']);
    expect([await wallet.balance('alice'), await wallet.balance(bank)]).toEqual([10n, -10n]);
    expectSound();
  });

  test('a saga that died between its last look and the end of its record', async () => {
    wallet.openWork.hooks.beforeWrite = (write) => {
      if (write.kind === 'close') throw new Error('died');
    };
    await expect(wallet.settle()).rejects.toThrow('died');
    wallet.openWork.hooks.beforeWrite = () => {};
    await wallet.project();
    expect(statuses(x, y)).toEqual(['completed', 'reversed']);
    await minutesLater();
    expect(wallet.meter.sum('SagasRestarted')).toBe(0);
    expectSound();
  });

  test('a processor that died after the record, before the saga: the batch comes again, and the record is closed', async () => {
    wallet.loseSagas();
    wallet.sagas.started.length = 0;
    wallet.loseSagas();
    await wallet.deliver(wallet.commands.records);
    expect(openChunks()).toBe(1);
    wallet.clock.advance(1);
    await wallet.deliver(wallet.commands.records);
    expect(openChunks()).toBe(2);
    await wallet.settle();
    await minutesLater(2);
    expectSound();
  });
});

describe('checks at a bad moment', () => {
  beforeEach(async () => {
    await wallet.send(debit(x, bank, 'alice', 10n), debit(y, bank, 'nobody', 5n));
    await wallet.deliverNew();
  });

  test('two at the same time start one saga', async () => {
    wallet.loseSagas();
    wallet.clock.advance(MINUTE_MS);
    await Promise.all([wallet.checkBack(), wallet.checkBack()]);
    expect(wallet.meter.sum('SagasRestarted')).toBe(1);
    await wallet.settle();
    expectSound();
  });

  test('in mid-flight of a healthy saga, beside its recovery: the money moves once', async () => {
    const [chunk] = wallet.sagas.started;
    if (chunk === undefined) throw new Error('no saga was started');
    let healthy: SagaChunk = await wallet.step(chunk);
    await wallet.deliverNew();
    wallet.clock.advance(MINUTE_MS);
    await wallet.checkBack();
    let recovery: SagaChunk = chunk;
    for (let round = 0; round < 6; round += 1) {
      [healthy, recovery] = await Promise.all([wallet.step(healthy), wallet.step(recovery, 'recovery')]);
      await wallet.settle();
    }
    expect([healthy.items, recovery.items]).toEqual([[], []]);
    expect(await wallet.balance('alice')).toBe(10n);
    await minutesLater(5);
    expectSound();
  });

  test.each(['beforeWrite', 'afterWrite'] as const)(
    'one that dies %s of any write is made good by the next',
    async (moment) => {
      wallet.loseSagas();
      for (let n = 0; ; n += 1) {
        let writes = 0;
        const die = (): void => {
          writes += 1;
          if (writes > n) throw new Error('died');
        };
        for (const { hooks } of [wallet.openWork, wallet.sagas]) hooks[moment] = die;
        wallet.clock.advance(checkAfterMs(n));
        const { failed } = await wallet.checkBack();
        for (const { hooks } of [wallet.openWork, wallet.sagas]) delete hooks[moment];
        if (failed === 0) break;
        wallet.loseSagas();
        expect(openChunks()).toBe(1);
      }
      await wallet.settle();
      await minutesLater(60);
      expect(statuses(x, y)).toEqual(['completed', 'reversed']);
      expectSound();
    },
  );

  test('what stays open is checked again after ever longer waits, and rings after a quarter of an hour', async () => {
    expect([0, 1, 2, 3].map((checks) => checkAfterMs(checks) / MINUTE_MS)).toEqual([1, 2, 4, 8]);
    expect(checkAfterMs(1_000)).toBe(LONGEST_CHECK_MS);
    const checkedAt: number[] = [];
    for (let minute = 1; minute <= 31; minute += 1) {
      wallet.loseSagas();
      wallet.clock.advance(MINUTE_MS);
      const { checked } = await wallet.checkBack();
      if (checked > 0) checkedAt.push(minute);
      if (minute * MINUTE_MS <= OVERDUE_MS) expect(wallet.meter.sum('OpenWorkOverdue')).toBe(0);
    }
    expect(checkedAt).toEqual([1, 3, 7, 15, 31]);
    expect(wallet.meter.sum('OpenWorkOverdue')).toBe(1);
  });

  test('a saga that is started again may end in a recovery with a name of its own', async () => {
    wallet.loseSagas();
    for (let check = 0; check < 3; check += 1) {
      wallet.clock.advance(checkAfterMs(check));
      await wallet.checkBack();
    }
    const names = wallet.sagas.started.map(({ recovery_name }) => recovery_name);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
  });
});

test('the debits of a commit that fills several sagas are each found by the record of their own', async () => {
  const ids = Array.from({ length: 900 }, (_, n) => transferId(100 + n));
  await wallet.send(...ids.map((id) => debit(id, bank, 'alice', 1n)));
  await wallet.deliverNew();
  const sagas = wallet.sagas.started.length;
  expect(sagas).toBeGreaterThan(1);
  wallet.loseSagas();
  await minutesLater();
  expect(wallet.meter.sum('SagasRestarted')).toBe(sagas);
  const restarted = wallet.sagas.started.slice(sagas).flatMap(({ items }) => items.map(({ transfer }) => transfer));
  expect(restarted.toSorted()).toEqual(ids);
  expect(await wallet.balance('alice')).toBe(900n);
  expectSound();
});

test('a commit that cannot be read keeps no other transfer of its chunk waiting', async () => {
  await wallet.send(debit(x, bank, 'alice', 10n));
  await wallet.settle();
  await wallet.send(debit(y, 'alice', 'bob', 1n), debit(z, bank, 'bob', 5n));
  await wallet.deliverNew();
  wallet.loseSagas();
  const { read } = wallet.log;
  wallet.log.read = async (account, version) => {
    const commit = await read.call(wallet.log, account, version);
    return commit === undefined || !account.endsWith('alice') ? commit : { ...commit, events: '[{"type":"Odd"}]' };
  };
  wallet.clock.advance(MINUTE_MS);
  expect(await wallet.checkBack()).toEqual({ checked: 1, failed: 1 });
  await wallet.settle();
  expect(statuses(y, z)).toEqual(['claimed', 'completed']);
  wallet.log.read = read;
  await minutesLater(2);
  await minutesLater(4);
  expect(statuses(y, z)).toEqual(['completed', 'completed']);
  expectSound();
});

describe('an account that is closing', () => {
  const status = async (account: string): Promise<string> => (await wallet.state(account)).status;

  async function close(account: string, id = `close-${account}`): Promise<void> {
    await wallet.send(request('CloseAccount', account, id));
    await wallet.settle();
    expect(await status(account)).toBe('closing');
  }

  test('is closed once all it was debited for is over', async () => {
    await wallet.send(debit(x, bank, 'alice', 10n));
    await wallet.settle();
    await wallet.send(debit(y, 'alice', 'bob', 10n));
    await wallet.deliverNew();
    wallet.loseSagas();
    await close('alice');
    wallet.clock.advance(MINUTE_MS);
    const chunk = [...wallet.openWork.records].find(([, { kind }]) => kind === 'chunk');
    if (chunk === undefined) throw new Error('no chunk is open');
    wallet.openWork.records.delete(chunk[0]);
    await wallet.checkBack();
    await wallet.settle();
    expect(await status('alice')).toBe('closing');

    wallet.openWork.records.set(...chunk);
    await minutesLater(2);
    await minutesLater(4);
    expect(statuses(y)).toEqual(['completed']);
    expect(await status('alice')).toBe('closed');
    await minutesLater(8);
    await wallet.checkBack();
    expect(wallet.eventTypes('alice').filter((type) => type === 'Closed')).toHaveLength(1);
    expectSound();
  });

  test('is found though its request is over for everybody else and the batch that began it comes again', async () => {
    const records = await wallet.send(request('CloseAccount', 'alice'));
    await wallet.deliverNew();
    await wallet.project();
    await wallet.deliver(records);
    await minutesLater();
    expect(await status('alice')).toBe('closed');
  });

  test('two that began in commits of the same version are both closed', async () => {
    await close('alice');
    await close('bob');
    await minutesLater();
    expect([await status('alice'), await status('bob')]).toEqual(['closed', 'closed']);
  });

  test('stays as it is while money that came back is on it, and rings', async () => {
    await wallet.send(debit(x, bank, 'alice', 10n));
    await wallet.settle();
    await wallet.send(debit(y, 'alice', 'nobody', 10n), request('CloseAccount', 'alice'));
    await wallet.settle();
    for (let minute = 0; minute < 32; minute += 1) await minutesLater();
    expect(await wallet.state('alice')).toMatchObject({ status: 'closing', balance: 10n });
    expect(wallet.eventTypes('alice')).not.toContain('RequestRefused');
    expect(wallet.meter.sum('OpenWorkOverdue')).toBeGreaterThan(0);
  });

  test('is let alone when it was opened again, and finished when it closes once more', async () => {
    await close('alice');
    await wallet.send(openAccount('alice', { request: 'reopen' }));
    await wallet.settle();
    await minutesLater();
    expect(await status('alice')).toBe('open');
    expect([...wallet.openWork.records.values()].filter(({ checks }) => checks > 0)).toEqual([]);
    await close('alice', 'close-again');
    await minutesLater();
    expect(await status('alice')).toBe('closed');
  });

  test('waits for a debit that lies far back in its log', async () => {
    await wallet.send(debit(x, bank, 'alice', 100n));
    await wallet.settle();
    const processor = wallet.processor();
    for (let n = 0; n < 100; n += 1) {
      // Of all of them only this one's saga is lost, in the middle of the log.
      if (n === 60) await wallet.settle(processor);
      await wallet.send(debit(transferId(1_000 + n), 'alice', bank, 1n));
      await wallet.deliverNew(processor);
      if (n === 60) wallet.loseSagas();
    }
    await close('alice');
    const chunks = [...wallet.openWork.records].filter(([, { kind }]) => kind === 'chunk');
    for (const [key] of chunks) wallet.openWork.records.delete(key);
    await minutesLater();
    expect(await status('alice')).toBe('closing');
    expect(wallet.eventTypes('alice')).not.toContain('Closed');
    for (const [key, record] of chunks) wallet.openWork.records.set(key, record);
    await minutesLater(2);
    await minutesLater(4);
    expect(await status('alice')).toBe('closed');
    expectSound();
  });

  test('may have a long log: each check goes on where the one before came to', async () => {
    await wallet.send(debit(x, bank, 'alice', 1_000n));
    await wallet.settle();
    const processor = wallet.processor();
    const payments = COMMITS_PER_CHECK + 40;
    for (let n = 0; n < payments; n += 1) {
      const amount = n === 0 ? 1_001n - BigInt(payments) : 1n;
      await wallet.send(debit(transferId(1_000 + n), 'alice', bank, amount));
      await wallet.deliverNew(processor);
    }
    await wallet.settle(processor);
    await close('alice');
    const [{ version } = { version: 0 }] = wallet.commitsOf('alice').slice(-1);
    const record = openClosing('default#alice', version, wallet.commitsOf('alice').at(-1)?.at ?? 0);
    expect(wallet.openWork.records.has(openKey(record))).toBe(true);

    wallet.clock.advance(MINUTE_MS);
    await wallet.checkBack();
    const [left] = [...wallet.openWork.records.values()];
    expect(left).toMatchObject({ kind: 'closing', doneFrom: version + 1 - COMMITS_PER_CHECK });
    expect(wallet.commands.records.flatMap(({ data }) => Buffer.from(data).toString()).join()).not.toContain(
      'FinishClose',
    );
    await minutesLater();
    expect(await status('alice')).toBe('closed');
    expect(decodeEvents(wallet.commitsOf('alice').at(-1)?.events ?? '').at(-1)?.type).toBe('Closed');
  });
});
