/**
 * DynamoDB Local for tests: AWS's own implementation of DynamoDB's interface, fetched once by Maven into `.wallet`, run in
 * memory on a free port. It refuses what DynamoDB refuses (a key twice in one PartiQL call, for instance), where an emulator of
 * all of AWS may be lenient.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '..');
const pom = path.join(root, 'local', 'dynamodb-local', 'pom.xml');
/** Named after the version, so that another version is fetched anew. */
const jars = path.join(root, '.wallet', 'dynamodb-local-2.6.1');
/** A Java machine starts in two seconds; a busy build machine may take ten times that. */
const START_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 50;

export interface DynamoDbLocal {
  /** Address to give to the SDK; any region and credentials do. */
  readonly endpoint: string;
  stop(): void;
}

/** Starts DynamoDB Local; resolves when it answers. It ends with this process at the latest. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  fetchJars();
  const port = await freePort();
  const args = [`-Djava.library.path=${jars}`, '-Xmx512m', '-cp', path.join(jars, '*')];
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const java = spawn('java', [...args, main, '-inMemory', '-disableTelemetry', '-port', String(port)], {
    stdio: 'ignore',
  });
  const stop = () => {
    process.off('exit', stop);
    java.kill('SIGKILL');
  };
  process.on('exit', stop);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, java);
  return { endpoint, stop };
}

/** Into a folder beside first, so that a fetch which is broken off leaves nothing that looks whole. */
function fetchJars(): void {
  if (existsSync(jars)) return;
  const beside = `${jars}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${beside}`];
  const { status, stdout, stderr } = spawnSync('mvn', ['--quiet', '--batch-mode', '--file', pom, ...goal], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Maven could not fetch DynamoDB Local:\n${stdout}\n${stderr}`);
  if (existsSync(jars)) rmSync(beside, { recursive: true });
  else renameSync(beside, jars);
}

async function untilItAnswers(endpoint: string, java: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local ended with ${java.exitCode}`);
    const answered = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Error(`DynamoDB Local did not answer within ${START_TIMEOUT_MS} ms`);
}
