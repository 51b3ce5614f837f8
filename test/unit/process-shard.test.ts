/**
 * Trouble that one account or one claim has, and that must stay its own: what is set aside, what goes on, and that nothing debited
 * is left without a saga. The rules of order are in protocol-histories.test.ts, crashes in crash-points.test.ts.
 */
import { beforeEach, expect, test } from 'vitest';
import { LostAnswer } from '../../adapters/memory/write-hooks.ts';
import { MAX_EVENTS_BYTES } from '../../core/contracts/stored-commit.ts';
import { legKey } from '../../core/domain/account.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { accountAfter } from '../../core/flows/load-account.ts';
import { prepareAccount } from '../../core/flows/prepare-account.ts';
import { debit, MemoryWallet, openAccount, request, SCOPE, transferId } from '../memory-wallet.ts';

const bank = 'settlement:bank';
const x = transferId(1);
const y = transferId(2);
let wallet: MemoryWallet;

beforeEach(async () => {
  wallet = new MemoryWallet();
  for (const account of [bank, 'alice', 'bob']) await wallet.open(account);
});

test('a claim that cannot be read sets its command aside, and the batch goes on', async () => {
  const claim = wallet.transfers.claim.bind(wallet.transfers);
  wallet.transfers.claim = async (claims) => {
    const results = await claim(claims);
    return results.map((result, i) => (claims[i]?.id.endsWith(x) ? 'damaged' : result));
  };
  await wallet.send(debit(x, bank, 'alice', 1n), debit(y, bank, 'bob', 2n));
  await wallet.settle();
  expect([await wallet.balance('alice'), await wallet.balance('bob')]).toEqual([0n, 2n]);
  expect([...wallet.quarantine.records.values()].map(({ reason }) => reason)).toEqual([
    expect.stringContaining('claim'),
  ]);
});

test('debits of an acknowledged commit reach a saga though the next commit is lost and the log turns out damaged', async () => {
  const processor = wallet.processor();
  await wallet.send(debit(transferId(3), bank, 'alice', 1n));
  await wallet.deliverNew(processor);
  const before = wallet.sagas.started.length;
  const key = accountKey({ scope: SCOPE, account: bank });
  const count = Math.ceil((MAX_EVENTS_BYTES * 1.6) / 200);
  await wallet.send(...Array.from({ length: count }, (_, i) => debit(transferId(100 + i), bank, 'bob', 1n)));
  let commits = 0;
  wallet.log.hooks.beforeWrite = ({ account }) => {
    commits += account === key ? 1 : 0;
    if (commits === 2) throw new LostAnswer();
  };
  const newest = wallet.log.newest.bind(wallet.log);
  wallet.log.newest = async (account) => {
    const commit = await newest(account);
    return commit === undefined || account !== key ? commit : { ...commit, state: '{"status":"odd"}' };
  };
  await wallet.deliverNew(processor);

  const debited = wallet.eventTypes(bank).filter((type) => type === 'Debited').length - 1;
  const inSagas = wallet.sagas.started.slice(before).flatMap(({ items }) => items).length;
  expect(debited).toBeGreaterThan(1_000);
  expect(inSagas).toBe(debited);
  expect(wallet.quarantine.records.size).toBeGreaterThan(0);
});

test('a look-up that would read too much is not done; what needs no look-up is decided all the same', async () => {
  for (let i = 0; i < 5; i += 1) {
    await wallet.send(debit(transferId(10 + i), bank, 'alice', 1n));
    await wallet.deliverNew();
  }
  const account = accountKey({ scope: SCOPE, account: bank });
  const commands = [debit(x, bank, 'alice', 1n, { recheck: true }), debit(y, bank, 'alice', 1n)].map(
    (command, index) => {
      const arrival = wallet.clock.now();
      const record = { partitionKey: '0', sequence: 10n ** 56n, arrival, data: new Uint8Array() };
      const position = { epoch: 1, sequence: record.sequence, index };
      return { command, account, lane: 0, position, arrival, record, origin: arrival };
    },
  );
  const loaded = accountAfter(await wallet.log.newest(account));
  const within = await prepareAccount(wallet.log, account, loaded, commands);
  expect([within.commands.length, within.tooFar.length]).toEqual([2, 0]);
  const beyond = await prepareAccount(wallet.log, account, loaded, commands, 300);
  expect(beyond.commands.map(({ command }) => 'transfer' in command && command.transfer)).toEqual([y]);
  expect(beyond.tooFar.map(({ command }) => 'transfer' in command && command.transfer)).toEqual([x]);
});

/** As no command can: an account with money on it. */
async function closeWithMoney(account: string): Promise<void> {
  const newest = await wallet.log.newest(accountKey({ scope: SCOPE, account }));
  if (newest === undefined) throw new Error(`${account} has no log`);
  const closed = newest.state.replace('"open"', '"closed"');
  wallet.log.insert({ ...newest, version: newest.version + 1, prevHash: newest.hash, events: '[]', state: closed });
}

test('a refund to an account that is closed is counted, and the operators are told whose and of which transfer', async () => {
  await wallet.send(debit(x, bank, 'alice', 7n));
  await wallet.settle();
  await wallet.send(debit(y, 'alice', 'nobody', 3n));
  await wallet.deliverNew();
  await closeWithMoney('alice');
  await wallet.settle();
  expect(wallet.eventTypes('alice')).toContain('Refunded');
  expect(wallet.meter.sum('RefundsToClosed')).toBe(1);
  expect(wallet.journal.warnings).toContainEqual({
    message: 'a refund went to a closed account',
    fields: expect.objectContaining({
      account: accountKey({ scope: SCOPE, account: 'alice' }),
      leg: legKey('refund', y),
    }),
  });
});

test('a command below the position of its account without an outcome is decided, counted, and told with its position', async () => {
  const [earlier] = await wallet.send(debit(x, bank, 'alice', 1n));
  const [later] = await wallet.send(debit(y, bank, 'bob', 2n));
  if (earlier === undefined || later === undefined) throw new Error('nothing was sent');
  await wallet.deliver([later]);
  expect(wallet.journal.warnings).toEqual([]);
  await wallet.deliver([earlier]);
  expect(wallet.eventTypes(bank)).toEqual(['Opened', 'Debited', 'Debited']);
  expect(wallet.meter.sum('OrderBroken')).toBe(1);
  const position = `1/${earlier.sequence}/0`;
  expect(wallet.journal.warnings).toEqual([
    {
      message: 'a command below the position of its account had no outcome',
      fields: { account: accountKey({ scope: SCOPE, account: bank }), leg: legKey('debit', x), position },
    },
  ]);
});

test('an account that was closed, and got a late refund, can be opened again to be emptied', async () => {
  await wallet.send(debit(x, bank, 'alice', 7n));
  await wallet.settle();
  await closeWithMoney('alice');
  await wallet.send(request('UnfreezeAccount', 'alice'), openAccount('alice', { request: 'reopen' }));
  await wallet.send(debit(y, 'alice', bank, 7n));
  await wallet.settle();
  expect(wallet.eventTypes('alice').slice(-3)).toEqual(['RequestRefused', 'Reopened', 'Debited']);
  expect(await wallet.balance('alice')).toBe(0n);
});
