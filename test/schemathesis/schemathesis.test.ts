/**
 * Schemathesis, a tool that knows the API by its document only, makes up thousands of valid and invalid requests to an embedded
 * wallet: no answer is a failure, each is as documented, and what the document forbids is refused.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { operatorsToken } from '../../local/issuer.ts';
import { runSchemathesis } from '../../local/schemathesis/run-schemathesis.ts';

/** Requests that it must have made up at least. */
const LEAST_CASES = 2_000;

test('the running API is what its document says', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-checked-'));
  const server = await startEmbeddedServer({ folder });
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const settings = { url: server.url, token: await operatorsToken(), cases: 30, seed: 1 };
  const { exitCode, output, generated } = await runSchemathesis(settings);
  expect(exitCode, output).toBe(0);
  expect(generated).toBeGreaterThanOrEqual(LEAST_CASES);
});
