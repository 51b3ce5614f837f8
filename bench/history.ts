/**
 * `npm run bench:history -- [TRANSFERS]`: whether a transfer costs more as history grows, and how long a start takes on it. Fills an
 * embedded wallet, tells rate and CPU time of each tenth, then opens it again. CPU time says more than the rate where other programs
 * run too. 5,000,000 transfers take 7 GB of disk.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
import { LEDGER_FILE } from '../adapters/embedded/frame-file.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { SystemClock } from '../adapters/node/system-clock.ts';
import { debitOf, openAccounts } from './in-process.ts';

const BATCH = 500;
const AT_ONCE = 8;
const PARTS = 10;

const transfers = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-history-'));
const tools = {
  clock: new SystemClock(),
  digest: sha256,
  meter: { count: () => {} },
  journal: { warn: console.error },
};

try {
  const wallet = new EmbeddedWallet({ folder, ...tools });
  await openAccounts(wallet);
  for (let part = 1; part <= PARTS; part += 1) {
    const { perSecond, cpuMicroseconds } = await fill(wallet, transfers / PARTS);
    const cost = `${Math.round(perSecond)}/s, ${cpuMicroseconds.toFixed(1)} us of CPU each`;
    console.log(
      `${(transfers * part) / PARTS} transfers: ${cost}, ${megabytes(process.memoryUsage.rss())} MB of memory`,
    );
  }
  await wallet.close();
  console.log(`${megabytes(statSync(path.join(folder, LEDGER_FILE)).size)} MB on disk`);
  const startedAt = performance.now();
  const again = new EmbeddedWallet({ folder, ...tools });
  await again.commands.send([debitOf('uniform')]);
  console.log(`started on it and settled a transfer in ${Math.round(performance.now() - startedAt)} ms`);
  await again.close();
} finally {
  rmSync(folder, { recursive: true });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

async function fill(
  wallet: EmbeddedWallet,
  count: number,
): Promise<{ readonly perSecond: number; readonly cpuMicroseconds: number }> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let left = Math.ceil(count / BATCH);
  const sender = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await wallet.commands.send(Array.from({ length: BATCH }, () => debitOf('uniform')));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: count / ((performance.now() - startedAt) / 1_000),
    cpuMicroseconds: (user + system) / count,
  };
}
