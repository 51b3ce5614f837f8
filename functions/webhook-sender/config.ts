/** What the sender of webhooks is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { optional, required } from '../runtime/environment.ts';

export const config = {
  webhooksTable: required(env.webhooksTable),
  deliveryQueue: required(env.deliveryQueue),
  allowLoopback: optional(env.allowLoopbackWebhooks) === 'true',
};
