/**
 * Shows that histories which earlier versions recorded are read by this one: every hash, decision and state is what it was, by the
 * schemas and by the fast reader. The files under `test/fixtures/stored` were written by the versions that they are named after, and
 * are never written again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sha256 } from '../../adapters/node/sha256.ts';
import { readEvents } from '../../core/contracts/read-events.ts';
import { decodeEvents, decodePosition, decodeState, type StoredCommit } from '../../core/contracts/stored-commit.ts';
import { LogAudit } from '../../core/flows/audit-log.ts';

const folder = path.resolve(import.meta.dirname, '..', 'fixtures', 'stored');
/** By version of the stored commit, then by version of the wallet. */
const files = ['v1', 'v2'].flatMap((v) => readdirSync(path.join(folder, v)).map((file) => path.join(v, file)));
const recorded = z.array(
  z.strictObject({
    v: z.int(),
    account: z.string(),
    version: z.int(),
    at: z.int(),
    position: z.string(),
    highArrival: z.int(),
    prevHash: z.string(),
    hash: z.string(),
    state: z.string(),
    events: z.string(),
  }),
);

function commitsOf(file: string): readonly StoredCommit[] {
  const commits = recorded.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
  return commits.map((commit) => ({ ...commit, position: decodePosition(commit.position) }));
}

const everyKind = [
  'Opened',
  'Frozen',
  'Unfrozen',
  'CloseStarted',
  'Reopened',
  'Closed',
  'RequestConfirmed',
  'RequestRefused',
];
const everyLeg = ['Debited', 'DebitRejected', 'Credited', 'CreditRefused', 'Refunded'];

describe.each(files)('what %s recorded', (file) => {
  const commits = commitsOf(file);

  test('holds every kind of event, and is read alike by both readers', () => {
    const kinds = new Set(commits.flatMap(({ events }) => decodeEvents(events)).map(({ type }) => type));
    expect([...kinds]).toEqual(expect.arrayContaining([...everyKind, ...everyLeg]));
    for (const { events } of commits) expect(readEvents(events)).toEqual(decodeEvents(events));
  });

  test('is decided and folded again to the same, and hashed to the same', () => {
    const audits = new Map<string, LogAudit>();
    for (const commit of commits) {
      const audit = audits.get(commit.account) ?? new LogAudit(commit.account, { digest: sha256 });
      audits.set(commit.account, audit);
      expect(audit.take(commit), `${commit.account}@${commit.version}`).toEqual([]);
    }
    const newest = [...new Map(commits.map((commit) => [commit.account, commit])).values()];
    expect(newest.reduce((sum, { state }) => sum + decodeState(state).balance, 0n)).toBe(0n);
  });
});
