/** Webhooks as operators manage them. */
import { type Read, readIdempotencyKey } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { showDeadDelivery, showWebhook } from '../../core/contracts/webhook-answers.ts';
import { readNoBody, readWebhookId, readWebhookRequest } from '../../core/contracts/webhook-requests.ts';
import {
  MAX_DEAD,
  MAX_WEBHOOKS,
  pingWebhook,
  registerWebhook,
  replayDead,
  rotateSecret,
  type WebhookPorts,
} from '../../core/flows/manage-webhooks.ts';
import {
  type ApiAnswer,
  type ApiCall,
  answerFault,
  answerProblem,
  answerResource,
  type Handlers,
} from '../runtime/route.ts';

export interface WebhookApiPorts extends WebhookPorts {
  /** A new identity for a request that came without one. */
  readonly newIdentity: () => string;
}

export function webhookHandlers(ports: WebhookApiPorts): Handlers<'webhooks'> {
  return {
    registerWebhook: (call) => register(ports, call),
    listWebhooks: (call) => list(ports, call),
    getWebhook: (call) => withId(call, (id) => show(ports, call, id)),
    deleteWebhook: (call) => withId(call, (id) => remove(ports, call, id)),
    rotateWebhookSecret: (call) => withId(call, (id) => rotate(ports, call, id)),
    pingWebhook: (call) => withId(call, (id) => ping(ports, call, id)),
    listDeadDeliveries: (call) => withId(call, (id) => listDead(ports, call, id)),
    replayDeadDeliveries: (call) => withId(call, (id) => replay(ports, call, id)),
  };
}

async function register(ports: WebhookApiPorts, call: ApiCall): Promise<ApiAnswer> {
  const request = identityOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const read = readWebhookRequest(call.body);
  if (!read.ok) return answerFault(read.fault);
  const asked = { scope: call.caller.scope, request: request.value };
  const made = await registerWebhook(ports, asked, read.value);
  switch (made.kind) {
    case 'registered': {
      const secret = made.showsSecret ? { secret: made.webhook.secret } : {};
      return answerResource(201, { ...showWebhook(made.webhook), ...secret });
    }
    case 'refused':
      return answerProblem(problemOf('webhook_refused', `url ${made.why}.`, { field: 'url' }));
    case 'too_many':
      return answerProblem(problemOf('too_many_webhooks', `A tenant may have ${MAX_WEBHOOKS}; delete one first.`));
    case 'conflict': {
      const detail = `This identity was used before, with another ${made.fields.join(', ')}.`;
      return answerProblem(problemOf('content_conflict', detail, { request_id: request.value, fields: made.fields }));
    }
    case 'deleted':
      return answerProblem(problemOf('webhook_not_found', 'The webhook of this request was deleted. Use a new key.'));
    default:
      return made satisfies never;
  }
}

async function list({ webhooks }: WebhookApiPorts, { caller }: ApiCall): Promise<ApiAnswer> {
  return answerResource(200, { webhooks: (await webhooks.list(caller.scope)).map(showWebhook) });
}

async function show({ webhooks }: WebhookApiPorts, { caller }: ApiCall, id: string): Promise<ApiAnswer> {
  const webhook = await webhooks.get(caller.scope, id);
  return webhook === undefined ? notFound(id) : answerResource(200, showWebhook(webhook));
}

async function remove({ webhooks, clock }: WebhookApiPorts, { caller }: ApiCall, id: string): Promise<ApiAnswer> {
  const isGone = await webhooks.remove(caller.scope, id, clock.now());
  return isGone ? answerResource(200, { webhook_id: id, status: 'deleted' }) : notFound(id);
}

async function rotate(ports: WebhookApiPorts, call: ApiCall, id: string): Promise<ApiAnswer> {
  const request = requestOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const webhook = await rotateSecret(ports, { scope: call.caller.scope, request: request.value }, id);
  if (webhook === undefined) return notFound(id);
  return answerResource(200, { ...showWebhook(webhook), secret: webhook.secret });
}

async function ping(ports: WebhookApiPorts, call: ApiCall, id: string): Promise<ApiAnswer> {
  const request = requestOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const event = await pingWebhook(ports, { scope: call.caller.scope, request: request.value }, id);
  return event === undefined ? notFound(id) : answerResource(202, { webhook_id: id, event_id: event });
}

async function listDead({ webhooks }: WebhookApiPorts, { caller }: ApiCall, id: string): Promise<ApiAnswer> {
  if ((await webhooks.get(caller.scope, id)) === undefined) return notFound(id);
  const dead = await webhooks.dead(caller.scope, id, MAX_DEAD);
  return answerResource(200, { webhook_id: id, dead_deliveries: dead.map(showDeadDelivery) });
}

/** Needs no identity: what was replayed is not dead any more, so a repetition finds what is left. */
async function replay(ports: WebhookApiPorts, call: ApiCall, id: string): Promise<ApiAnswer> {
  const request = requestOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const replayed = await replayDead(ports, call.caller.scope, id);
  return replayed === undefined ? notFound(id) : answerResource(202, { webhook_id: id, ...replayed });
}

async function withId(call: ApiCall, answer: (id: string) => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const id = readWebhookId(call.params['webhook_id'] ?? '');
  return id.ok ? answer(id.value) : answerFault(id.fault);
}

/** The identity of a request that has all it needs in its path. */
function requestOf(ports: WebhookApiPorts, call: ApiCall): Read<string> {
  const body = readNoBody(call.body);
  return body.ok ? identityOf(ports, call) : body;
}

function identityOf(ports: WebhookApiPorts, call: ApiCall): Read<string> {
  const key = call.headers['idempotency-key'];
  return key === undefined ? { ok: true, value: ports.newIdentity() } : readIdempotencyKey(key);
}

function notFound(id: string): ApiAnswer {
  return answerProblem(problemOf('webhook_not_found', 'No webhook has this id.', { webhook_id: id }));
}
