/** The entrance of the wallet, over ports: whatever serves HTTP can be put before it. */

import type { ApiPorts } from '../runtime/http.ts';
import { type ApiHandler, apiHandler } from '../runtime/http.ts';
import type { Route } from '../runtime/route.ts';
import { accountRoutes } from './account-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import type { IntakePorts } from './waiting.ts';

/** All routes by which commands come in. */
export function intakeRoutes(ports: IntakePorts): readonly Route[] {
  return [...transferRoutes(ports), ...accountRoutes(ports)];
}

/** A handler of API Gateway's events for these routes alone. */
export function createIntakeApi(ports: IntakePorts & ApiPorts): ApiHandler {
  return apiHandler(intakeRoutes(ports), ports);
}
