/** What the query function is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required } from '../runtime/environment.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  notesTable: required(env.notesTable),
  transfersTable: required(env.transfersTable),
  openWorkTable: required(env.openWorkTable),
  viewsTable: required(env.viewsTable),
};
