/** What the publisher is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required } from '../runtime/environment.ts';

export const config = {
  archiveBucket: required(env.archiveBucket),
  ledgerTable: required(env.ledgerTable),
  outcomeBus: required(env.outcomeBus),
  quarantineBucket: required(env.quarantineBucket),
};
