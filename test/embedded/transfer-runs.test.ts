/**
 * Older transfers are found at their places, also after the runs were read again; and hardly any new one is taken for one that may be
 * known, for that costs a read of the disk, with every run there is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HashKey, hashOf } from '../../adapters/embedded/id-hash.ts';
import { PlaceTable } from '../../adapters/embedded/place-table.ts';
import { RUN_TRANSFERS, TransferRuns } from '../../adapters/embedded/transfer-runs.ts';
import { transferId } from '../memory-wallet.ts';

const KEY: HashKey = [0x01234567, -0x12345678];
const RUNS = 2;
const TRANSFERS = RUNS * RUN_TRANSFERS;
const STRANGERS = 100_000;
/** Every so many of the transfers that are there is looked up. */
const EVERY = 997;

let folder: string;
let runs: TransferRuns;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-runs-'));
  runs = new TransferRuns(folder, 0);
  for (let run = 0; run < RUNS; run += 1) {
    const places = new PlaceTable();
    for (let n = 1; n <= RUN_TRANSFERS; n += 1) {
      const transfer = run * RUN_TRANSFERS + n;
      places.add(hashOf(transferId(transfer), KEY), placeOf(transfer));
    }
    runs.write(places);
  }
});
afterAll(() => {
  runs.close();
  rmSync(folder, { recursive: true });
});

function placeOf(transfer: number): number {
  return transfer * 1_000;
}

function expectAllFound(these: TransferRuns): void {
  for (let transfer = 1; transfer <= TRANSFERS; transfer += EVERY) {
    const hash = hashOf(transferId(transfer), KEY);
    expect(these.mayHold(hash)).toBe(true);
    expect([...these.placesOf(hash)]).toContain(placeOf(transfer));
  }
}

test('what is there is found at its place, also when the runs are read again', () => {
  expectAllFound(runs);
  const again = new TransferRuns(folder, RUNS);
  expectAllFound(again);
  again.close();
});

test('of what is new, less than one in 10,000 for each run has to be looked for on the disk', () => {
  let through = 0;
  for (let n = 1; n <= STRANGERS; n += 1) if (runs.mayHold(hashOf(transferId(TRANSFERS + n), KEY))) through += 1;
  expect(through).toBeLessThan((STRANGERS * RUNS) / 10_000);
});
