/**
 * Requests that nobody should send, over raw sockets to an embedded wallet: none is answered with a failure of the wallet, or with
 * something that the API's document does not know. Afterwards the books balance and money still moves. `npm run fuzz` sends more.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { startFuzzTarget } from './fuzz-target.ts';

/** As many as fit a test run; the figure of a hundred thousand is in the docs. */
const REQUESTS = 5_000;

test(`${REQUESTS} requests that nobody should send`, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-fuzz-'));
  const target = await startFuzzTarget(folder);
  onTestFinished(async () => {
    await target.close();
    rmSync(folder, { recursive: true });
  });
  const report = await fuzz({ ...target, requests: REQUESTS, seed: 1 });
  expect(report.faults).toEqual([]);
  expect(report.cases).toBe(REQUESTS);
  // It must have got through to the wallet, and have been refused for many reasons.
  for (const status of [200, 400, 404, 405, 409, 415, 422])
    expect(report.answers[status], String(status)).toBeGreaterThan(0);
  await target.assertSound();
});
