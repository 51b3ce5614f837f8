/**
 * Shows the life of a delivery: signed so that the specification's own library takes it, tried again for more than a day with longer
 * and longer waits, buried when that is over, replayed, never lost to a crash, and never in the way of another webhook's.
 */
import { Webhook as Verifier } from 'standardwebhooks';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryDeliveryQueue } from '../../adapters/memory/memory-delivery-queue.ts';
import { MemoryWebhookStore } from '../../adapters/memory/memory-webhook-store.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { hmacSha256 } from '../../adapters/node/hmac.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { newWebhookSecret } from '../../adapters/node/webhook-secret.ts';
import { type OutcomeEvent, outcomeEvent } from '../../core/contracts/outcome-event.ts';
import type { Webhook } from '../../core/contracts/webhook.ts';
import { type DeliveryPorts, deliverWebhook, RETRY_WAITS_MS } from '../../core/flows/deliver-webhook.ts';
import { fanOutWebhooks } from '../../core/flows/fan-out-webhooks.ts';
import {
  MAX_WEBHOOKS,
  pingWebhook,
  ROTATION_MS,
  registerWebhook,
  replayDead,
  rotateSecret,
  type WebhookContent,
} from '../../core/flows/manage-webhooks.ts';
import type { Posted, WebhookTransport } from '../../core/ports.ts';
import { transferId } from '../memory-wallet.ts';

const SCOPE = 'default';
const HOUR_MS = 3_600_000;
/** Far more than a delivery's whole life takes. */
const MAX_ROUNDS = 5_000;
const ok: Posted = { kind: 'answered', status: 204 };

interface Received {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

class Receivers implements WebhookTransport {
  readonly received: Received[] = [];
  answer: (url: string) => Posted = () => ok;
  refused: string | undefined;
  private readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  async refusal(): Promise<string | undefined> {
    return this.refused;
  }

  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
    this.received.push({ url, headers, body, at: this.clock.now() });
    return this.answer(url);
  }
}

function world() {
  const clock = new ManualClock();
  const transport = new Receivers(clock);
  const webhooks = new MemoryWebhookStore();
  const queue = new MemoryDeliveryQueue(clock);
  const meter = new CountingMeter();
  const made = { clock, transport, webhooks, queue, meter, hmac: hmacSha256, digest: sha256 };
  return { ...made, random: () => 0.5, journal: new SilentJournal(), newSecret: newWebhookSecret };
}

let w: ReturnType<typeof world>;
beforeEach(() => {
  w = world();
});

let registrations = 0;
async function register(content: Partial<WebhookContent> = {}): Promise<Webhook> {
  registrations += 1;
  const wanted = {
    url: `https://example.com/${registrations}`,
    events: ['wallet.transfer.completed' as const],
    ...content,
  };
  const made = await registerWebhook(w, { scope: SCOPE, request: `r-${registrations}` }, wanted);
  if (made.kind !== 'registered') throw new Error(`registration ended as ${made.kind}`);
  return made.webhook;
}

let outcomes = 0;
function outcome(state: 'completed' | 'rejected' = 'completed', scope = SCOPE): OutcomeEvent {
  outcomes += 1;
  const content = { scope, transfer: transferId(outcomes), from: 'alice', to: 'bob', amount: 1n, currency: 'USD' };
  return outcomeEvent({ ...content, state, completedAt: w.clock.now() });
}

/** Receives what can be received until nothing waits, as the clock goes on. */
async function deliverAll(ports: DeliveryPorts = w): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = w.queue.nextVisible();
    if (next === undefined) return;
    w.clock.advance(Math.max(next - w.clock.now(), 0));
    await w.queue.receive((delivery) => deliverWebhook(ports, delivery));
  }
  throw new Error('deliveries go on and on');
}

/** Checks a request with the specification's own library; throws unless the signature is right. The library takes the time of now. */
function verify({ headers, body, at }: Received, secret: string): unknown {
  vi.useFakeTimers({ now: at });
  try {
    return new Verifier(secret).verify(body, headers);
  } finally {
    vi.useRealTimers();
  }
}

describe('a delivery', () => {
  test('is what Standard Webhooks asks for', async () => {
    const { secret, url } = await register();
    const event = outcome();
    await fanOutWebhooks(w, [event]);
    await deliverAll();
    const [request] = w.transport.received;
    if (request === undefined) throw new Error('nothing was received');
    expect(verify(request, secret)).toEqual({ type: event.type, timestamp: event.completed_at, data: event });
    expect(request.url).toBe(url);
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event.event_id });
    expect(() => verify(request, newWebhookSecret())).toThrow('No matching signature');
    expect(() => verify({ ...request, body: `${request.body} ` }, secret)).toThrow('No matching signature');
    expect(() => verify({ ...request, at: request.at + 10 * 60_000 }, secret)).toThrow('too old');
  });

  test('is tried eleven times over more than a day, with the same id, signed anew, and then buried', async () => {
    const { id, secret } = await register();
    w.transport.answer = () => ({ kind: 'answered', status: 500 });
    await fanOutWebhooks(w, [outcome()]);
    await deliverAll();
    const { received } = w.transport;
    const waits = received.slice(1).map(({ at }, i) => at - (received[i]?.at ?? 0));
    expect(waits).toEqual(RETRY_WAITS_MS);
    expect((received.at(-1)?.at ?? 0) - (received[0]?.at ?? 0)).toBeGreaterThan(24 * HOUR_MS);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const request of received) verify(request, secret);
    const [dead, ...more] = await w.webhooks.dead(SCOPE, id, 100);
    expect(more).toEqual([]);
    expect(dead).toMatchObject({ fault: 'answered 500', delivery: { attempts: 11 } });
    expect([w.meter.sum('WebhooksFailed'), w.meter.sum('WebhooksDead')]).toEqual([11, 1]);
  });

  test.each([0, 0.999])(
    'waits up to a fifth shorter or longer, so that failures do not come back together (%d)',
    async (random) => {
      await register();
      w.transport.answer = () => ({ kind: 'failed', why: 'ECONNREFUSED' });
      await fanOutWebhooks(w, [outcome()]);
      await deliverAll({ ...w, random: () => random });
      const { received } = w.transport;
      const factors = received.slice(1).map(({ at }, i) => (at - (received[i]?.at ?? 0)) / (RETRY_WAITS_MS[i] ?? 1));
      for (const factor of factors) expect(factor).toBeCloseTo(random === 0 ? 0.8 : 1.2, 2);
    },
  );

  test.each<readonly [string, Posted]>([
    ['redirects', { kind: 'answered', status: 302 }],
    ['refuses', { kind: 'answered', status: 400 }],
    ['is throttled', { kind: 'answered', status: 429 }],
    ['leads to a private address now', { kind: 'refused', why: 'private' }],
  ])('to an endpoint that %s is tried again until it is taken', async (_, first) => {
    await register();
    w.transport.answer = () => (w.transport.received.length === 1 ? first : ok);
    await fanOutWebhooks(w, [outcome()]);
    await deliverAll();
    expect(w.transport.received).toHaveLength(2);
    expect(w.meter.sum('WebhooksDelivered')).toBe(1);
  });

  test('to an endpoint that is gone for good is buried at once', async () => {
    const { id } = await register();
    w.transport.answer = () => ({ kind: 'answered', status: 410 });
    await fanOutWebhooks(w, [outcome()]);
    await deliverAll();
    expect(w.transport.received).toHaveLength(1);
    expect(await w.webhooks.dead(SCOPE, id, 100)).toHaveLength(1);
  });

  test('to a webhook that was deleted meanwhile is made no more', async () => {
    const { id } = await register();
    await fanOutWebhooks(w, [outcome()]);
    await w.webhooks.remove(SCOPE, id);
    await deliverAll();
    expect(w.transport.received).toEqual([]);
  });

  test('goes only to webhooks of its tenant that want its event', async () => {
    const both = await register({ events: ['wallet.transfer.completed', 'wallet.transfer.rejected'] });
    const completed = await register();
    await fanOutWebhooks(w, [outcome('completed'), outcome('rejected'), outcome('completed', 'other')]);
    await deliverAll();
    const urls = w.transport.received.map(({ url }) => url).sort();
    expect(urls).toEqual([both.url, both.url, completed.url].sort());
  });

  test('that fails holds up no other', async () => {
    const [dead, alive] = [await register(), await register()];
    w.transport.answer = (url) => (url === dead.url ? { kind: 'failed', why: 'ETIMEDOUT' } : ok);
    const events = Array.from({ length: 20 }, () => outcome());
    const begun = w.clock.now();
    await fanOutWebhooks(w, events);
    await deliverAll();
    const taken = w.transport.received.filter(({ url }) => url === alive.url);
    expect(taken).toHaveLength(events.length);
    for (const { at } of taken) expect(at).toBe(begun);
    expect(await w.webhooks.dead(SCOPE, dead.id, 100)).toHaveLength(events.length);
  });
});

describe('a process that dies', () => {
  test('after it sent leaves the delivery in the queue: it comes twice, with one id', async () => {
    await register();
    await fanOutWebhooks(w, [outcome()]);
    const dies = async () => {
      for (const delivery of [...w.queue.waiting]) await deliverWebhook(w, delivery.delivery);
      throw new Error('crash');
    };
    await expect(w.queue.receive(dies)).rejects.toThrow('crash');
    await deliverAll();
    expect(w.transport.received).toHaveLength(2);
    expect(new Set(w.transport.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test.each(['before', 'after'])('%s it writes the retry or the grave loses neither', async (when) => {
    const { id } = await register();
    w.transport.answer = () => ({ kind: 'failed', why: 'ECONNREFUSED' });
    await fanOutWebhooks(w, [outcome()]);
    let writes = 0;
    const dies = () => {
      writes += 1;
      // Retries of a retry that was written and not told multiply, so a few crashes are many.
      if (writes === 1 || writes === 4) throw new Error('crash');
    };
    for (const { hooks } of [w.queue, w.webhooks]) {
      if (when === 'before') hooks.beforeWrite = dies;
      else hooks.afterWrite = dies;
    }
    for (let crashes = 0; crashes < 3; crashes += 1) await deliverAll().catch(() => undefined);
    expect(await w.webhooks.dead(SCOPE, id, 100)).toHaveLength(1);
    expect(w.transport.received.length).toBeGreaterThan(RETRY_WAITS_MS.length + 1);
  });
});

describe('an operator', () => {
  const request = { scope: SCOPE, request: 'once' };

  test('replays what is dead, as new as on its first day', async () => {
    const { id } = await register();
    w.transport.answer = () => ({ kind: 'answered', status: 410 });
    await fanOutWebhooks(w, [outcome(), outcome()]);
    await deliverAll();
    w.transport.answer = () => ok;
    expect(await replayDead(w, SCOPE, id)).toEqual({ replayed: 2, more: false });
    await deliverAll();
    expect(w.meter.sum('WebhooksDelivered')).toBe(2);
    expect(await replayDead(w, SCOPE, id)).toEqual({ replayed: 0, more: false });
    expect(await replayDead(w, 'other', id)).toBeUndefined();
  });

  test('who dies while replaying loses nothing', async () => {
    const { id } = await register();
    w.transport.answer = () => ({ kind: 'answered', status: 410 });
    await fanOutWebhooks(w, [outcome(), outcome(), outcome()]);
    await deliverAll();
    w.transport.answer = () => ok;
    let unburied = 0;
    w.webhooks.hooks.beforeWrite = () => {
      unburied += 1;
      if (unburied === 2) throw new Error('crash');
    };
    await expect(replayDead(w, SCOPE, id)).rejects.toThrow('crash');
    expect(await replayDead(w, SCOPE, id)).toMatchObject({ replayed: 2 });
    await deliverAll();
    expect(new Set(w.transport.received.slice(3).map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('rotates a secret: both sign for a day, then the new one alone; a repetition rotates nothing', async () => {
    const { id, secret } = await register();
    const rotated = await rotateSecret(w, request, id);
    if (rotated === undefined) throw new Error('the webhook is gone');
    expect(rotated.secret).not.toBe(secret);
    expect(await rotateSecret(w, request, id)).toEqual(rotated);
    await fanOutWebhooks(w, [outcome()]);
    await deliverAll();
    w.clock.advance(ROTATION_MS);
    await fanOutWebhooks(w, [outcome()]);
    await deliverAll();
    const [during, after] = w.transport.received;
    if (during === undefined || after === undefined) throw new Error('two were expected');
    for (const signing of [secret, rotated.secret]) verify(during, signing);
    verify(after, rotated.secret);
    expect(() => verify(after, secret)).toThrow('No matching signature');
  });

  test('whose rotation meets another change does it on top of that', async () => {
    const { id } = await register();
    let changes = 0;
    w.webhooks.hooks.beforeWrite = async () => {
      w.webhooks.hooks.beforeWrite = () => {};
      changes += 1;
      await rotateSecret(w, { scope: SCOPE, request: 'other' }, id);
    };
    expect(await rotateSecret(w, request, id)).toMatchObject({ revision: 3, rotatedBy: 'once' });
    expect(changes).toBe(1);
  });

  test('registers once, however often the request comes; other content is a conflict', async () => {
    const content = { url: 'https://example.com/', events: ['wallet.transfer.completed' as const] };
    const first = await registerWebhook(w, request, content);
    expect(await registerWebhook(w, request, content)).toEqual(first);
    expect(await w.webhooks.list(SCOPE)).toHaveLength(1);
    const other = await registerWebhook(w, request, { ...content, url: 'https://example.org/' });
    expect(other).toEqual({ kind: 'conflict', fields: ['url'] });
    w.clock.advance(25 * HOUR_MS);
    expect(await registerWebhook(w, request, content)).toMatchObject({ showsSecret: false });
    expect(await registerWebhook(w, { ...request, scope: 'other' }, content)).toMatchObject({ showsSecret: true });
  });

  test('is not shown a rotated secret by an old request', async () => {
    const content = { url: 'https://example.com/', events: ['wallet.transfer.completed' as const] };
    const first = await registerWebhook(w, request, content);
    if (first.kind !== 'registered') throw new Error(first.kind);
    await rotateSecret(w, { scope: SCOPE, request: 'rotation' }, first.webhook.id);
    expect(await registerWebhook(w, request, content)).toMatchObject({ showsSecret: false });
  });

  test('may not register what may not be called, nor more than there is room for', async () => {
    const content = { url: 'https://example.com/', events: ['wallet.transfer.completed' as const] };
    w.transport.refused = 'must not';
    expect(await registerWebhook(w, request, content)).toEqual({ kind: 'refused', why: 'must not' });
    expect(await w.webhooks.list(SCOPE)).toEqual([]);
    w.transport.refused = undefined;
    for (let i = 0; i < MAX_WEBHOOKS; i += 1) await register();
    expect(await registerWebhook(w, request, content)).toEqual({ kind: 'too_many' });
  });

  test('pings a webhook whatever it wants to hear, once per request', async () => {
    const { id, secret } = await register({ events: [] });
    const [event, again] = [await pingWebhook(w, request, id), await pingWebhook(w, request, id)];
    expect(again).toBe(event);
    await deliverAll();
    const [ping] = w.transport.received;
    if (ping === undefined) throw new Error('no ping came');
    expect(verify(ping, secret)).toMatchObject({ type: 'wallet.ping', data: { event_id: event, webhook_id: id } });
    expect(await pingWebhook(w, { ...request, scope: 'other' }, id)).toBeUndefined();
  });
});
