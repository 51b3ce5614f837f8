/**
 * The local cloud: MiniStack, a pinned emulator of AWS in one process, from a Python environment of its own under `.wallet`.
 * It listens on a free port of 127.0.0.1, keeps its state in a temporary folder, and never outlives whoever started it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { pythonEnvironment } from './python-environment.ts';

const root = path.resolve(import.meta.dirname, '..');
const requirements = path.join(root, 'local', 'requirements.txt');
const launcher = path.join(root, 'local', 'run_ministack.py');

/** It takes two seconds; a busy machine may take much longer. */
const START_TIMEOUT_MS = 120_000;
const LOOK_AGAIN_MS = 50;
/** An emulator that does not end when asked is ended. */
const STOP_TIMEOUT_MS = 5_000;
/** What is shown of the log when the emulator does not start. */
const LOG_TAIL_CHARACTERS = 4_000;

export interface Emulator {
  /** Address to give to SDKs and to the CDK as AWS_ENDPOINT_URL; by IP, so that SDKs address buckets by path. */
  readonly endpoint: string;
  /** The emulator's log; undefined where an emulator was already there. */
  readonly logFile: string | undefined;
  /** Ends what was started; does nothing where nothing was. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** Functions get the rights of their roles only, as on AWS, instead of all. */
  readonly enforceRoles?: boolean;
}

/** Starts the emulator and resolves when it answers. If AWS_ENDPOINT_URL names one that runs already, starts nothing. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const given = process.env['AWS_ENDPOINT_URL'];
  if (given !== undefined && given !== '') return { endpoint: given, logFile: undefined, stop: async () => undefined };
  const python = path.join(pythonEnvironment('emulator', requirements), 'python');
  const port = await freePort();
  // Not inside the checkout: its package.json would turn the emulator's scripts for Node into modules.
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-cloud-'));
  const logFile = path.join(folder, 'emulator.log');
  const child = launch({ python, port, folder, logFile, enforceRoles: options.enforceRoles ?? true });
  const end = (): void => {
    endGroup(child, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await endGently(child);
    process.off('exit', end);
    end();
  };
  try {
    await untilItAnswers(endpoint, child, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, logFile, stop };
}

interface Launch {
  readonly python: string;
  readonly port: number;
  readonly folder: string;
  readonly logFile: string;
  readonly enforceRoles: boolean;
}

function launch({ python, port, folder, logFile, enforceRoles }: Launch): ChildProcess {
  const log = openSync(logFile, 'a');
  // Functions inherit this environment, so nothing of the caller's AWS settings may be in it.
  const env = {
    PATH: [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: process.env['HOME'] ?? folder,
    TMPDIR: folder,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    LOG_LEVEL: 'INFO',
    AUTH: String(enforceRoles),
    PYTHONUNBUFFERED: '1',
  };
  // Its own group, so that the functions' processes end with it; its standard input tells it when this process is gone.
  const child = spawn(python, [launcher, folder], { cwd: folder, env, detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  return child;
}

async function untilItAnswers(endpoint: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const ready = await fetch(`${endpoint}/_ministack/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await pause(LOOK_AGAIN_MS);
  }
  const log = readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS);
  throw new Error(`the emulator did not answer at ${endpoint} within ${START_TIMEOUT_MS} ms:\n${log}`);
}

async function endGently(child: ChildProcess): Promise<void> {
  endGroup(child, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) await pause(LOOK_AGAIN_MS);
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
