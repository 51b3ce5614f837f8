/** What is printed of a run of the tests: the count in the last line, before it where tests were skipped, and whether all is well. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = mkdtempSync(path.join(tmpdir(), 'wallet-test-count-'));
const program = path.join(root, 'local', 'print-test-count.mjs');
beforeAll(() => {
  cpSync('local/print-test-count.mjs', program);
  mkdirSync(path.join(root, '.wallet'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** A file of tests as the test runner reports it. */
function reported(name: string, ...statuses: readonly string[]) {
  const assertionResults = statuses.map((status) => ({ status }));
  return { name: path.join(root, name), status: statuses.includes('failed') ? 'failed' : 'passed', assertionResults };
}

function printed(...testResults: readonly ReturnType<typeof reported>[]) {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (status: string): number => all.filter((one) => one === status).length;
  const success = testResults.every(({ status }) => status === 'passed');
  const report = { numPassedTests: count('passed'), numFailedTests: count('failed'), success, testResults };
  writeFileSync(path.join(root, '.wallet', 'test-report.json'), JSON.stringify(report));
  const { stdout, status } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  return { lines: stdout.trimEnd().split('\n'), status };
}

test('is one line where all is well and nothing was skipped', () => {
  expect(printed(reported('test/a.test.ts', 'passed', 'passed'))).toEqual({
    lines: ['2 passed, 0 failed'],
    status: 0,
  });
});

test('tells what was skipped, and where, before the last line', () => {
  const a = reported('test/a.test.ts', 'passed', 'skipped', 'todo');
  const b = reported('test/b.test.ts', 'pending');
  expect(printed(a, b)).toEqual({
    lines: ['2 skipped in test/a.test.ts, 1 skipped in test/b.test.ts', '1 passed, 0 failed'],
    status: 0,
  });
});

test('counts what failed, and a file that could not even be read', () => {
  const unread = { ...reported('test/b.test.ts'), status: 'failed' };
  expect(printed(reported('test/a.test.ts', 'passed', 'failed'), unread)).toEqual({
    lines: ['1 passed, 2 failed'],
    status: 1,
  });
  expect(printed().status).toBe(1);
});
