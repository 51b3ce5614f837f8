/** What the function behind the WebSocket API is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required } from '../runtime/environment.ts';
import { socketEndpoint } from '../runtime/socket-endpoint.ts';
import { tokenSettings } from '../runtime/token-settings.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  transfersTable: required(env.transfersTable),
  subscriptionsTable: required(env.subscriptionsTable),
  socketEndpoint: socketEndpoint(),
  tokens: tokenSettings(),
};
