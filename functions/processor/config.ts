/** What the processor is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required, requiredInteger } from '../runtime/environment.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  transfersTable: required(env.transfersTable),
  quarantineBucket: required(env.quarantineBucket),
  sagaArn: required(env.sagaArn),
  lanes: requiredInteger(env.lanes),
  epoch: requiredInteger(env.streamEpoch),
};
