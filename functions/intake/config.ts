/** What the intake is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required, requiredInteger } from '../runtime/environment.ts';

export const config = {
  commandStream: required(env.commandStream),
  lanes: requiredInteger(env.lanes),
  notesTable: required(env.notesTable),
  transfersTable: required(env.transfersTable),
  ledgerTable: required(env.ledgerTable),
};
