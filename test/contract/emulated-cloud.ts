/** The emulator that adapters are tested on: functions have no part in it, so nobody's rights are asked for. It ends with the test file. */
import { afterAll } from 'vitest';
import { clientSettings } from '../../adapters/aws/clients.ts';
import { startEmulator } from '../../local/emulator.ts';

/** Settings of a client that finds it. */
export async function emulatedCloud() {
  const { endpoint, stop } = await startEmulator({ enforceRoles: false });
  afterAll(() => stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { ...clientSettings(), endpoint, region: 'us-east-1', credentials };
}
