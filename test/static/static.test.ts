/** What the tools say of the source: types, lint and format, and the direction of every import. Each runs as on the command line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

async function outputOf(command: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  try {
    await run(`node_modules/.bin/${command}`, args, options);
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? `${error.stdout}\n${error.message}` : String(error);
  }
}

test('types hold under the strictest settings', async () => {
  expect(await outputOf('tsc')).toBe('');
});

test('lint and format are clean', async () => {
  expect(await outputOf('biome', 'ci', '--error-on-warnings')).toBe('');
});

test('imports only point down', async () => {
  const folders = ['core', 'adapters', 'functions', 'infra', 'cli', 'local', 'test', 'bench'];
  expect(await outputOf('depcruise', '--config', '.dependency-cruiser.cjs', ...folders)).toBe('');
});
