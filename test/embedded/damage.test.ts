/**
 * What the embedded wallet makes of a file that is not as it was written: a torn end that nobody was told of is cut off; anything
 * else keeps it from starting, with a message that says where. Also: restarts with snapshots and without.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { UnusableData } from '../../adapters/embedded/failures.ts';
import { LEDGER_FILE } from '../../adapters/embedded/frame-file.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { violations } from '../invariants.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';

let folder: string;
let ledger: string;
let journal: SilentJournal;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-damage-'));
  ledger = path.join(folder, LEDGER_FILE);
  journal = new SilentJournal();
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(snapshotEvery?: number): EmbeddedWallet {
  const tools = { clock: new SystemClock(), digest: sha256, meter: new CountingMeter(), journal };
  return new EmbeddedWallet({ folder, ...tools, ...(snapshotEvery === undefined ? {} : { snapshotEvery }) });
}

/** A wallet with transfers 1 to `transfers`, each in a turn and frame of its own, closed again. */
async function filled(transfers: number, snapshotEvery?: number): Promise<void> {
  const wallet = open(snapshotEvery);
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  for (let n = 1; n <= transfers; n += 1) {
    await wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 1n)]);
  }
  await wallet.close();
}

async function completedOnDisk(): Promise<number> {
  const wallet = open();
  const records = [...wallet.store.transfers()];
  const faults = violations([...wallet.store.commits()], records);
  await wallet.close();
  expect(faults).toEqual([]);
  return records.filter(({ subject, status }) => subject.type === 'transfer' && status === 'completed').length;
}

test('bytes behind the last frame that are no frame are cut off', async () => {
  await filled(3);
  const whole = readFileSync(ledger).length;
  appendFileSync(ledger, readFileSync(ledger).subarray(0, 50));
  expect(await completedOnDisk()).toBe(3);
  expect(readFileSync(ledger)).toHaveLength(whole);
});

test('an acknowledged frame that is cut short keeps the wallet from starting, and nothing is changed', async () => {
  await filled(3);
  truncateSync(ledger, readFileSync(ledger).length - 1);
  const before = readFileSync(ledger);
  expect(() => open()).toThrow(UnusableData);
  expect(() => open()).toThrow('it was acknowledged');
  expect(readFileSync(ledger)).toEqual(before);
});

test.each([0.1, 0.5, 0.99])('a bit that turned at %d of the file keeps the wallet from starting', async (part) => {
  await filled(5);
  const bytes = readFileSync(ledger);
  const at = Math.floor(bytes.length * part);
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  writeFileSync(ledger, bytes);
  expect(() => open()).toThrow(UnusableData);
});

test('damage in the middle is found without the note of what was acknowledged, by the frames that follow', async () => {
  await filled(5);
  rmSync(path.join(folder, 'acknowledged'));
  const bytes = readFileSync(ledger);
  bytes[200] = (bytes[200] ?? 0) ^ 4;
  writeFileSync(ledger, bytes);
  expect(() => open()).toThrow('others follow it');
});

test('a last frame that was not acknowledged and is torn is cut off, and its transfer can be sent again', async () => {
  await filled(3);
  rmSync(path.join(folder, 'acknowledged'));
  truncateSync(ledger, readFileSync(ledger).length - 1);
  expect(await completedOnDisk()).toBe(2);
  const wallet = open();
  await wallet.commands.send([debit(transferId(3), 'settlement:bank', 'alice', 1n)]);
  await wallet.close();
  expect(await completedOnDisk()).toBe(3);
});

test('a second process, or a second wallet, on the same folder is refused', async () => {
  const wallet = open();
  expect(() => open()).toThrow('is in use');
  await wallet.close();
  expect(await completedOnDisk()).toBe(0);
});

test('old transfers are found in their runs, after restarts with a snapshot, with a damaged one, and with none', async () => {
  await filled(40, 7);
  expect(readdirSync(folder).filter((name) => name.endsWith('.run')).length).toBeGreaterThan(3);
  for (const harm of [() => {}, () => appendFileSync(path.join(folder, 'snapshot.json'), ' '), removeSnapshot]) {
    harm();
    const wallet = open(7);
    const ids = Array.from({ length: 40 }, (_, n) => `default#${transferId(n + 1)}`);
    expect((await wallet.transfers.get([...ids, 'default#unknown'], { consistent: true })).size).toBe(40);
    await wallet.commands.send([debit(transferId(1), 'settlement:bank', 'alice', 1n)]);
    expect((await wallet.log.newest('default#alice'))?.version).toBe(41);
    expect((await wallet.log.read('default#alice', 17))?.version).toBe(17);
    await wallet.close();
  }
  expect(await completedOnDisk()).toBe(40);
});

test('a snapshot that is rejected is gone before runs are made anew, so whoever could read it does not take them for its own', async () => {
  await filled(40, 7);
  const snapshot = path.join(folder, 'snapshot.json');
  appendFileSync(snapshot, ' ');
  await open(7).close();
  if (existsSync(snapshot)) truncateSync(snapshot, readFileSync(snapshot).length - 1);
  const wallet = open(7);
  for (let n = 1; n <= 40; n += 1) await wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 1n)]);
  expect((await wallet.log.newest('default#alice'))?.version).toBe(41);
  await wallet.close();
  expect(await completedOnDisk()).toBe(40);
});

test.each(['snapshot.json', 'transfers-000000.run'])(
  'a wallet goes on while %s cannot be written, and says so',
  async (name) => {
    // Nothing can be written where a folder stands.
    mkdirSync(path.join(folder, `${name}.new`));
    const wallet = open(16);
    await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
    const pay = (n: number) => wallet.commands.send([debit(transferId(n), 'settlement:bank', 'alice', 1n)]);
    for (let n = 1; n <= 16; n += 1) await pay(n);
    await expect.poll(() => journal.warnings.length).toBeGreaterThan(0);
    rmdirSync(path.join(folder, `${name}.new`));
    for (let n = 17; n <= 40; n += 1) await pay(n);
    await wallet.close();
    expect(existsSync(path.join(folder, name))).toBe(true);
    expect(await completedOnDisk()).toBe(40);
  },
);

function removeSnapshot(): void {
  rmSync(path.join(folder, 'snapshot.json'), { force: true });
}

test('a transfer whose record came again, as one that stayed open for a while has two, is one after a restart without a snapshot', async () => {
  await filled(3);
  const before = open();
  const [record] = [...before.store.transfers()].filter(({ subject }) => subject.type === 'transfer');
  if (record === undefined) throw new Error('three transfers were made, and none is known');
  before.store.putTransfer(record);
  await before.store.durable(before.store.seal());
  await before.close();
  const after = open();
  const known = [...after.store.transfers()].filter(({ id }) => id === record.id);
  await after.close();
  expect(known).toEqual([record]);
});
