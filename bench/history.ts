/**
 * `node bench/history.ts [TRANSFERS]`: whether a transfer costs more as history grows, and how long a start takes on it. Fills an
 * embedded wallet, tells the rate of each tenth, then opens it again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
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
    const perSecond = await fill(wallet, transfers / PARTS);
    console.log(`${(transfers * part) / PARTS} transfers: ${Math.round(perSecond)}/s`);
  }
  await wallet.close();
  const startedAt = performance.now();
  const again = new EmbeddedWallet({ folder, ...tools });
  await again.commands.send([debitOf('uniform')]);
  console.log(`started on it and settled a transfer in ${Math.round(performance.now() - startedAt)} ms`);
  await again.close();
} finally {
  rmSync(folder, { recursive: true });
}

async function fill(wallet: EmbeddedWallet, count: number): Promise<number> {
  const startedAt = performance.now();
  let left = Math.ceil(count / BATCH);
  const sender = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await wallet.commands.send(Array.from({ length: BATCH }, () => debitOf('uniform')));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return count / ((performance.now() - startedAt) / 1_000);
}
