/**
 * `npm run bench:verify [-- TRANSFERS]`: how fast `wallet audit verify` checks an embedded wallet's whole file: every commit read,
 * hashed, decided and folded again. Fills a wallet, then audits it in one thread and in as many as there are cores.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { SystemClock } from '../adapters/node/system-clock.ts';
import { verifyFolder } from '../cli/verify/verify-folder.ts';
import { verifyFolderPart } from '../cli/verify/verify-part.ts';
import type { Verified } from '../core/flows/verify-ledger.ts';
import { debitOf, openAccounts } from './in-process.ts';

const BATCH = 500;
const REPETITIONS = 3;

const transfers = Number(process.argv[2] ?? 300_000);
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-verify-'));
try {
  await fill();
  const threads = availableParallelism();
  await measure('1 thread', async () => verifyFolderPart({ folder, part: 0, parts: 1 }));
  const all = { folder, parts: threads, threads, skip: new Set<number>(), onProgress: () => {}, onPart: () => {} };
  await measure(`${threads} threads`, () => verifyFolder(all));
} finally {
  rmSync(folder, { recursive: true });
}

async function fill(): Promise<void> {
  const meter = { count: () => {} };
  const wallet = new EmbeddedWallet({
    folder,
    clock: new SystemClock(),
    digest: sha256,
    meter,
    journal: { warn: console.error },
  });
  await openAccounts(wallet);
  for (let sent = 0; sent < transfers; sent += BATCH)
    await wallet.commands.send(Array.from({ length: BATCH }, () => debitOf('uniform')));
  await wallet.close();
}

async function measure(how: string, verify: () => Promise<Verified>): Promise<void> {
  for (let run = 1; run <= REPETITIONS; run += 1) {
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const { commits, findings } = await verify();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (findings.length > 0) throw new Error(`the audit found ${findings[0]?.kind} in a sound wallet`);
    const cpu = ((user + system) / commits).toFixed(2);
    console.log(`${how}: ${commits} commits, ${Math.round(commits / seconds)} a second, ${cpu} us of CPU a commit`);
  }
}
