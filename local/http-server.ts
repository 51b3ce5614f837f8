/**
 * Serves the functions' handlers over plain HTTP: each request becomes the event that API Gateway would make of it. Only what the
 * handlers read is in it.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { problemOf } from '../core/contracts/problems.ts';
import { type ApiHandler, MAX_BODY_BYTES } from '../functions/runtime/http.ts';

/** As long as API Gateway lets a request take. */
const REQUEST_MS = 29_000;
/** A body beyond the API's limit is still read this far, so that its sender gets a problem document; what is longer is cut off. */
const READ_BYTES = 8 * MAX_BODY_BYTES;
const EMPTY: Readonly<Record<string, never>> = {};

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/**
 * Listens for requests: `GET` goes to the query handler, everything else to the intake.
 *
 * @param port 0 for any that is free
 */
export async function serveHttp(
  handlers: { readonly intake: ApiHandler; readonly query: ApiHandler },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const handler = request.method === 'GET' || request.method === 'HEAD' ? handlers.query : handlers.intake;
    answer(handler, request, response).catch(() => response.destroy());
  });
  const address = await listening(server, host, port);
  return {
    url: `http://${address.address}:${address.port}`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
      else reject(new Error(`the server listens on ${address}, expected a port`));
    });
  });
}

async function answer(handler: ApiHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    respond(response, tooLarge);
    return;
  }
  respond(response, await handler(eventOf(request, body), contextUntil(Date.now() + REQUEST_MS)));
}

const tooLarge: APIGatewayProxyResult = {
  statusCode: 413,
  headers: { 'content-type': 'application/problem+json', connection: 'close' },
  body: JSON.stringify(problemOf('body_too_large', `The body may have ${MAX_BODY_BYTES} bytes.`)),
};

function respond(response: ServerResponse, { statusCode, headers, body }: APIGatewayProxyResult): void {
  const bytes = Buffer.from(body);
  response.writeHead(statusCode, { ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<string | null | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > READ_BYTES) return undefined;
    chunks.push(chunk);
  }
  return bytes === 0 ? null : Buffer.concat(chunks).toString('utf8');
}

function eventOf(request: IncomingMessage, body: string | null): APIGatewayProxyEvent {
  const { method = 'GET', url = '/', headersDistinct } = request;
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const headers: Record<string, string | undefined> = {};
  for (const [name, values] of Object.entries(headersDistinct)) headers[name] = values?.at(-1);
  return {
    httpMethod: method,
    path,
    resource: path,
    headers,
    multiValueHeaders: { ...headersDistinct },
    queryStringParameters: queryAt < 0 ? null : Object.fromEntries(new URLSearchParams(url.slice(queryAt + 1))),
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body,
    isBase64Encoded: false,
    requestContext: requestContextOf(method, path),
  };
}

function requestContextOf(method: string, path: string): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId: '',
    apiId: '',
    authorizer: EMPTY,
    httpMethod: method,
    identity: nobody,
    path,
    protocol: 'HTTP/1.1',
    requestId: randomUUID(),
    requestTimeEpoch: 0,
    resourceId: '',
    resourcePath: path,
    stage: '',
  };
}

/** There are no callers to tell apart on one machine. */
const nobody: APIGatewayProxyEvent['requestContext']['identity'] = {
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
  sourceIp: '',
  user: null,
  userAgent: null,
  userArn: null,
};

function contextUntil(deadline: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'api',
    functionVersion: '1',
    invokedFunctionArn: '',
    memoryLimitInMB: '',
    awsRequestId: '',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
