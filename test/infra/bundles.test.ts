/** What each function loads when it starts cold: bundled with the packages it uses, the SDK's clients counted apart; and that it loads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundle, functionNames } from '../../bench/bundles.ts';
import { loadMs } from '../../bench/lambda.ts';

/** Minified, without the SDK. */
const MAX_OWN_BYTES = 400 * 1_024;

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(functionNames())('the bundle of %s stays within its budget, and loads', async (name) => {
  const { file, ownBytes, sdkBytes } = await bundle(name, folder);
  expect(ownBytes).toBeGreaterThan(0);
  expect(sdkBytes).toBeGreaterThan(0);
  expect(ownBytes).toBeLessThanOrEqual(MAX_OWN_BYTES);
  expect(loadMs(file)).toBeGreaterThan(0);
});
