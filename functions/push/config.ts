/** What the function that pushes outcomes is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required } from '../runtime/environment.ts';
import { socketEndpoint } from '../runtime/socket-endpoint.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  transfersTable: required(env.transfersTable),
  subscriptionsTable: required(env.subscriptionsTable),
  socketEndpoint: socketEndpoint(),
};
