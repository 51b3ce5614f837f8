/**
 * `npm run bench:history -- [TRANSFERS]`: whether a transfer costs more as history grows, and how long a start takes on it. Fills an
 * embedded wallet, tells rate and CPU time of each tenth, then opens it again. 5,000,000 transfers take 7 GB of disk.
 *
 * What other programs do at the same time changes CPU times by half. So a second wallet, new with each tenth, takes its turn after
 * every 10,000 transfers: what one costs more than the other is what history costs.
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
/** Transfers of the wallet with the history, and of the one without, in turns. */
const TURN = 10_000;
const TURN_WITHOUT_HISTORY = 4_000;

const transfers = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-history-'));
const tools = {
  clock: new SystemClock(),
  digest: sha256,
  meter: { count: () => {} },
  journal: { warn: console.error },
};

interface Cost {
  transfers: number;
  seconds: number;
  cpuMicroseconds: number;
}

try {
  const wallet = await opened('old');
  for (let part = 1; part <= PARTS; part += 1) {
    const { old, young } = await fillBoth(wallet, part);
    const rate = Math.round(old.transfers / old.seconds);
    const [each, without] = [old, young].map(({ cpuMicroseconds, transfers: made }) => cpuMicroseconds / made);
    const costs = `${each?.toFixed(1)} us of CPU each, ${without?.toFixed(1)} without the history`;
    console.log(
      `${(transfers * part) / PARTS} transfers: ${rate}/s, ${costs}, ${megabytes(process.memoryUsage.rss())} MB of memory`,
    );
  }
  await wallet.close();
  console.log(`${megabytes(statSync(path.join(folder, 'old', LEDGER_FILE)).size)} MB on disk`);
  const startedAt = performance.now();
  const again = new EmbeddedWallet({ folder: path.join(folder, 'old'), ...tools });
  await again.commands.send([debitOf('uniform')]);
  console.log(`started on it and settled a transfer in ${Math.round(performance.now() - startedAt)} ms`);
  await again.close();
} finally {
  rmSync(folder, { recursive: true });
}

async function opened(name: string): Promise<EmbeddedWallet> {
  const wallet = new EmbeddedWallet({ folder: path.join(folder, name), ...tools });
  await openAccounts(wallet);
  return wallet;
}

/** One tenth, in turns with a wallet that has no history. */
async function fillBoth(wallet: EmbeddedWallet, part: number): Promise<{ readonly old: Cost; readonly young: Cost }> {
  const old: Cost = { transfers: 0, seconds: 0, cpuMicroseconds: 0 };
  const young: Cost = { ...old };
  const other = await opened(`young-${part}`);
  while (old.transfers < transfers / PARTS) {
    await fill(wallet, TURN, old);
    await fill(other, TURN_WITHOUT_HISTORY, young);
  }
  await other.close();
  rmSync(path.join(folder, `young-${part}`), { recursive: true });
  return { old, young };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

async function fill(wallet: EmbeddedWallet, count: number, cost: Cost): Promise<void> {
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
  cost.transfers += count;
  cost.seconds += (performance.now() - startedAt) / 1_000;
  cost.cpuMicroseconds += user + system;
}
