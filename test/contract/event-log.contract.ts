/** What every event log must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_EVENTS_BYTES, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { EventLog } from '../../core/ports.ts';
import { commit, newAccount } from './sample-records.ts';

export function describeEventLog(name: string, makeLog: () => Promise<EventLog>): void {
  describe(`event log: ${name}`, () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await makeLog();
    });

    async function append(account: string, versions: number, more: Partial<StoredCommit> = {}): Promise<void> {
      for (let version = 1; version <= versions; version += 1) await log.append([commit(account, version, more)]);
    }

    it('has nothing of an account before its first commit', async () => {
      const account = newAccount();
      expect(await log.newest(account)).toBeUndefined();
      expect(await log.read(account, 1)).toBeUndefined();
      expect(await Array.fromAsync(log.newestFirst(account))).toEqual([]);
    });

    it('gives back exactly what was appended', async () => {
      const account = newAccount();
      const first = commit(account, 1, { position: undefined });
      const second = commit(account, 2, { events: '[{"text":"\u{1f4b6} \\u0000 \\n"}]' });
      expect(await log.append([first])).toEqual(['appended']);
      expect(await log.append([second])).toEqual(['appended']);
      expect(await log.read(account, 1)).toEqual(first);
      expect(await log.newest(account)).toEqual(second);
      expect(await Array.fromAsync(log.newestFirst(account))).toEqual([second, first]);
    });

    it('says that a version exists, and keeps the first', async () => {
      const account = newAccount();
      await log.append([commit(account, 1)]);
      expect(await log.append([commit(account, 1, { state: '{"other":true}' })])).toEqual(['exists']);
      expect(await log.read(account, 1)).toEqual(commit(account, 1));
    });

    it('takes no account twice in one append, and writes nothing of it', async () => {
      const account = newAccount();
      const other = newAccount();
      await expect(log.append([commit(other, 1), commit(account, 1), commit(account, 2)])).rejects.toThrow(account);
      expect(await log.newest(account)).toBeUndefined();
      expect(await log.newest(other)).toBeUndefined();
    });

    it('appends many accounts at once and answers in their order', async () => {
      const accounts = Array.from({ length: 120 }, newAccount);
      const taken = new Set(accounts.filter((_, i) => i % 7 === 0));
      await log.append([...taken].map((account) => commit(account, 1)));
      const results = await log.append(accounts.map((account) => commit(account, 1, { state: '{"n":2}' })));
      expect(results).toEqual(accounts.map((account) => (taken.has(account) ? 'exists' : 'appended')));
    });

    it('takes nothing for nothing', async () => {
      expect(await log.append([])).toEqual([]);
    });

    it('holds commits of the largest size, several in one append', async () => {
      const accounts = Array.from({ length: 12 }, newAccount);
      const events = `["${'x'.repeat(MAX_EVENTS_BYTES - 4)}"]`;
      expect(new Set(await log.append(accounts.map((account) => commit(account, 1, { events }))))).toEqual(
        new Set(['appended']),
      );
      const [first = ''] = accounts;
      expect((await log.newest(first))?.events).toBe(events);
    });

    it('reads back over more than fits an answer, newest first, and below a version', async () => {
      const account = newAccount();
      await append(account, 9, { events: `["${'x'.repeat(300_000)}"]` });
      const versions = (await Array.fromAsync(log.newestFirst(account))).map(({ version }) => version);
      expect(versions).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      const below = (await Array.fromAsync(log.newestFirst(account, 4))).map(({ version }) => version);
      expect(below).toEqual([3, 2, 1]);
      expect(await Array.fromAsync(log.newestFirst(account, 1))).toEqual([]);
    });

    it('reads back a long log in order, past every page', async () => {
      const account = newAccount();
      await append(account, 70);
      const versions = (await Array.fromAsync(log.newestFirst(account))).map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: 70 }, (_, i) => 70 - i));
      expect((await log.newest(account))?.version).toBe(70);
    });

    it('lets a reader stop early', async () => {
      const account = newAccount();
      await append(account, 10);
      const seen: number[] = [];
      for await (const { version } of log.newestFirst(account)) {
        seen.push(version);
        if (seen.length === 6) break;
      }
      expect(seen).toEqual([10, 9, 8, 7, 6, 5]);
    });

    it('lets exactly one of many writers append a version', async () => {
      const account = newAccount();
      const writers = Array.from({ length: 20 }, (_, n) => commit(account, 1, { state: `{"writer":${n}}` }));
      const results = (await Promise.all(writers.map((written) => log.append([written])))).flat();
      expect(results.filter((result) => result === 'appended')).toHaveLength(1);
      expect(results.filter((result) => result === 'exists')).toHaveLength(19);
      expect(await log.newest(account)).toEqual(writers[results.indexOf('appended')]);
    });
  });
}
