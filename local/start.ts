/**
 * `npm start [-- [--data DIR] [--seals DIR] [--port N] [--serve] [FILE]]`: the main job on the embedded wallet, in one process with its state on local
 * disk. Moves the file's money through the HTTP API, says whether every balance is right, and keeps the API up until Ctrl-C. The
 * state stays: the same command goes on where it ended, also after a crash.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UnusableData } from '../adapters/embedded/failures.ts';
import { samplePath } from './bank/make-sample.ts';
import { BankFileError } from './bank/movements.ts';
import { runMainJob } from './bank/run-main-job.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { operatorsToken } from './issuer.ts';

const USAGE = 'usage: npm start [-- [--data DIR] [--seals DIR] [--port N] [--serve] [FILE]]';
/** Where the state is kept unless told otherwise. */
const DATA_FOLDER = 'data';
const EXIT_AFTER_SIGNAL = 130;

interface Options {
  readonly folder: string;
  /** Undefined: beside the data. */
  readonly sealsFolder: string | undefined;
  readonly port: number;
  /** Undefined: serve, and move nothing. */
  readonly file: string | undefined;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  try {
    return await run(options);
  } catch (error) {
    const isExplained = error instanceof BankFileError || error instanceof UnusableData;
    console.error(isExplained ? error.message : error);
    return 1;
  }
}

async function run({ folder, sealsFolder, port, file }: Options): Promise<number> {
  const server = await startEmbeddedServer({ folder, sealsFolder, port, onSealed });
  const stopped = untilStopped();
  try {
    console.log(`The wallet is up at ${server.url}, its state in ${folder}`);
    if (file === undefined) {
      await stopped;
      return 0;
    }
    const job = runMainJob({ apiUrl: server.url, token: await operatorsToken(), file, out: process.stdout });
    const result = await Promise.race([job, stopped]);
    if (result === 'stopped') return EXIT_AFTER_SIGNAL;
    console.log(`\nThe API stays up at ${server.url} until Ctrl-C.`);
    if (process.env['CI'] !== 'true') await stopped;
    return result.exitCode;
  } finally {
    await server.close();
    // A request of the main job that is still under way must not keep a stopped wallet alive.
    setImmediate(() => process.exit());
  }
}

/** Whoever checks a proof needs the root from somewhere that nobody with the folder can change. */
function onSealed(day: string, root: string): void {
  console.log(`Day ${day} is closed and sealed; note its root elsewhere: ${root}`);
}

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        seals: { type: 'string' },
        port: { type: 'string' },
        serve: { type: 'boolean' },
      },
    });
    const [given, ...more] = positionals;
    const port = Number(values.port ?? 0);
    if (more.length > 0 || !Number.isInteger(port) || port < 0 || port > 65_535) return USAGE;
    const file = given === undefined ? samplePath : path.resolve(given);
    if (!existsSync(file)) return `there is no file ${file}`;
    const folder = path.resolve(values.data ?? DATA_FOLDER);
    const sealsFolder = values.seals === undefined ? undefined : path.resolve(values.seals);
    return { folder, sealsFolder, port, file: values.serve === true ? undefined : file };
  } catch {
    return USAGE;
  }
}

function untilStopped(): Promise<'stopped'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  });
}
