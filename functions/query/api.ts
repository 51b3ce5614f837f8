/** The questions that the wallet answers, over ports: whatever serves HTTP can be put before it. */
import type { TrialBalancePorts } from '../../core/flows/compute-trial-balance.ts';
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import { type Handlers, type Route, routesOf } from '../runtime/route.ts';
import { accountHandlers } from './account-routes.ts';
import { transferHandlers } from './transfer-routes.ts';
import { trialBalanceHandlers } from './trial-balance-route.ts';

/** All that any of the questions needs. */
export type QueryPorts = TrialBalancePorts;

/** All routes by which questions come in. */
export function queryRoutes(ports: QueryPorts): readonly Route[] {
  const handlers: Handlers<'query'> = {
    ...transferHandlers(ports),
    ...accountHandlers(ports),
    ...trialBalanceHandlers(ports),
  };
  return routesOf(handlers);
}

/** A handler of API Gateway's events for these routes alone. */
export function createQueryApi(ports: QueryPorts & ApiPorts): ApiHandler {
  return apiHandler(queryRoutes(ports), ports);
}
