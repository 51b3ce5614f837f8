/** Files that are made whole: one of many makers wins, a later text takes the place of an earlier one, and no drafts are left. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSynced, isCode, replaceSynced } from '../../adapters/embedded/synced-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('of many who create a file one does, and its text stays', async () => {
  const file = path.join(folder, 'a', 'b', 'text');
  const texts = Array.from({ length: 20 }, (_, n) => `text ${n}`);
  const created = await Promise.all(texts.map((text) => createSynced(file, text)));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(file, 'utf8')).toBe(texts[created.indexOf(true)]);
  expect(readdirSync(path.dirname(file))).toEqual(['text']);
});

test('a file is replaced by a later text, by bytes too', async () => {
  const file = path.join(folder, 'text');
  await replaceSynced(file, 'first');
  await replaceSynced(file, new TextEncoder().encode('second'));
  expect(readFileSync(file, 'utf8')).toBe('second');
  expect(readdirSync(folder)).toEqual(['text']);
});

test('a name that is taken by a folder is an error of the replacing, and no trouble of the creating', async () => {
  const file = path.join(folder, 'a');
  await createSynced(path.join(file, 'b'), 'inner');
  expect(await createSynced(file, 'text')).toBe(false);
  const error: unknown = await replaceSynced(file, 'text').catch((cause: unknown) => cause);
  expect(isCode(error, 'EISDIR')).toBe(true);
  expect(isCode(error, 'ENOENT')).toBe(false);
});
