/** What operators ask of webhooks, over ports: whatever serves HTTP can be put before it. */
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import { routesOf } from '../runtime/route.ts';
import { type WebhookApiPorts, webhookHandlers } from './webhook-routes.ts';

/** A handler of API Gateway's events for these routes alone. */
export function createWebhookApi(ports: WebhookApiPorts & ApiPorts): ApiHandler {
  return apiHandler(routesOf(webhookHandlers(ports)), ports);
}
