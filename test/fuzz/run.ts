/** `npm run fuzz -- [--requests N] [--seed N]`: fuzzes an embedded wallet that it starts, and says what was found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { startFuzzTarget } from './fuzz-target.ts';

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const requests = Number(values.requests ?? 100_000);
const seed = Number(values.seed ?? Date.now());
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-fuzz-'));
const target = await startFuzzTarget(folder);
const startedAt = Date.now();
const report = await fuzz({ ...target, requests, seed });
await target.assertSound();
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
process.stdout.write(`${report.cases} cases with seed ${seed} in ${seconds} s: ${JSON.stringify(report.answers)}\n`);
for (const fault of report.faults) process.stdout.write(`\n${fault}\n`);
process.stdout.write(report.faults.length === 0 ? 'no fault; the books balance, and money moves\n' : '');
await target.close();
rmSync(folder, { recursive: true });
process.exit(report.faults.length === 0 ? 0 : 1);
