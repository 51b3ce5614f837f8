/**
 * Prints `N passed, N failed` from the test runner's report, on a line before it what was skipped, by file; fails if there is no
 * report, or anything in it failed.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const report = JSON.parse(readFileSync(path.join(root, '.wallet', 'test-report.json'), 'utf8'));
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
const failed = report.numFailedTests + brokenFiles.length;
const skipped = report.testResults.flatMap(({ name, assertionResults }) => {
  const count = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').length;
  return count === 0 ? [] : [`${count} skipped in ${path.relative(root, name)}`];
});
if (skipped.length > 0) process.stdout.write(`${skipped.join(', ')}\n`);
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || !report.success || report.numPassedTests === 0 ? 1 : 0;
