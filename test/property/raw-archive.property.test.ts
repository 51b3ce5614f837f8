/**
 * Shows what the raw texts of the archive are good for and what not: whatever batches the ledger's stream makes of its commits,
 * repeated, in other orders, with other borders, and dying between any two texts, each commit that was acknowledged is there, under
 * the name of its content and the day of its time; the same commits make the same text once. With other borders a commit may stand
 * in two raw texts, which is seen by its line being the same. Closed days do not read them: there each commit stands once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderArchive } from '../../adapters/embedded/folder-archive.ts';
import { MemoryArchive } from '../../adapters/memory/memory-archive.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { decodeCommits, encodeCommitLine, nameOf } from '../../core/contracts/archive.ts';
import { DAY_MS, dayOf } from '../../core/contracts/day.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { archiveCommits } from '../../core/flows/archive-commits.ts';
import { CLOSE_MARGIN_MS } from '../../core/flows/close-day.ts';
import type { Archive, ArchivedText } from '../../core/ports.ts';
import { ArchivingWallet } from '../archiving-wallet.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';

const root = mkdtempSync(path.join(tmpdir(), 'wallet-raw-'));
let wallet: ArchivingWallet;
/** What was committed on two days. */
let commits: readonly StoredCommit[];
beforeAll(async () => {
  wallet = await busyWallet();
  commits = wallet.shadow.commits();
});
afterAll(() => rmSync(root, { recursive: true }));

async function busyWallet(): Promise<ArchivingWallet> {
  const made = new ArchivingWallet();
  await made.send(openAccount('settlement:bank'), openAccount('alice'), openAccount('bob'));
  await made.settle();
  for (let n = 1; n <= 8; n += 1) {
    await made.send(debit(transferId(n), 'settlement:bank', n % 2 === 0 ? 'alice' : 'bob', 5n));
    await made.settle();
    made.clock.advance(DAY_MS / 5);
  }
  return made;
}

let folders = 0;
function folderArchive(): Archive {
  folders += 1;
  return new FolderArchive(path.join(root, String(folders)));
}

/** Where they are, how one is made, and how many histories it is tried with: a folder syncs every text. */
const archives: readonly (readonly [string, () => Archive, number])[] = [
  ['memory', () => new MemoryArchive(), 200],
  ['a folder', folderArchive, 12],
];

/** An archive of which a process dies when it has put so many texts. */
function dyingAfter(archive: Archive, puts: number): Archive {
  let left = puts;
  const put = async (texts: readonly ArchivedText[]): Promise<void> => {
    for (const text of texts) {
      if (left === 0) throw new Error('died');
      left -= 1;
      await archive.put([text]);
    }
  };
  return { put, get: (name) => archive.get(name), list: (prefix) => archive.list(prefix), remove: async () => {} };
}

/** One try of a batch: some of the commits in some order, and after how many texts it dies. */
const tries = fc.array(
  fc.record({
    order: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
    dies: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

type Try = typeof tries extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

/** Archives one batch; gives back the lines that were acknowledged by that, all or none. */
async function archivedBy(archive: Archive, { order, dies }: Try): Promise<readonly string[]> {
  const batch = order.flatMap((n) => commits[n % commits.length] ?? []);
  const target = dies === undefined ? archive : dyingAfter(archive, dies);
  return archiveCommits({ archive: target, digest: sha256 }, batch).then(
    () => batch.map(encodeCommitLine),
    () => [],
  );
}

/** Every raw text, by name. */
async function rawTexts(archive: Archive): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const name of archive.list('raw/')) texts.set(name, (await archive.get(name)) ?? '');
  return texts;
}

/** Under the name of its content; each of its commits once, whole, and of its day. */
function expectSound(name: string, text: string): void {
  const [, day = ''] = name.split('/');
  expect(name).toBe(nameOf('raw', day, sha256(text)));
  const held = decodeCommits(text);
  expect(new Set(held.map(encodeCommitLine)).size).toBe(held.length);
  for (const commit of held) {
    expect(dayOf(commit.at)).toBe(day);
    expect(commits).toContainEqual(commit);
  }
}

describe.each(archives)('raw texts in an archive in %s', (_, makeArchive, numRuns) => {
  test('hold whatever was acknowledged, whatever came how often', async () => {
    const property = fc.asyncProperty(tries, async (list) => {
      const archive = makeArchive();
      const acknowledged = new Set<string>();
      for (const one of list) for (const line of await archivedBy(archive, one)) acknowledged.add(line);
      const texts = await rawTexts(archive);
      for (const [name, text] of texts) expectSound(name, text);
      const lines = new Set([...texts.values()].flatMap((text) => decodeCommits(text)).map(encodeCommitLine));
      for (const line of acknowledged) expect(lines).toContain(line);
    });
    await fc.assert(property, { numRuns });
  });

  test('are the same for the same commits, in any order and repeated, and a try that died is finished by the next', async () => {
    const archive = makeArchive();
    await expect(archiveCommits({ archive: dyingAfter(archive, 1), digest: sha256 }, commits)).rejects.toThrow('died');
    const first = await rawTexts(archive);
    expect(first.size).toBe(1);
    for (const again of [commits, commits.toReversed(), [...commits, ...commits]])
      await archiveCommits({ archive, digest: sha256 }, again);
    const texts = await rawTexts(archive);
    expect(texts.size).toBe(new Set(commits.map(({ at }) => dayOf(at))).size);
    for (const [name, text] of first) expect(texts.get(name)).toBe(text);
    const held = [...texts.values()].flatMap((text) => decodeCommits(text));
    expect(held.map(encodeCommitLine).sort()).toEqual(commits.map(encodeCommitLine).sort());
  });
});

test('a closed day holds every commit once, the same whatever raw texts there are', async () => {
  const quiet = await busyWallet();
  const noisy = await busyWallet();
  const all = noisy.shadow.commits();
  for (let border = 1; border < all.length; border += 1) {
    await noisy.archiveRaw(all.slice(0, border));
    await noisy.archiveRaw(all.slice(border - 1));
  }
  const closedTexts = async (closing: ArchivingWallet): Promise<ReadonlyMap<string, string>> => {
    closing.clock.advance(2 * DAY_MS + CLOSE_MARGIN_MS);
    await closing.closeAll();
    return new Map([...closing.archive.texts].filter(([name]) => !name.startsWith('raw/')));
  };
  const texts = await closedTexts(noisy);
  expect(texts).toEqual(await closedTexts(quiet));
  const held = [...texts].flatMap(([name, text]) => (name.startsWith('log/') ? decodeCommits(text) : []));
  expect(held.map(encodeCommitLine).sort()).toEqual(all.map(encodeCommitLine).sort());
  const raw = [...(await rawTexts(noisy.archive)).values()].flatMap((text) => decodeCommits(text));
  expect(raw.length).toBeGreaterThan(all.length);
});
