/**
 * Requests that nobody should send, as raw bytes to the deployed stack: whatever the gateway lets through, no answer is a failure, each
 * of the wallet's is as documented and tells nothing of the inside, and afterwards the books balance and money moves.
 */
import { expect, inject, test } from 'vitest';
import { operatorsToken } from '../../local/issuer.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { fuzzTargetAt } from '../fuzz/fuzz-target.ts';

const REQUESTS = 500;
/** Emulators start a process or two for each request. */
const PARALLEL = 4;

test(`${REQUESTS} requests that nobody should send`, async () => {
  const target = await fuzzTargetAt(inject('stack').apiUrl, await operatorsToken());
  const report = await fuzz({ ...target, requests: REQUESTS, parallel: PARALLEL, seed: 1 });
  expect(report.faults).toEqual([]);
  expect(report.cases).toBe(REQUESTS);
  for (const status of [200, 400, 404, 409, 415]) expect(report.answers[status], String(status)).toBeGreaterThan(0);
  await target.assertSound();
});
