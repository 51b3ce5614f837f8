/** Python environments of the tools that the tests run, under `.wallet`, made once for each set of pinned packages. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/**
 * The folder of an environment's programs, `python` among them. A change of the requirements makes it anew.
 *
 * @param requirements file of pinned packages, with all that they need
 */
export function pythonEnvironment(name: string, requirements: string): string {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const environment = path.join(root, '.wallet', `${name}-${wanted}`);
  const programs = path.join(environment, 'bin');
  const done = path.join(environment, 'installed');
  if (existsSync(done)) return programs;
  mkdirSync(path.dirname(environment), { recursive: true });
  rmSync(environment, { recursive: true, force: true });
  run('python3', ['-m', 'venv', environment]);
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', requirements];
  run(path.join(programs, 'python'), ['-m', 'pip', 'install', ...quietly]);
  writeFileSync(`${done}.part`, '');
  renameSync(`${done}.part`, done);
  return programs;
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
}
