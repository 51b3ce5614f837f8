/**
 * Serves the functions' handlers over plain HTTP: each request becomes the event that API Gateway would make of it. Only what the
 * handlers read is in it.
 */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type ProblemReason, problemOf } from '../core/contracts/problems.ts';
import type { ApiHandler } from '../functions/runtime/http.ts';
import { MAX_BODY_BYTES } from '../functions/runtime/read-request.ts';

/** As long as API Gateway lets a request take. */
const REQUEST_MS = 29_000;
/** A client that takes longer to send its request keeps a connection busy for nothing. */
const SENDING_MS = 30_000;
const SENDING_HEADERS_MS = 10_000;
/** A body beyond the API's limit is still read this far, so that its sender gets a problem document; what is longer is cut off. */
const READ_BYTES = 8 * MAX_BODY_BYTES;
const EMPTY: Readonly<Record<string, never>> = {};

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** Takes no more requests, and resolves when those under way are answered; clients that have not said all they want are cut off. */
  close(): Promise<void>;
}

/** Takes a connection whose client asks for a WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Listens for requests and hands each to the handler.
 *
 * @param port 0 for any that is free
 * @param upgrade absent: who asks for a WebSocket is answered as if he had not
 */
export async function serveHttp(
  handler: ApiHandler,
  { host, port }: { readonly host: string; readonly port: number },
  upgrade?: Upgrade,
): Promise<RunningServer> {
  const underWay = new Set<IncomingMessage>();
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    answer(handler, request, response, underWay).catch(() => response.destroy());
  };
  // Node would refuse a request without a host with an answer that has no body; here it gets one.
  const limits = { requestTimeout: SENDING_MS, headersTimeout: SENDING_HEADERS_MS, requireHostHeader: false };
  const server = createServer(
    { ...limits, shouldUpgradeCallback: (request) => upgrade !== undefined && asksForWebSocket(request) },
    serve,
  );
  // What a client expects beside 100-continue is not known here, and a server may answer as if it had not been asked (RFC 9110).
  server.on('checkExpectation', serve);
  server.on('clientError', refuseUnreadable);
  if (upgrade !== undefined) server.on('upgrade', upgrade);
  const connections = connectionsOf(server);
  const address = await listening(server, host, port);
  return {
    url: `http://${address.address}:${address.port}`,
    close: () => stop(server, () => cutOff(connections, underWay)),
  };
}

/** The connections that are open, whatever was said on them. */
function connectionsOf(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** Node waits for every connection on which a request may have begun, and keeps none of its own limits meanwhile. */
function stop(server: Server, cut: () => void): Promise<void> {
  const cutting = setInterval(cut, LINGER_MS);
  return new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  }).finally(() => clearInterval(cutting));
}

function cutOff(connections: ReadonlySet<Socket>, underWay: ReadonlySet<IncomingMessage>): void {
  const answered = new Set(Array.from(underWay, ({ socket }) => socket));
  for (const socket of connections) if (!answered.has(socket)) socket.destroy();
}

/** Any other protocol may be left alone by a server, and the request answered as if it had not been asked for (RFC 9110). */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** What is not HTTP never becomes a request; its sender gets a problem document all the same, and the connection ends. */
function refuseUnreadable(_: Error, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const { headers = {}, body } = unreadable;
  endWithProblem(socket, '400 Bad Request', headers, body);
}

/** A client whose connection is to end has so long to end it itself: nothing else would, and a stop waits for every connection. */
const LINGER_MS = 1_000;

/** Answers on a connection that is no request's, or no longer, and ends it, whether the client does or not. */
export function endWithProblem(
  socket: Duplex,
  status: string,
  headers: Readonly<Record<string, unknown>>,
  body: string,
): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status}`, ...lines, `content-length: ${Buffer.byteLength(body)}`];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
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

async function answer(
  handler: ApiHandler,
  request: IncomingMessage,
  response: ServerResponse,
  underWay: Set<IncomingMessage>,
): Promise<void> {
  const headers = headersOf(request);
  if (headers.headers['host'] === undefined) {
    respond(response, unreadable);
    return;
  }
  const body = await bodyOf(request);
  if (body === undefined) {
    respond(response, tooLarge);
    return;
  }
  underWay.add(request);
  try {
    respond(response, await handler(eventOf(request, headers, body), contextUntil(Date.now() + REQUEST_MS)));
  } finally {
    underWay.delete(request);
  }
}

const tooLarge = refusal('body_too_large', `The body may have ${MAX_BODY_BYTES} bytes.`);
const unreadable = refusal('malformed_request', 'The request could not be read as HTTP, or took too long.');

/** After a refusal of this kind nobody knows where the next request begins, so the connection ends. */
function refusal(reason: ProblemReason, detail: string): APIGatewayProxyResult {
  const problem = problemOf(reason, detail);
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', connection: 'close' };
  return { statusCode: problem.status, headers, body: JSON.stringify(problem) };
}

/** With the body as a text, Node sends it together with the head in one piece. */
function respond(response: ServerResponse, { statusCode, headers, body }: APIGatewayProxyResult): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** By its events: as an asynchronous iterator it takes a tenth of what a single transfer takes. */
function bodyOf(request: IncomingMessage): Promise<Buffer | null | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= READ_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(bytes === 0 ? null : Buffer.concat(chunks)));
    request.on('error', reject);
    // It comes after every request, and to make an error takes longer than to read the usual body.
    request.on('close', () => {
      if (!request.complete) reject(new Error('the connection was closed before the body was over'));
    });
  });
}

type Headers = Pick<APIGatewayProxyEvent, 'headers'> & {
  readonly multiValueHeaders: Record<string, string[]>;
};

/** API Gateway gives the last value of a header in the one, and all of them in the other. Names in lower case, and no other object's. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers: Record<string, string> = Object.create(null);
  const multiValueHeaders: Record<string, string[]> = Object.create(null);
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1] ?? '';
    headers[name] = value;
    const before = multiValueHeaders[name];
    if (before === undefined) multiValueHeaders[name] = [value];
    else before.push(value);
  }
  return { headers, multiValueHeaders };
}

function eventOf(request: IncomingMessage, headers: Headers, body: Buffer | null): APIGatewayProxyEvent {
  const { method = 'GET', url = '/' } = request;
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  // Text that is no UTF-8 goes on as bytes, so that whoever reads it sees what came.
  const isText = body === null || isUtf8(body);
  return {
    httpMethod: method,
    path,
    resource: path,
    ...headers,
    ...queryOf(queryAt < 0 ? '' : url.slice(queryAt + 1)),
    pathParameters: null,
    stageVariables: null,
    body: body === null ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
    requestContext: requestContextOf(method, path),
  };
}

type Query = Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>;

const noQuery: Query = { queryStringParameters: null, multiValueQueryStringParameters: null };

/** API Gateway gives the last value of a parameter in the one, and all of them in the other. */
function queryOf(search: string): Query {
  if (search === '') return noQuery;
  const all = new URLSearchParams(search);
  return {
    queryStringParameters: Object.fromEntries(all),
    multiValueQueryStringParameters: Object.fromEntries([...all.keys()].map((name) => [name, all.getAll(name)])),
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

/** Of who calls, only the token tells. */
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
