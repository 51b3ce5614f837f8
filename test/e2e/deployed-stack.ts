/**
 * Sets up what the end-to-end tests run against: a local cloud with the CDK app deployed to it, or, where the environment names an
 * endpoint (AWS_ENDPOINT_URL), the app deployed there. Ends what it started.
 *
 * The tests close days themselves, so on the local cloud the rule that closes one at midnight is switched off: who runs them late in
 * the evening would find a day closed that is still to be written.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import type { TestProject } from 'vitest/node';
import { type DeployedStack, deploy } from '../../local/deploy.ts';
import { startEmulator } from '../../local/emulator.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: DeployedStack;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await startEmulator();
  const folder = await mkdtemp(path.join(tmpdir(), 'wallet-e2e-'));
  const end = async (): Promise<void> => {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const stack = await deploy({ endpoint: emulator.endpoint, callLog: path.join(folder, 'calls.jsonl') });
    // The tests' own clients speak to the same cloud as the functions do.
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    if (emulator.logFile !== undefined) await switchOffMidnight(stack);
    project.provide('stack', stack);
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

const MIDNIGHT = 'cron(0 0 * * ? *)';

async function switchOffMidnight({ endpoint, region }: DeployedStack): Promise<void> {
  const client = new EventBridgeClient({ endpoint, region });
  const { Rules: rules = [] } = await client.send(new ListRulesCommand({}));
  const [rule, ...others] = rules.filter(({ ScheduleExpression }) => ScheduleExpression === MIDNIGHT);
  if (rule === undefined || others.length > 0) throw new Error('expected one rule of the stack that acts at midnight');
  await client.send(new DisableRuleCommand({ Name: rule.Name }));
  client.destroy();
}
