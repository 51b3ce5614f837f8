/**
 * `npm run reconcile:demo [-- [--seed N] [--breaks N] [FILE]]`: reconciliation to look at. A wallet lives through the bank file, the bank's
 * camt.053 of the same days has wrongs planted in it, and `wallet reconcile` is run on the two. Says whether what was found is
 * what was planted, and leaves the wallet, the statement and the report in a folder to try the other commands on.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runWallet } from '../../cli/wallet.ts';
import { readBankFile } from './bank-file.ts';
import { liveThrough } from './dated-wallet.ts';
import { makeCamt, type PlantedBreak } from './make-camt.ts';
import { samplePath } from './make-sample.ts';

const FOLDER = path.join('.wallet', 'reconcile-demo');

const reportsSchema = z.object({
  reports: z.array(z.object({ breaks: z.array(z.object({ account_id: z.string(), cause: z.string() })) })),
});

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, breaks: { type: 'string', default: '20' } },
  });
  const statement = path.join(FOLDER, 'statement.xml');
  const data = path.join(FOLDER, 'data');
  const planted = await prepare(positionals[0] ?? samplePath, statement, data, values);
  const written: string[] = [];
  const out = { write: (text: string) => void written.push(text) };
  const args = ['reconcile', statement, '--data', data];
  await runWallet([...args, '--json'], out);
  const { reports } = reportsSchema.parse(JSON.parse(written.join('')));
  const found = reports.flatMap(({ breaks }) => breaks.map(({ account_id, cause }) => `${account_id} ${cause}`));
  await runWallet([...args, '--html', path.join(FOLDER, 'report.html')]);
  const isRight =
    found.sort().join() ===
    planted
      .map(({ account, cause }) => `${account} ${cause}`)
      .sort()
      .join();
  console.log(`\n${planted.length} wrongs planted, ${found.length} found: ${isRight ? 'the same' : 'NOT THE SAME'}.`);
  console.log(
    `The report is ${FOLDER}/report.html. Try next:\n  npm run wallet -- reconcile show BREAK --data ${data}`,
  );
  return isRight ? 0 : 1;
}

async function prepare(
  file: string,
  statement: string,
  data: string,
  { seed, breaks }: { readonly seed: string; readonly breaks: string },
): Promise<readonly PlantedBreak[]> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const plan = await readBankFile(file);
  const { xml, planted } = makeCamt(plan, { seed: Number(seed), breaks: Number(breaks) });
  await writeFile(statement, xml);
  const wallet = await liveThrough(plan, data);
  await wallet.close();
  return planted;
}
