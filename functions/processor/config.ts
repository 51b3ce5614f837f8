/** What the processor is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { optional, required, requiredInteger } from '../runtime/environment.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  transfersTable: required(env.transfersTable),
  openWorkTable: required(env.openWorkTable),
  quarantineBucket: required(env.quarantineBucket),
  sagaArn: required(env.sagaArn),
  lanes: requiredInteger(env.lanes),
  epoch: requiredInteger(env.streamEpoch),
  appendOneByOne: optional(env.appendOneByOne) === 'true',
};
