/**
 * `npm run fuzz -- [--requests N] [--seed N] [--api URL]`: fuzzes an embedded wallet that it starts, or the one at an address (token from
 * WALLET_TOKEN, or of the local issuer), and says what was found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { operatorsToken } from '../../local/issuer.ts';
import { fuzz } from './fuzz.ts';
import { fuzzTargetAt, startFuzzTarget } from './fuzz-target.ts';

const options = { requests: { type: 'string' }, seed: { type: 'string' }, api: { type: 'string' } } as const;
const { values } = parseArgs({ options });
const seed = Number(values.seed ?? Date.now());
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-fuzz-'));
const target = await (values.api === undefined
  ? startFuzzTarget(folder)
  : fuzzTargetAt(values.api, process.env['WALLET_TOKEN'] ?? (await operatorsToken())));
/** Few at a time where a gateway stands in between: emulators start a process or two for each request. */
const pace =
  target.through === 'gateway'
    ? { requests: Number(values.requests ?? 500), parallel: 4 }
    : { requests: Number(values.requests ?? 100_000), parallel: 16 };
const startedAt = Date.now();
const before = memoryMb();
const report = await fuzz({ ...target, ...pace, seed });
await target.assertSound();
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
process.stdout.write(`${report.cases} cases with seed ${seed} in ${seconds} s: ${JSON.stringify(report.answers)}\n`);
if (target.through === 'nothing') process.stdout.write(`memory in use: ${before} MB before, ${memoryMb()} MB after\n`);
for (const fault of report.faults) process.stdout.write(`\n${fault}\n`);
process.stdout.write(report.faults.length === 0 ? 'no fault; the books balance, and money moves\n' : '');
await target.close();
rmSync(folder, { recursive: true });
process.exit(report.faults.length === 0 ? 0 : 1);

/** Of the wallet and the fuzzer together, which share a process; of garbage too unless Node runs with --expose-gc. */
function memoryMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}
