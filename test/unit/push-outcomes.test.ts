/**
 * Who waits for a transfer over a WebSocket is told how it ended: in every order in which the waiting and the end can meet, after
 * failures, and not if it is none of his business. A transfer that nobody waits for leads to one look and nothing else, and whatever
 * fails here, statuses are stored.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import type { Caller } from '../../core/contracts/caller.ts';
import { metrics } from '../../core/contracts/env.ts';
import { type Connection, LONGEST_CONNECTION_MS, type ServerMessage } from '../../core/contracts/outcome-socket.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { project } from '../../core/flows/project.ts';
import { GIVE_UP_AFTER_MS, NotAllTold, passOnEnded, pushOutcomes } from '../../core/flows/push-outcomes.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { connect, subscribe } from '../../core/flows/subscribe.ts';
import type { SocketChannel } from '../../core/ports.ts';
import { debit, MemoryWallet, request, SCOPE, transferId } from '../memory-wallet.ts';

const messageSchema = z.looseObject({ transaction_id: z.string() });

/** Clients that can be gone, or not be reached. */
class Channel implements SocketChannel {
  readonly told: [connection: string, transfer: string][] = [];
  readonly closed: string[] = [];
  readonly gone = new Set<string>();
  readonly unreachable = new Set<string>();
  readonly full = new Set<string>();

  async send(connection: string, message: string): Promise<'sent' | 'gone' | 'full'> {
    if (this.gone.has(connection)) return 'gone';
    if (this.full.has(connection)) return 'full';
    if (this.unreachable.has(connection)) throw new Error('throttled');
    this.told.push([connection, messageSchema.parse(JSON.parse(message)).transaction_id]);
    return 'sent';
  }

  async close(connection: string): Promise<void> {
    this.closed.push(connection);
    if (this.unreachable.has(connection)) throw new Error('throttled');
  }
}

const callerOf = (subject: string, scope = SCOPE): Caller => ({
  scope,
  subject,
  permissions: new Set(['wallet:read']),
});
const operator: Caller = { scope: SCOPE, subject: 'operator', permissions: new Set(['wallet:operate']) };
const claim = (n: number) => transferClaimId(SCOPE, transferId(n));

let wallet: MemoryWallet;
let subscriptions: ProcessSubscriptions;
let channel: Channel;
let queue: string[];

beforeEach(async () => {
  wallet = new MemoryWallet();
  subscriptions = new ProcessSubscriptions();
  channel = new Channel();
  queue = [];
  for (const account of ['settlement:bank', 'alice', 'bob']) await wallet.open(account, { owner: account });
});

function ports() {
  const holders = new AccountHolders(wallet.log);
  const { transfers, meter, journal } = wallet;
  // Time passes where a test says so; a sleep of the wallet's own clock would be over at once.
  const clock = { now: () => wallet.clock.now(), sleep: () => new Promise<void>(() => {}) };
  const pushes = { send: async (ids: readonly string[]) => void queue.push(...ids) };
  return { subscriptions, transfers, clock, meter, journal, holders, channel, pushes };
}

let made = 0;
async function connected(caller: Caller, forMs = 3_600_000): Promise<Connection> {
  made += 1;
  const connecting = await connect(ports(), `connection-${made}`, { caller, expiresAt: wallet.clock.now() + forMs });
  if (!connecting.ok) throw new Error(connecting.problem.detail);
  return connecting.connection;
}

/** Alice pays Bob, up to where all that is left is to project it. */
async function paid(n: number): Promise<void> {
  await wallet.send(debit(transferId(n), 'settlement:bank', 'alice', 5n));
  await wallet.deliverNew();
  for (const chunk of wallet.sagas.started) await wallet.step(chunk);
  await wallet.deliverNew();
}

const projected = () => project({ ...wallet, onEnded: (ids) => passOnEnded(ports(), ids) }, wallet.log.commits());

async function pushed(): Promise<void> {
  for (const id of queue.splice(0)) await pushOutcomes(ports(), [id]);
}

describe('the end and the waiting', () => {
  /** Lets marked calls go on in a given order only. */
  class Turns {
    private readonly order: string[];
    private waiting = new Map<string, () => void>();

    constructor(order: readonly string[]) {
      this.order = [...order];
    }

    async take<Value>(name: string, act: () => Promise<Value>): Promise<Value> {
      if (this.order[0] !== name) await new Promise<void>((resolve) => this.waiting.set(name, resolve));
      const value = await act();
      this.order.shift();
      this.waiting.get(this.order[0] ?? '')?.();
      return value;
    }
  }

  const orders = [
    ['note', 'read', 'raise', 'look'],
    ['note', 'raise', 'read', 'look'],
    ['note', 'raise', 'look', 'read'],
    ['raise', 'note', 'read', 'look'],
    ['raise', 'note', 'look', 'read'],
    ['raise', 'look', 'note', 'read'],
  ];

  test.each(orders)('meet: %s, %s, %s, %s', async (...order) => {
    const alice = await connected(callerOf('alice'));
    await paid(1);
    const turns = new Turns(order);
    const subscriber = {
      ...ports(),
      subscriptions: Object.assign(Object.create(subscriptions), {
        subscribe: (...args: Parameters<ProcessSubscriptions['subscribe']>) =>
          turns.take('note', () => subscriptions.subscribe(...args)),
      }),
      transfers: {
        get: (...args: Parameters<typeof wallet.transfers.get>) =>
          turns.take('read', () => wallet.transfers.get(...args)),
      },
    };
    const projector = project(
      {
        ...wallet,
        transfers: Object.assign(Object.create(wallet.transfers), {
          raise: (...args: Parameters<typeof wallet.transfers.raise>) =>
            turns.take('raise', () => wallet.transfers.raise(...args)),
        }),
        onEnded: (ids) => turns.take('look', () => passOnEnded(ports(), ids)),
      },
      wallet.log.commits(),
    );
    const [answer] = await Promise.all([subscribe(subscriber, alice, [transferId(1)]), projector]);
    await pushed();
    const atOnce = answer.type === 'subscribed' ? answer.outcomes.map(({ transaction_id }) => transaction_id) : [];
    expect([...atOnce, ...channel.told.map(([, transfer]) => transfer)]).toContain(transferId(1));
    expect(subscriptions.isWaitedFor(claim(1))).toBe(false);
  });
});

describe('what is projected', () => {
  test('is passed on only if it is over and somebody waits for it', async () => {
    const alice = await connected(callerOf('alice'));
    await subscribe(ports(), alice, [transferId(1), transferId(2)]);
    await wallet.send(request('FreezeAccount', 'bob'));
    await wallet.send(debit(transferId(2), 'settlement:bank', 'bob', 5n));
    await wallet.deliverNew();
    await paid(3);
    await projected();
    expect(wallet.record(transferId(2))?.status).toBe('refused');
    expect(wallet.record(transferId(3))?.status).toBe('completed');
    expect(queue).toEqual([]);
    await paid(1);
    // The refund of the second goes on beside it.
    await projected();
    expect(wallet.record(transferId(2))?.status).toBe('reversed');
    expect(queue.toSorted()).toEqual([claim(1), claim(2)]);
  });

  test.each(['waiting', 'send'])('is stored though %s fails, and that is counted', async (fault) => {
    const alice = await connected(callerOf('alice'));
    await subscribe(ports(), alice, [transferId(1)]);
    await paid(1);
    const fails = async () => {
      throw new Error('no table, no queue');
    };
    const broken = {
      ...ports(),
      ...(fault === 'send' ? { pushes: { send: fails } } : { subscriptions: { waiting: fails } }),
    };
    await project({ ...wallet, onEnded: (ids) => passOnEnded(broken, ids) }, wallet.log.commits());
    expect(wallet.record(transferId(1))?.status).toBe('completed');
    expect(wallet.meter.sum(metrics.pushesLost)).toBe(1);
  });

  test('does not wait for a table that takes for ever: the rest is counted', async () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => claim(n));
    const slow = {
      waiting: async (some: readonly string[]) => {
        wallet.clock.advance(GIVE_UP_AFTER_MS);
        return new Map(some.slice(0, 1).map((id) => [id, ['somebody']]));
      },
    };
    await passOnEnded({ ...ports(), subscriptions: slow }, ids);
    expect(queue).toEqual([claim(0)]);
    expect(wallet.meter.sum(metrics.pushesLost)).toBe(1_200);
  });

  test('does not wait for a queue that does not answer: what is under way is counted, also if it fails later', async () => {
    const alice = await connected(callerOf('alice'));
    await subscribe(ports(), alice, [transferId(1)]);
    let fail: (error: Error) => void = () => {};
    const sending = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const silent = { send: () => sending };
    const clock = { ...ports().clock, sleep: async () => {} };
    await passOnEnded({ ...ports(), pushes: silent, clock }, [claim(1), claim(2)]);
    fail(new Error('the queue refused it after a minute'));
    expect(wallet.meter.sum(metrics.pushesLost)).toBe(2);
  });

  test('is looked up in one request for all transfers of a batch', async () => {
    let looks = 0;
    const counting = {
      waiting: async () => {
        looks += 1;
        return new Map();
      },
    };
    for (let n = 1; n <= 20; n += 1) await paid(n);
    const onEnded = (ids: readonly string[]) => passOnEnded({ ...ports(), subscriptions: counting }, ids);
    await project({ ...wallet, onEnded }, wallet.log.commits());
    expect([looks, queue.length]).toEqual([1, 0]);
  });
});

describe('who waits', () => {
  test('is told once, however often the message comes, if all goes well', async () => {
    const alice = await connected(callerOf('alice'));
    await subscribe(ports(), alice, [transferId(1)]);
    await paid(1);
    await projected();
    for (let i = 0; i < 3; i += 1) await pushOutcomes(ports(), [claim(1)]);
    expect(channel.told).toEqual([[alice.id, transferId(1)]]);
    expect(wallet.meter.sum(metrics.outcomesPushed)).toBe(1);
  });

  test('is told of a transfer that is not over yet nothing, and of its end later', async () => {
    const alice = await connected(callerOf('alice'));
    await subscribe(ports(), alice, [transferId(1)]);
    await paid(1);
    await pushOutcomes(ports(), [claim(1)]);
    expect(channel.told).toEqual([]);
    await projected();
    await pushed();
    expect(channel.told).toHaveLength(1);
  });

  test('is told though another cannot be reached; that one is told when the message comes again', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => connected(operator)));
    for (const one of [first, second, third]) if (one) await subscribe(ports(), one, [transferId(1)]);
    await paid(1);
    await projected();
    channel.unreachable.add(first?.id ?? '');
    await expect(pushOutcomes(ports(), [claim(1)])).rejects.toThrow(NotAllTold);
    expect(channel.told.map(([to]) => to).sort()).toEqual([second?.id, third?.id].sort());
    channel.unreachable.clear();
    await pushOutcomes(ports(), [claim(1)]);
    expect(channel.told.filter(([to]) => to === first?.id)).toHaveLength(1);
    expect(channel.told).toHaveLength(3);
  });

  test('is forgotten with all that he waits for when he is gone, or his time is over', async () => {
    const gone = await connected(callerOf('alice'));
    const late = await connected(callerOf('alice'), 1_000);
    for (const one of [gone, late]) await subscribe(ports(), one, [transferId(1), transferId(2)]);
    channel.gone.add(gone.id);
    await paid(1);
    await projected();
    wallet.clock.advance(1_000);
    await pushed();
    expect(channel.told).toEqual([]);
    expect(channel.closed).toEqual([late.id]);
    expect(await subscriptions.connections([gone.id, late.id])).toEqual([]);
    expect(subscriptions.isWaitedFor(claim(2))).toBe(false);
  });

  test.each(['closed', 'not to be reached'])(
    'and does not read is disconnected, counted and forgotten: %s',
    async (fate) => {
      const [slow, other] = await Promise.all([connected(operator), connected(operator)]);
      for (const one of [slow, other]) await subscribe(ports(), one, [transferId(1), transferId(2)]);
      channel.full.add(slow.id);
      if (fate !== 'closed') channel.unreachable.add(slow.id);
      await paid(1);
      await projected();
      await pushed();
      expect(channel.told).toEqual([[other.id, transferId(1)]]);
      expect(channel.closed).toEqual([slow.id]);
      expect(wallet.meter.sum(metrics.clientsDropped)).toBe(1);
      expect(await subscriptions.connections([slow.id])).toEqual([]);
      expect(await subscriptions.waiting([claim(2)])).toEqual(new Map([[claim(2), [other.id]]]));
    },
  );

  test('who may not see a transfer is told nothing, at no time, and waits for it no longer', async () => {
    const mallory = await connected(callerOf('mallory'));
    const before = await subscribe(ports(), mallory, [transferId(1)]);
    await paid(1);
    await projected();
    await pushed();
    const after = await subscribe(ports(), mallory, [transferId(1)]);
    const none = await subscribe(ports(), mallory, [transferId(9)]);
    const unknown = (n: number): ServerMessage => ({ type: 'subscribed', outcomes: [], waiting: [transferId(n)] });
    expect([before, after, none]).toEqual([unknown(1), unknown(1), unknown(9)]);
    expect(channel.told).toEqual([]);
    expect(subscriptions.isWaitedFor(claim(1))).toBe(false);
  });

  test('of another tenant has another transfer of that id', async () => {
    const stranger = await connected(callerOf('alice', 'elsewhere'));
    await subscribe(ports(), stranger, [transferId(1)]);
    await paid(1);
    await projected();
    expect(queue).toEqual([]);
  });
});

describe('a connection', () => {
  test('lasts as long as the token, and two hours at most', async () => {
    const { until: short } = await connected(callerOf('alice'), 60_000);
    const { until: long } = await connected(callerOf('alice'), 24 * 3_600_000);
    expect(short - wallet.clock.now()).toBe(60_000);
    expect(long - wallet.clock.now()).toBe(LONGEST_CONNECTION_MS);
  });

  test('is none with a token that has ended, or without the scope', async () => {
    const at = (caller: Caller, expiresAt: number) => connect(ports(), 'one', { caller, expiresAt });
    const now = wallet.clock.now();
    expect(await at(callerOf('alice'), now)).toMatchObject({ ok: false, problem: { status: 401 } });
    const poor = { ...callerOf('alice'), permissions: new Set(['wallet:transfer'] as const) };
    expect(await at(poor, now + 1_000)).toMatchObject({ ok: false, problem: { status: 403 } });
  });
});
