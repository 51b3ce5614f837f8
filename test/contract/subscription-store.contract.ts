/** What every store of connections and of what they wait for keeps to. */
import { describe, expect, it } from 'vitest';
import { type Connection, LONGEST_CONNECTION_MS } from '../../core/contracts/outcome-socket.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import type { SubscriptionStore } from '../../core/ports.ts';
import { newTransferId, T0 } from './sample-records.ts';

let made = 0;
function connection(more: { readonly subject?: string; readonly until?: number } = {}): Connection {
  made += 1;
  const { subject = `customer ${made}`, until = T0 + LONGEST_CONNECTION_MS } = more;
  const caller = { scope: 'default', subject, permissions: new Set(['wallet:read'] as const) };
  // As API Gateway makes them.
  return { id: `c${made}-Ab_c=`, caller, until };
}

const MOST = 10;
const transfers = (count: number): readonly string[] =>
  Array.from({ length: count }, () => transferClaimId('default', newTransferId()));

export function describeSubscriptionStore(name: string, open: () => Promise<SubscriptionStore>): void {
  describe(`subscription store: ${name}`, () => {
    it('keeps a connection as it is, until it is taken away', async () => {
      const store = await open();
      const one = connection();
      expect(await store.connect(one, MOST, T0)).toBe(true);
      expect(await store.connections([one.id, 'nobody'])).toEqual([one]);
      for (let i = 0; i < 2; i += 1) await store.disconnect(one.id);
      expect(await store.connections([one.id])).toEqual([]);
    });

    it('has so many places for a caller, and others for another', async () => {
      const store = await open();
      const [first, second, third] = [1, 2, 3].map(() => connection({ subject: `crowd of ${name}` }));
      if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
      for (const one of [first, second]) expect(await store.connect(one, 2, T0)).toBe(true);
      expect(await store.connect(third, 2, T0)).toBe(false);
      expect(await store.connections([third.id])).toEqual([]);
      expect(await store.connect(connection(), 2, T0)).toBe(true);
      await store.disconnect(first.id);
      expect(await store.connect(third, 2, T0)).toBe(true);
    });

    it('gives the place of a connection that has ended to another, though nobody said that it ended', async () => {
      const store = await open();
      const subject = `silent of ${name}`;
      expect(await store.connect(connection({ subject, until: T0 + 1_000 }), 1, T0)).toBe(true);
      expect(await store.connect(connection({ subject }), 1, T0 + 999)).toBe(false);
      expect(await store.connect(connection({ subject }), 1, T0 + 1_000)).toBe(true);
      expect(await store.connect(connection({ subject }), 1, T0 + 1_000)).toBe(false);
    });

    it('tells who waits for which transfer', async () => {
      const store = await open();
      const [one, other] = [connection(), connection()];
      for (const each of [one, other]) await store.connect(each, MOST, T0);
      const [first = '', second = '', third = ''] = transfers(3);
      for (let i = 0; i < 2; i += 1) expect(await store.subscribe(one, [first, second], MOST)).toBe(true);
      expect(await store.subscribe(other, [second], MOST)).toBe(true);
      const waiting = await store.waiting([first, second, third]);
      expect([...waiting.keys()].sort()).toEqual([first, second].sort());
      expect(waiting.get(first)).toEqual([one.id]);
      expect([...(waiting.get(second) ?? [])].sort()).toEqual([one.id, other.id].sort());
    });

    it('lets a connection wait for no more than so many at a time', async () => {
      const store = await open();
      const one = connection();
      await store.connect(one, MOST, T0);
      const ids = transfers(4);
      expect(await store.subscribe(one, ids.slice(0, 3), 3)).toBe(true);
      expect(await store.subscribe(one, ids.slice(3), 3)).toBe(false);
      expect(await store.subscribe(one, ids, 3)).toBe(false);
      expect([...(await store.waiting(ids)).keys()]).toHaveLength(3);
      await store.release(one.id, ids.slice(0, 1));
      expect(await store.subscribe(one, ids.slice(3), 3)).toBe(true);
    });

    it('counts a transfer once, however often a connection asks for it', async () => {
      const store = await open();
      const one = connection();
      await store.connect(one, MOST, T0);
      const ids = transfers(4);
      for (let i = 0; i < 2; i += 1) expect(await store.subscribe(one, ids.slice(0, 3), 3)).toBe(true);
      expect(await store.subscribe(one, ids.slice(1, 4), 3)).toBe(false);
      expect(await store.subscribe(one, ids.slice(1, 4), 4)).toBe(true);
      expect([...(await store.waiting(ids)).values()]).toEqual(ids.map(() => [one.id]));
    });

    it('forgets a transfer for the connection that was told, and for no other', async () => {
      const store = await open();
      const [one, other] = [connection(), connection()];
      const [id = ''] = transfers(1);
      for (const each of [one, other]) {
        await store.connect(each, MOST, T0);
        await store.subscribe(each, [id], MOST);
      }
      for (let i = 0; i < 2; i += 1) await store.release(one.id, [id]);
      expect(await store.waiting([id])).toEqual(new Map([[id, [other.id]]]));
      await store.release(other.id, [id]);
      expect(await store.waiting([id])).toEqual(new Map());
    });

    it('forgets all that a connection waited for when it goes, and lets nobody wait who is not there', async () => {
      const store = await open();
      const one = connection();
      const ids = transfers(5);
      expect(await store.subscribe(one, ids, MOST)).toBe(false);
      await store.connect(one, MOST, T0);
      await store.subscribe(one, ids, MOST);
      await store.disconnect(one.id);
      expect(await store.waiting(ids)).toEqual(new Map());
      expect(await store.subscribe(one, ids, MOST)).toBe(false);
      await store.release(one.id, ids);
      expect(await store.waiting(ids)).toEqual(new Map());
      expect(await store.connections([one.id])).toEqual([]);
    });

    it('looks through many transfers at once', async () => {
      const store = await open();
      const one = connection();
      await store.connect(one, MOST, T0);
      const ids = transfers(250);
      await store.subscribe(one, ids.slice(120, 125), MOST);
      expect(new Set((await store.waiting([...ids, ...ids])).keys())).toEqual(new Set(ids.slice(120, 125)));
      expect(await store.waiting([])).toEqual(new Map());
    });

    it('loses nobody of many who begin to wait for one transfer together', async () => {
      const store = await open();
      const [id = ''] = transfers(1);
      const many = Array.from({ length: 12 }, () => connection());
      await Promise.all(many.map((one) => store.connect(one, MOST, T0)));
      await Promise.all(many.map((one) => store.subscribe(one, [id], MOST)));
      const waiters = (await store.waiting([id])).get(id) ?? [];
      expect([...waiters].sort()).toEqual(many.map(({ id: own }) => own).sort());
    });
  });
}
