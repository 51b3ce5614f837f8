/** The size of what each function loads when it starts cold: bundled with the packages it uses, the SDK's clients counted apart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundle, functionNames } from '../../bench/bundles.ts';

/** Minified, without the SDK. */
const MAX_OWN_BYTES = 400 * 1_024;

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(functionNames())('the bundle of %s stays within its budget', async (name) => {
  const { ownBytes, sdkBytes } = await bundle(name, folder);
  expect(ownBytes).toBeGreaterThan(0);
  expect(sdkBytes).toBeGreaterThan(0);
  expect(ownBytes).toBeLessThanOrEqual(MAX_OWN_BYTES);
});
