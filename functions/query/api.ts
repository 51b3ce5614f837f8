/** The questions that the wallet answers, over ports: whatever serves HTTP can be put before it. */
import type { TrialBalancePorts } from '../../core/flows/compute-trial-balance.ts';
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import type { Route } from '../runtime/route.ts';
import { accountRoutes } from './account-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import { trialBalanceRoutes } from './trial-balance-route.ts';

/** All that any of the questions needs. */
export type QueryPorts = TrialBalancePorts;

/** All routes by which questions come in. */
export function queryRoutes(ports: QueryPorts): readonly Route[] {
  return [...transferRoutes(ports), ...accountRoutes(ports), ...trialBalanceRoutes(ports)];
}

/** A handler of API Gateway's events for these routes alone. */
export function createQueryApi(ports: QueryPorts & ApiPorts): ApiHandler {
  return apiHandler(queryRoutes(ports), ports);
}
