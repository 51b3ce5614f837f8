/** What the closing of days is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required, requiredInteger } from '../runtime/environment.ts';

export const config = {
  ledgerTable: required(env.ledgerTable),
  archiveBucket: required(env.archiveBucket),
  viewsTable: required(env.viewsTable),
  archiveIndexTable: required(env.archiveIndexTable),
  segments: requiredInteger(env.archiveSegments),
};
