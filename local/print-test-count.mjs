/** Prints `N passed, N failed` from the test runner's report; fails if there is no report, or anything in it failed. */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(new URL('../.wallet/test-report.json', import.meta.url), 'utf8'));
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
const failed = report.numFailedTests + brokenFiles.length;
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || !report.success || report.numPassedTests === 0 ? 1 : 0;
