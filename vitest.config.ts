import { defineConfig } from 'vitest/config';

/** Longest that one test may take without a deployed stack. */
const TEST_TIMEOUT_MS = 60_000;
/** Longest for a test over the deployed stack: emulators answer in hundreds of milliseconds, and recovery waits are real. */
const DEPLOYED_TIMEOUT_MS = 240_000;
/** The first set-up installs an emulator and deploys to it. */
const DEPLOY_TIMEOUT_MS = 600_000;

const project = (name: string, include: string[], more = {}): object => ({
  test: { name, include, testTimeout: TEST_TIMEOUT_MS, hookTimeout: TEST_TIMEOUT_MS, pool: 'forks', ...more },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts', 'test/embedded/**/*.test.ts']),
      project('static', ['test/static/**/*.test.ts'], { testTimeout: DEPLOYED_TIMEOUT_MS }),
      project('simulation', ['test/simulation/**/*.test.ts'], { testTimeout: DEPLOYED_TIMEOUT_MS }),
      project('fuzz', ['test/fuzz/**/*.test.ts'], { testTimeout: DEPLOYED_TIMEOUT_MS }),
      project('schemathesis', ['test/schemathesis/**/*.test.ts'], { testTimeout: DEPLOY_TIMEOUT_MS }),
      project('infra', ['test/infra/**/*.test.ts'], {
        testTimeout: DEPLOYED_TIMEOUT_MS,
        hookTimeout: DEPLOYED_TIMEOUT_MS,
      }),
      project('contract', ['test/contract/**/*.test.ts', 'test/integration/**/*.test.ts'], {
        testTimeout: DEPLOYED_TIMEOUT_MS,
        hookTimeout: DEPLOY_TIMEOUT_MS,
      }),
      project(
        'e2e-embedded',
        [
          'test/e2e/transfers.test.ts',
          'test/e2e/resources.test.ts',
          'test/e2e/access.test.ts',
          'test/e2e/outcome-socket.test.ts',
          'test/e2e/bank-sample.test.ts',
        ],
        {
          globalSetup: ['test/embedded/running-wallet.ts'],
        },
      ),
      project('e2e', ['test/e2e/**/*.test.ts'], {
        globalSetup: ['test/e2e/deployed-stack.ts'],
        testTimeout: DEPLOYED_TIMEOUT_MS,
        hookTimeout: DEPLOY_TIMEOUT_MS,
        fileParallelism: false,
      }),
    ],
  },
});
