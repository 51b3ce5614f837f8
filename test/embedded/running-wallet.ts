/** Sets up what the end-to-end tests run against when they run on the embedded wallet: one on a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import type {} from '../e2e/deployed-stack.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-embedded-'));
  const server = await startEmbeddedServer({ folder });
  const socketUrl = `${server.url.replace('http', 'ws')}/v1/ws`;
  project.provide('stack', { ...nothingDeployed, apiUrl: `${server.url}/`, socketUrl });
  return async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  };
}

/** Names of what only a deployed stack has. */
const nothingDeployed = {
  endpoint: '',
  region: '',
  ledgerTable: '',
  transfersTable: '',
  viewsTable: '',
  openWorkTable: '',
  commandStream: '',
  quarantineBucket: '',
  operatorsTopic: '',
  sagaArn: '',
  recoveryArn: '',
  processorFunction: '',
  projectorFunction: '',
  checkBackFunction: '',
  faultsTable: '',
  callLog: '',
  templates: [],
};
