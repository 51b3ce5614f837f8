/** The questions that the wallet answers, over ports: whatever serves HTTP can be put before it. */
import type { TrialBalancePorts } from '../../core/flows/compute-trial-balance.ts';
import type { OpenTransferPorts } from '../../core/flows/list-open-transfers.ts';
import type { NoteStore } from '../../core/ports.ts';
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import { type Handlers, type Route, routesOf } from '../runtime/route.ts';
import { accountListHandlers } from './account-lists.ts';
import { accountHandlers } from './account-routes.ts';
import { logHandlers } from './log-routes.ts';
import { transferListHandlers } from './transfer-lists.ts';
import { transferHandlers } from './transfer-routes.ts';
import { trialBalanceHandlers } from './trial-balance-route.ts';

/** All that any of the questions needs. */
export type QueryPorts = TrialBalancePorts & OpenTransferPorts & { readonly notes: NoteStore };

/** All routes by which questions come in. */
export function queryRoutes(ports: QueryPorts): readonly Route[] {
  const handlers: Handlers<'query'> = {
    ...transferHandlers(ports),
    ...transferListHandlers(ports),
    ...accountHandlers(ports),
    ...accountListHandlers(ports),
    ...logHandlers(ports),
    ...trialBalanceHandlers(ports),
  };
  return routesOf(handlers);
}

/** A handler of API Gateway's events for these routes alone. */
export function createQueryApi(ports: QueryPorts & ApiPorts): ApiHandler {
  return apiHandler(queryRoutes(ports), ports);
}
