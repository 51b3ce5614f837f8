/**
 * `npm run schemathesis -- [API_URL] [--cases N] [--seed N]`: holds a running API to its document; without an address, that of an embedded wallet which it
 * starts. The token is taken from WALLET_TOKEN, or made by the local issuer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedServer } from './embedded-server.ts';
import { operatorsToken } from './issuer.ts';
import { runSchemathesis } from './schemathesis/run-schemathesis.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: 'string' }, seed: { type: 'string' } },
});
const [given] = positionals;
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-checked-'));
const server = given === undefined ? await startEmbeddedServer({ folder }) : undefined;
const url = (server?.url ?? given ?? '').replace(/\/+$/, '');
const token = process.env['WALLET_TOKEN'] ?? (await operatorsToken());
const settings = {
  url,
  token,
  // Emulators answer some tens of requests a second.
  cases: Number(values.cases ?? (given === undefined ? 30 : 10)),
  seed: Number(values.seed ?? Date.now() % 1_000_000),
  isBehindGateway: given !== undefined,
};
const { exitCode, output } = await runSchemathesis(settings);
console.log(output);
await server?.close();
rmSync(folder, { recursive: true });
process.exit(exitCode);
