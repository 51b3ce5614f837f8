/**
 * Shows that reconciliation knows transfers by what their clients call them: the bank booked them under the reference of their metadata
 * or their description, several in one booking, and one of them is in the wallet twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { runWallet } from '../../cli/wallet.ts';
import type { Note } from '../../core/contracts/note.ts';
import { keepNotes } from '../../core/flows/transfer-notes.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';
import { silentWallet } from './silent-wallet.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-references-'));
const statement = path.join(folder, 'statement.csv');
const data = path.join(folder, 'data');
const noted: readonly (readonly [bigint, Note])[] = [
  [5_000n, { metadata: { reference: 'INV-1' }, description: 'rent' }],
  [5_000n, { metadata: { reference: 'INV-1' } }],
  [7_000n, { description: 'Invoice 2' }],
  [1_000n, { metadata: { reference: 'BATCH 9' } }],
  [2_500n, { metadata: { reference: 'BATCH 9' } }],
];
const booked = `booking_date,amount,currency,reference
2026-03-05,50.00,USD,INV 1
2026-03-09,70.00,USD,INVOICE2
2026-03-05,35.00,USD,batch9
`;

beforeAll(async () => {
  const clock = new ManualClock(Date.UTC(2026, 2, 5, 12));
  const wallet = silentWallet(data, clock);
  await wallet.commands.send([openAccount('settlement:bank'), openAccount('alice')]);
  const asked = noted.map(([amount, note], i) => ({
    debit: debit(transferId(i + 1), 'settlement:bank', 'alice', amount),
    note,
  }));
  await wallet.commands.send(await keepNotes(wallet, asked));
  await wallet.close();
  await writeFile(statement, booked);
});
afterAll(() => rmSync(folder, { recursive: true }));

const reportSchema = z.object({
  matched: z.record(z.string(), z.number()),
  breaks: z.array(z.object({ cause: z.string(), entries: z.array(z.object({ transaction_id: z.string() })) })),
});

test('bookings under the clients’ references are found, and what is in the wallet twice is told', async () => {
  const written: string[] = [];
  const args = ['reconcile', statement, '--account', 'settlement:bank', '--data', data, '--json'];
  expect(await runWallet(args, { write: (text) => void written.push(text) })).toBe(1);
  const [report] = z.object({ reports: z.array(reportSchema) }).parse(JSON.parse(written.join(''))).reports;
  expect(report?.matched).toMatchObject({ reference: 1, one_to_many: 1, amount_and_day: 0 });
  expect(
    report?.breaks.map(({ cause, entries }) => [cause, ...entries.map((entry) => entry.transaction_id)]).sort(),
  ).toEqual([
    ['days_apart', transferId(3)],
    ['recorded_twice', transferId(2)],
  ]);
});
