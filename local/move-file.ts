/** `npm run move -- API_URL [FILE]`: the main job against a wallet that is up already. Moving a file again moves nothing. */
import path from 'node:path';
import { samplePath } from './bank/make-sample.ts';
import { BankFileError } from './bank/movements.ts';
import { runMainJob } from './bank/run-main-job.ts';
import { operatorsToken } from './issuer.ts';

const [apiUrl, file, ...more] = process.argv.slice(2);
if (apiUrl === undefined || more.length > 0) {
  console.error('usage: npm run move -- API_URL [FILE]');
  process.exit(2);
}
try {
  const { exitCode } = await runMainJob({
    apiUrl,
    token: await operatorsToken(),
    file: file === undefined ? samplePath : path.resolve(file),
    out: process.stdout,
  });
  process.exit(exitCode);
} catch (error) {
  console.error(error instanceof BankFileError ? error.message : error);
  process.exit(1);
}
