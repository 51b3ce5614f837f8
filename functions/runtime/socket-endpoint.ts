/** Where a function reaches those who are connected by WebSocket. */
import { env } from '../../core/contracts/env.ts';
import { optional, required } from './environment.ts';

/** On an emulator it is a path of the emulator's own address. */
export function socketEndpoint(): string {
  const path = optional(env.emulatedSocketPath);
  return path === undefined ? required(env.socketEndpoint) : `${required('AWS_ENDPOINT_URL')}${path}`;
}
