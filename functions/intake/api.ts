/** The entrance of the wallet, over ports: whatever serves HTTP can be put before it. */

import type { ApiPorts } from '../runtime/http.ts';
import { type ApiHandler, apiHandler } from '../runtime/http.ts';
import { type Handlers, type Route, routesOf } from '../runtime/route.ts';
import { accountHandlers } from './account-routes.ts';
import { transferHandlers } from './transfer-routes.ts';
import type { IntakePorts } from './waiting.ts';

/** All routes by which commands come in. */
export function intakeRoutes(ports: IntakePorts): readonly Route[] {
  const handlers: Handlers<'intake'> = { ...transferHandlers(ports), ...accountHandlers(ports) };
  return routesOf(handlers);
}

/** A handler of API Gateway's events for these routes alone. */
export function createIntakeApi(ports: IntakePorts & ApiPorts): ApiHandler {
  return apiHandler(intakeRoutes(ports), ports);
}
