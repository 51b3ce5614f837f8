/**
 * `npm run test:localstack -- WHERE [FILTER ...]`: the end-to-end tests on LocalStack. WHERE is the address of one that runs, or a folder whose
 * `start.sh DIR PORT` installs LocalStack into DIR and runs it; that one is ended with the tests.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Installing it takes minutes the first time. */
const START_TIMEOUT_MS = 900_000;
const LOOK_AGAIN_MS = 500;

const [, , given, ...filters] = process.argv;
process.exitCode = await main(given);

async function main(where: string | undefined): Promise<number> {
  if (where?.startsWith('http') === true) return runTests(where);
  const script = path.resolve(where ?? '', 'start.sh');
  if (where === undefined || !existsSync(script)) {
    console.error('usage: npm run test:localstack -- ENDPOINT | FOLDER [FILTER ...] (a folder with a start.sh)');
    return 2;
  }
  const port = await freePort();
  const localstack = start(script, port);
  try {
    await untilReady(`http://127.0.0.1:${port}`, localstack);
    return await runTests(`http://127.0.0.1:${port}`);
  } finally {
    localstack.kill('SIGTERM');
    await Promise.race([once(localstack, 'exit'), pause(10_000)]);
  }
}

function start(script: string, port: number): ChildProcess {
  const folder = path.join(root, '.wallet', 'localstack');
  mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(folder, 'localstack.log'), 'w');
  const child = spawn(script, [folder, String(port)], {
    env: { ...process.env, NODE: process.execPath, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` },
    stdio: ['ignore', log, log],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function untilReady(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const ready = await fetch(`${endpoint}/_localstack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(LOOK_AGAIN_MS);
  }
  throw new Error(`LocalStack did not answer at ${endpoint}`);
}

async function runTests(endpoint: string): Promise<number> {
  const child = spawn(path.join(root, 'node_modules', '.bin', 'vitest'), ['run', '--project', 'e2e', ...filters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint, WALLET_CLOUD: 'localstack' },
  });
  const [status] = await once(child, 'exit');
  return typeof status === 'number' ? status : 1;
}
