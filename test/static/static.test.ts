/** What the tools say of the source: types, lint and format, and the direction of every import. Each runs as on the command line. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const { include } = JSON.parse(readFileSync(`${root}tsconfig.json`, 'utf8'));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

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
  const folders: readonly string[] = include.filter((name: string) => !name.includes('*'));
  expect(folders).toContain('client');
  // `npm run check` looks at the same ones.
  expect(scripts.check.split(' ').slice(-folders.length).toSorted()).toEqual(folders.toSorted());
  expect(await outputOf('depcruise', '--config', '.dependency-cruiser.cjs', ...folders)).toBe('');
});
