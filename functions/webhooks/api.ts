/** What operators ask of webhooks, over ports: whatever serves HTTP can be put before it. */
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import { type Route, routesOf } from '../runtime/route.ts';
import { type WebhookApiPorts, webhookHandlers } from './webhook-routes.ts';

/** All routes by which webhooks are managed. */
export function webhookRoutes(ports: WebhookApiPorts): readonly Route[] {
  return routesOf(webhookHandlers(ports));
}

/** A handler of API Gateway's events for these routes alone. */
export function createWebhookApi(ports: WebhookApiPorts & ApiPorts): ApiHandler {
  return apiHandler(webhookRoutes(ports), ports);
}
