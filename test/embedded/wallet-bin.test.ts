/**
 * The command as npm installs it, in a process of its own: it runs whatever Node starts it, and ends as the command ended. An older
 * Node is played by this one, which is told to call itself so and cannot be started again: it has to find the one that is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';

const older = (version: string): readonly string[] => {
  const played = `Object.defineProperty(process,'versions',{value:{node:'${version}'}});process.execPath='/no/node'`;
  return ['--import', `data:text/javascript,${played}`];
};

describe.each([
  ['the Node of the tests', []],
  ['an older Node', older('20.0.0')],
  ['the last Node that does not tell a module that it is the program', older('24.1.0')],
])('by %s', (_, flags) => {
  const wallet = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...flags, 'cli/wallet.mjs', ...args], { encoding: 'utf8' });

  test('helps', () => {
    const { status, stdout } = wallet('--help');
    expect(stdout).toContain('Usage: wallet [options] [command]');
    expect(status).toBe(0);
  });

  test('ends as the command ends', () => {
    expect(wallet('no-such-command').status).toBe(2);
    const { status, stderr } = wallet('balance', 'alice', '--data', 'no-such-folder');
    expect([status, stderr.includes('    at ')]).toEqual([4, false]);
  });
});

test('tells in one line that a stack cannot be reached', () => {
  const args = ['cli/wallet.ts', 'balance', 'alice', '--stack', 'Wallet', '--endpoint', 'http://127.0.0.1:1'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toMatch(/^.*stack Wallet .*ECONNREFUSED.*\n$/);
  expect(status).toBe(4);
});

test.each(['cli/wallet.mjs', 'local/setup.mjs', 'local/print-test-count.mjs'])(
  '%s asks for nothing that came after Node 20.0',
  (file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/import\.meta\.(?!url\b)/);
  },
);

test('ends without a trace when nobody reads on', async () => {
  const child = spawn(process.execPath, ['cli/wallet.ts', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [told, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([told, status]).toEqual(['', 141]);
});
