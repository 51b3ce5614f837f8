/**
 * Days of the embedded wallet, each from a seed: transfers that are settled at once beside everything else, deaths during turns with
 * whatever they leave on disk, restarts, runs and snapshots. The auditor of the simulation, which shares no code with the wallet, finds
 * nothing; what the stages of the cloud make of the same commands is the same; and deliberate bugs are found.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkMutations, tableOf } from '../simulation/mutation-check.ts';
import { EmbeddedDay, type EmbeddedDayResult } from './simulation/embedded-day.ts';
import { embeddedDays, embeddedMutations } from './simulation/mutations.ts';

const SEEDS = 45;
/** Each bug is caught on one of the first days; a day takes about half a second. */
const LONGEST_CHECK_MS = 300_000;

test('whole days pass without a violation, whatever dies', { timeout: LONGEST_CHECK_MS }, async () => {
  const days: EmbeddedDayResult[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) days.push(await new EmbeddedDay(seed).live());
  expect(days.filter(({ violations }) => violations.length > 0)).toEqual([]);
  for (const death of ['before', 'torn', 'untold', 'told'] as const)
    expect(
      days.reduce((sum, { deaths }) => sum + deaths[death], 0),
      death,
    ).toBeGreaterThan(5);
  expect(days.reduce((sum, { transfers }) => sum + transfers, 0)).toBeGreaterThan(SEEDS * 50);
});

test('what a deliberate bug replaces stands in its file exactly once', async () => {
  for (const { name, edits } of embeddedMutations) {
    for (const { file, find } of edits) {
      const text = await readFile(path.join(import.meta.dirname, '../..', file), 'utf8');
      expect(text.split(find), name).toHaveLength(2);
    }
  }
});

test('every deliberate bug is caught within its days', { timeout: LONGEST_CHECK_MS }, async () => {
  const results = await checkMutations(embeddedMutations, () => {}, embeddedDays);
  process.stdout.write(`${tableOf(results)}\n`);
  expect(tableOf(results.filter(({ outcome }) => outcome !== 'caught'))).toBe(tableOf([]));
});
