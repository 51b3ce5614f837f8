/** The embedded wallet, or what is measured in its place, as a process of its own, with its CPU time told from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { operatorsToken } from '../local/issuer.ts';

/** As `npm start` starts it. */
const NODE_ARGUMENTS = ['--max-semi-space-size=128'];
/** Clock ticks per second of /proc, on every Linux that there is. */
const TICKS_PER_SECOND = 100;

export class WalletProcess {
  readonly url: URL;
  /** Of an operator. */
  readonly token: string;
  private readonly child: ChildProcess;
  private readonly folder: string;

  private constructor(child: ChildProcess, url: URL, token: string, folder: string) {
    this.token = token;
    this.child = child;
    this.url = url;
    this.folder = folder;
  }

  /** @param folder data folder of a wallet that may be there already */
  static async start(folder: string): Promise<WalletProcess> {
    return WalletProcess.of(['local/start.ts', '--serve', '--data', folder], folder);
  }

  /**
   * Starts a program of this repository that tells its address in its first line.
   *
   * @param folder where it keeps a file like the wallet's
   */
  static async of([program = '', ...args]: readonly string[], folder: string): Promise<WalletProcess> {
    const file = path.resolve(import.meta.dirname, '..', program);
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(child.stdout), 'line');
    const address = /http:\/\/\S+:[0-9]+/.exec(String(line))?.[0];
    if (address === undefined) throw new Error(`the wallet said "${line}", expected its address`);
    return new WalletProcess(child, new URL(address), await operatorsToken(), folder);
  }

  /** CPU time so far, in seconds; of all threads. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  diskBytes(): number {
    return statSync(path.join(this.folder, 'ledger.wal')).size;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    await once(this.child, 'exit');
  }
}
