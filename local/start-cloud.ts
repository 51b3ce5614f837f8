/**
 * `npm run start:cloud [-- FILE]`: the main job on a local cloud, from nothing. Starts the emulator, deploys the CDK app to it, moves the
 * file's money through the deployed HTTPS API, says whether every balance is right, and keeps the API up until Ctrl-C.
 * Where the environment names an endpoint (AWS_ENDPOINT_URL), the app is deployed there and nothing is started.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { samplePath } from './bank/make-sample.ts';
import { BankFileError } from './bank/movements.ts';
import { runMainJob } from './bank/run-main-job.ts';
import { deploy } from './deploy.ts';
import { startEmulator } from './emulator.ts';
import { operatorsToken } from './issuer.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [given, ...more] = args;
  const file = given === undefined ? samplePath : path.resolve(given);
  if (more.length > 0 || !existsSync(file)) {
    console.error(more.length > 0 ? 'usage: npm run start:cloud [-- FILE]' : `there is no file ${file}`);
    return 2;
  }
  console.log('Starting the local cloud ...');
  const emulator = await startEmulator();
  const stopped = untilStopped();
  try {
    console.log('Deploying the wallet to it ...');
    const { apiUrl } = await deploy({ endpoint: emulator.endpoint });
    const job = runMainJob({ apiUrl, token: await operatorsToken(), file, out: process.stdout });
    const result = await Promise.race([job, stopped]);
    if (result === 'stopped') return 130;
    console.log(
      `\nThe API stays up at ${apiUrl} until Ctrl-C. Moving the file again, from another terminal, moves nothing:`,
    );
    console.log(`  npm run move -- ${apiUrl} ${path.relative(process.cwd(), file)}`);
    if (process.env['CI'] !== 'true') await stopped;
    return result.exitCode;
  } catch (error) {
    console.error(error instanceof BankFileError ? error.message : error);
    return 1;
  } finally {
    await emulator.stop();
    // A request that is still under way must not keep a stopped wallet alive.
    setImmediate(() => process.exit());
  }
}

function untilStopped(): Promise<'stopped'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  });
}
