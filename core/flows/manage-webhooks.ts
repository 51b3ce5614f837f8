/** What an operator asks of a tenant's webhooks. Every request may come again with its identity, and is then done once. */
import { timestampOf } from '../contracts/timestamp.ts';
import { newDelivery, PING_TYPE, WEBHOOK_VERSION, type Webhook } from '../contracts/webhook.ts';
import type { Clock, DeliveryQueue, Digest, WebhookStore, WebhookTransport } from '../ports.ts';

/** Most webhooks of a tenant: each outcome is sent to all of them. Two requests at once may lead to one more. */
export const MAX_WEBHOOKS = 20;
/** How long the secret before a rotation goes on signing. */
export const ROTATION_MS = 24 * 3_600_000;
/** How long a request that showed a secret may be repeated and shows it again: as long as its answer may have been lost. */
export const REPEAT_MS = 24 * 3_600_000;
/** Most dead deliveries that one request replays or shows. */
export const MAX_DEAD = 100;
/** Rounds against another change of the same webhook. */
const MAX_ROUNDS = 5;
/** Hexadecimal digits of an id. */
const ID_DIGITS = 32;

export interface WebhookPorts {
  readonly webhooks: WebhookStore;
  readonly queue: DeliveryQueue;
  readonly transport: Pick<WebhookTransport, 'refusal'>;
  readonly clock: Clock;
  readonly digest: Digest;
  /** `whsec_` and 32 random bytes in base64. */
  readonly newSecret: () => string;
}

/** A request of an operator: whose webhooks it is about, and its own identity. */
export interface WebhookRequest {
  readonly scope: string;
  readonly request: string;
}

export type WebhookContent = Pick<Webhook, 'url' | 'events' | 'description'>;

export type Registered =
  /** `showsSecret` is false where an old request is repeated. */
  | { readonly kind: 'registered'; readonly webhook: Webhook; readonly showsSecret: boolean }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'conflict'; readonly fields: readonly string[] }
  | { readonly kind: 'too_many' }
  /** The request made a webhook, which was deleted since. */
  | { readonly kind: 'deleted' };

/** Registers an address. Its id follows from the request's identity, so repeating the request finds what it made. */
export async function registerWebhook(
  ports: WebhookPorts,
  { scope, request }: WebhookRequest,
  content: WebhookContent,
): Promise<Registered> {
  const id = `wh_${ports.digest(`wallet.webhook ${scope} ${request}`).slice(0, ID_DIGITS)}`;
  const standing = await ports.webhooks.get(scope, id);
  if (standing !== undefined) return repeated(ports, standing, content);
  const why = await ports.transport.refusal(content.url);
  if (why !== undefined) return { kind: 'refused', why };
  if ((await ports.webhooks.list(scope)).length >= MAX_WEBHOOKS) return { kind: 'too_many' };
  const secret = ports.newSecret();
  const made = {
    v: WEBHOOK_VERSION,
    scope,
    id,
    ...content,
    secret,
    createdAt: ports.clock.now(),
    revision: 1,
  } as const;
  const other = await ports.webhooks.insert(made);
  if (other === 'removed') return { kind: 'deleted' };
  if (other !== undefined) return repeated(ports, other, content);
  return { kind: 'registered', webhook: made, showsSecret: true };
}

function repeated({ clock }: WebhookPorts, standing: Webhook, content: WebhookContent): Registered {
  const fields = (['url', 'events', 'description'] as const).filter(
    (field) => JSON.stringify(standing[field]) !== JSON.stringify(content[field]),
  );
  if (fields.length > 0) return { kind: 'conflict', fields };
  const showsSecret = standing.revision === 1 && clock.now() < standing.createdAt + REPEAT_MS;
  return { kind: 'registered', webhook: standing, showsSecret };
}

/** Gives a webhook a new secret; undefined if there is no such webhook. Repeating the latest rotation changes nothing. */
export async function rotateSecret(
  ports: WebhookPorts,
  { scope, request }: WebhookRequest,
  id: string,
): Promise<Webhook | undefined> {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const webhook = await ports.webhooks.get(scope, id);
    if (webhook === undefined || webhook.rotatedBy === request) return webhook;
    const previous = { secret: webhook.secret, until: ports.clock.now() + ROTATION_MS };
    const change = { secret: ports.newSecret(), previous, rotatedBy: request, revision: webhook.revision + 1 };
    const rotated = { ...webhook, ...change };
    if (await ports.webhooks.replace(rotated)) return rotated;
  }
  throw new Error(`webhook ${id} was changed by others ${MAX_ROUNDS} times in a row`);
}

/** Sends an event that means nothing, by the way that all events go. Gives back its id; undefined if there is no such webhook. */
export async function pingWebhook(
  ports: WebhookPorts,
  { scope, request }: WebhookRequest,
  id: string,
): Promise<string | undefined> {
  const webhook = await ports.webhooks.get(scope, id);
  if (webhook === undefined) return undefined;
  const now = ports.clock.now();
  const event = `ping:${ports.digest(`${id} ${request}`).slice(0, ID_DIGITS)}`;
  const data = { v: WEBHOOK_VERSION, event_id: event, tenant: scope, webhook_id: id };
  const body = JSON.stringify({ type: PING_TYPE, timestamp: timestampOf(now), data });
  await ports.queue.send([newDelivery(webhook, event, body, now)]);
  return event;
}

export interface Replayed {
  readonly replayed: number;
  /** There may be more; ask again. */
  readonly more: boolean;
}

/**
 * Sends dead deliveries of a webhook on their way again, as new as on their first day; undefined if there is no such webhook. They
 * are sent before they are taken away: who dies in between sends some of them twice, with the same ids.
 */
export async function replayDead(ports: WebhookPorts, scope: string, id: string): Promise<Replayed | undefined> {
  if ((await ports.webhooks.get(scope, id)) === undefined) return undefined;
  const dead = await ports.webhooks.dead(scope, id, MAX_DEAD);
  const now = ports.clock.now();
  if (dead.length > 0) {
    await ports.queue.send(dead.map(({ delivery }) => ({ ...delivery, attempts: 0, createdAt: now, dueAt: now })));
  }
  for (const { delivery } of dead) await ports.webhooks.unbury(delivery);
  return { replayed: dead.length, more: dead.length === MAX_DEAD };
}
