/** What the projector is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { optional, required } from '../runtime/environment.ts';

export const config = {
  archiveIndexTable: required(env.archiveIndexTable),
  transfersTable: required(env.transfersTable),
  openWorkTable: required(env.openWorkTable),
  viewsTable: required(env.viewsTable),
  quarantineBucket: required(env.quarantineBucket),
  /** Absent where nobody can wait for outcomes. */
  subscriptionsTable: optional(env.subscriptionsTable),
  pushQueue: optional(env.pushQueue),
};
