/** What the check-back is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required, requiredInteger } from '../runtime/environment.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  transfersTable: required(env.transfersTable),
  openWorkTable: required(env.openWorkTable),
  commandStream: required(env.commandStream),
  sagaArn: required(env.sagaArn),
  lanes: requiredInteger(env.lanes),
};
