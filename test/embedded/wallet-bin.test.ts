/**
 * The command as npm installs it, in a process of its own: it runs whatever Node starts it, and ends as the command ended. An older
 * Node is played by this one, which is told to call itself so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';

const older = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})`;

describe.each([
  ['the Node of the tests', []],
  ['an older Node', ['--import', older]],
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

test('ends without a trace when nobody reads on', async () => {
  const child = spawn(process.execPath, ['cli/wallet.ts', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [told, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([told, status]).toEqual(['', 141]);
});
