/**
 * The HTTP API over the wallet in memory: requests go in as API Gateway would hand them to the functions, and come out as what it
 * would send. While a request waits, the pipeline runs, unless a test stops it.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { MemoryDeliveryQueue } from '../adapters/memory/memory-delivery-queue.ts';
import { MemoryWebhookStore } from '../adapters/memory/memory-webhook-store.ts';
import { HttpsWebhookTransport } from '../adapters/node/https-webhook-transport.ts';
import { type Caller, contextOfCaller } from '../core/contracts/caller.ts';
import { operation, operationIds, type ServingFunction, scopes } from '../core/contracts/operations.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import { createDocumentationApi } from '../functions/documentation/api.ts';
import { createIntakeApi } from '../functions/intake/api.ts';
import { createQueryApi } from '../functions/query/api.ts';
import type { ApiHandler } from '../functions/runtime/http.ts';
import { byAuthorizer, type Identify } from '../functions/runtime/identify.ts';
import { createWebhookApi } from '../functions/webhooks/api.ts';
import { readDocumentationFile } from '../local/documentation-files.ts';
import { assertDocumented } from './documented-answer.ts';
import { MemoryWallet } from './memory-wallet.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a test may say of a request, beside its path and body. */
export interface RequestOptions {
  /** Of a custom domain; with it comes the resource, as API Gateway names it. */
  readonly basePath?: string;
  readonly resource?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An operator unless given; null for a request that no authorizer has let in. */
  readonly caller?: Caller | null;
  readonly remainingMs?: number;
  readonly base64?: boolean;
}

/** A stage as API Gateway puts it before the path, unseen by the functions. */
const STAGE_ROOT = 'https://api.example/prod';

/** Every name leads there. */
const publicAddress = { address: '93.184.216.34', family: 4 };
const sampleSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export class MemoryApi {
  readonly wallet = new MemoryWallet();
  private readonly identities = this.countedIdentities();
  private readonly intake: ApiHandler;
  private readonly query: ApiHandler;
  readonly webhookStore = new MemoryWebhookStore();
  readonly deliveries = new MemoryDeliveryQueue(this.wallet.clock);
  private readonly webhooks: ApiHandler;
  private readonly documentation = createDocumentationApi({
    ...this.wallet,
    identify: byAuthorizer,
    read: readDocumentationFile,
  });

  constructor(identify: Identify = byAuthorizer) {
    this.intake = createIntakeApi({ ...this.wallet, identify, newIdentity: () => this.identities.next().value });
    this.query = createQueryApi({ ...this.wallet, identify });
    this.webhooks = createWebhookApi({
      ...this.wallet,
      identify,
      webhooks: this.webhookStore,
      queue: this.deliveries,
      transport: new HttpsWebhookTransport({ allowLoopback: false, resolve: async () => [publicAddress] }),
      newSecret: () => sampleSecret,
      newIdentity: () => this.identities.next().value,
    });
    this.wallet.clock.onSleep = () => this.wallet.settle();
  }

  /** Commands stay in the stream from now on: nothing comes of them. */
  stopPipeline(): void {
    this.wallet.clock.onSleep = () => {};
  }

  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const headers = { ...(text === undefined ? {} : { 'Content-Type': 'application/json' }), ...options.headers };
    const served = servingFunctionOf(path);
    return this.ask(
      served === 'query' ? servedBy('POST', path) : served,
      eventOf('POST', path, text ?? null, { ...options, headers }),
      options,
    );
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.ask(servingFunctionOf(path), eventOf('GET', path, null, options), options);
  }

  /** Follows the `Location` of an answer to a request that was sent to this path. */
  follow(path: string, answer: Answer): Promise<Answer> {
    const { pathname, search } = new URL(String(answer.headers['location']), `${STAGE_ROOT}${path}`);
    return this.get(pathname.replace(/^\/prod/, '') + search);
  }

  /** Any request; it goes to the function that serves its method and path. */
  request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    if (method === 'DELETE') return this.ask('webhooks', eventOf('DELETE', path, null, options), options);
    return method === 'GET' ? this.get(path, options) : this.post(path, body, options);
  }

  /** Every answer is held to the document of the API. */
  async ask(api: ServingFunction, event: APIGatewayProxyEvent, options: RequestOptions = {}): Promise<Answer> {
    const result = await this[api](event, contextOf(options.remainingMs ?? 29_000));
    const answer = { status: result.statusCode, headers: result.headers ?? {}, body: bodyOf(result) };
    const contentType = String(answer.headers['content-type']);
    assertDocumented(event.httpMethod, event.path.slice(options.basePath?.length), {
      status: answer.status,
      contentType,
      body: answer.body['text'] ?? answer.body,
    });
    return answer;
  }

  /** Opens an account that is there with money on it. */
  async funded(account: string, amount: string): Promise<void> {
    await this.post('/v1/wallet/accounts', { account_id: 'settlement:bank', currency: 'USD', owner: 'bank' });
    await this.post('/v1/wallet/accounts', { account_id: account, currency: 'USD', owner: account });
    await this.post('/v1/wallet/balance_transfer', transferBody(nextId(), 'settlement:bank', account, amount));
  }

  private *countedIdentities(): Generator<string, never> {
    for (let n = 1; ; n += 1) yield `request-${n}`;
  }
}

export const operator: Caller = { scope: DEFAULT_SCOPE, subject: 'operator', permissions: new Set(scopes) };

/** Somebody who may do all that customers may. */
export function customer(subject: string, scope = DEFAULT_SCOPE): Caller {
  return { scope, subject, permissions: new Set(['wallet:read', 'wallet:transfer', 'wallet:accounts']) };
}

export function transferBody(id: string, from: string, to: string, amount: string, more: object = {}) {
  return { transaction_id: id, from_account: from, to_account: to, amount, currency: 'USD', ...more };
}

let ids = 0;
/** A transfer's id that no other test of the file has. */
export function nextId(): string {
  ids += 1;
  return `0190a5d4-7b3e-7c62-9a4f-${String(ids).padStart(12, '0')}`;
}

/** A proxy event of a REST API, with what the functions read of it. */
export function eventOf(
  method: string,
  url: string,
  body: string | null,
  { headers = {}, caller = operator, base64 = false, basePath = '', resource = '/{proxy+}' }: RequestOptions = {},
): APIGatewayProxyEvent {
  const { pathname, searchParams } = new URL(url, 'https://api.example');
  const query = Object.fromEntries(searchParams);
  return {
    httpMethod: method,
    path: basePath + pathname,
    resource,
    headers: { ...headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: Object.keys(query).length === 0 ? null : query,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.keys(query).map((name) => [name, searchParams.getAll(name)]),
    ),
    pathParameters: null,
    stageVariables: null,
    body: body !== null && base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: caller === null ? null : { ...contextOfCaller(caller), principalId: caller.subject },
      httpMethod: method,
      identity: nobody,
      path: `/prod${pathname}`,
      protocol: 'HTTP/1.1',
      requestId: 'request-of-api-gateway',
      requestTimeEpoch: 0,
      resourceId: 'resource',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
  };
}

const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '192.0.2.1',
  user: null,
  userAgent: null,
  userArn: null,
};

function contextOf(remainingMs: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'api',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:api',
    memoryLimitInMB: '256',
    awsRequestId: 'invocation',
    logGroupName: 'group',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => remainingMs,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** The function that serves a path without names in it; all others are asked for by GET. */
function servedBy(method: string, path: string): ServingFunction {
  const id = operationIds.find((known) => operation(known).method === method && operation(known).path === path);
  return id === undefined ? 'intake' : operation(id).served;
}

/** As API Gateway would find it; what is at no path goes to the query. */
function servingFunctionOf(path: string): ServingFunction {
  const own = operationIds.map(operation).find(({ served, path: pattern }) => {
    return served !== 'intake' && served !== 'query' && path.startsWith(pattern.split('{')[0] ?? '');
  });
  return own?.served ?? 'query';
}

/** The body as JSON; a text that is none stands alone. */
function bodyOf({ body, headers }: APIGatewayProxyResult): Readonly<Record<string, unknown>> {
  if (!String(headers?.['content-type']).includes('json')) return { text: body };
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null)
    throw new Error(`the answer's body is ${body}, expected an object`);
  return { ...parsed };
}
