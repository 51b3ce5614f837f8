/**
 * The main job on the shipped sample, over the deployed stack: every movement settles, every balance is the file's sum, the trial
 * balance is zero, and running it again moves nothing.
 */
import { PassThrough } from 'node:stream';
import { expect, inject, test } from 'vitest';
import { samplePath } from '../../local/bank/make-sample.ts';
import { runMainJob } from '../../local/bank/run-main-job.ts';
import { operatorsToken } from '../../local/issuer.ts';

/** Takes what the job tells, and lets it go. */
const silent = new PassThrough().resume();

test('the sample settles, and a second run moves nothing', async () => {
  const { apiUrl } = inject('stack');
  const token = await operatorsToken();
  const first = await runMainJob({ apiUrl, token, file: samplePath, out: silent });
  expect(first).toMatchObject({ ok: true, exitCode: 0, differences: [] });
  const second = await runMainJob({ apiUrl, token, file: samplePath, out: silent });
  expect(second).toMatchObject({ ok: true, exitCode: 0, differences: [], changedAccounts: 0 });
}, 900_000);
