/**
 * From requests of API Gateway to routes and back: whatever happens, the answer is JSON, a resource or a problem document, and
 * carries the id under which the request is logged.
 */
import middy, { type MiddlewareObj } from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type Caller, isPermitted } from '../../core/contracts/caller.ts';
import { type ProblemReason, problemOf, problemRow } from '../../core/contracts/problems.ts';
import { DEFAULT_SCOPE } from '../../core/contracts/scope.ts';
import type { Journal, Meter } from '../../core/ports.ts';
import type { Identify } from './identify.ts';
import { readBody, readQuery } from './read-request.ts';
import { type ApiAnswer, type ApiCall, answerProblem, findRoute, type Route } from './route.ts';
import { problemOfException, RETRY_AFTER_SECONDS } from './trouble.ts';

/** Time before the function's own end at which a request is given up, so that a problem document still gets out. */
const GIVE_UP_BEFORE_END_MS = 500;

const CORRELATION_HEADER = 'x-correlation-id';

/** A function that API Gateway calls with a proxy event of a REST API. */
export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface ApiPorts {
  readonly identify: Identify;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** A handler for all requests to some routes. */
export function apiHandler(routes: readonly Route[], ports: ApiPorts): ApiHandler {
  const served = routes.map((route) => ({ ...route, serve: routeHandler(route) }));
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({ timeoutEarlyInMillis: GIVE_UP_BEFORE_END_MS })
    .use(correlation())
    .use(exceptions(ports))
    .use(httpHeaderNormalizer())
    .handler(async (event, context) => {
      const match = findRoute(served, event.httpMethod, pathBelowBase(event));
      if (!match.ok) return resultOf(match.answer, ports.meter);
      const { scopes, serve } = match.route;
      const caller = scopes.length === 0 ? nobody : await ports.identify(event);
      if (caller === undefined) return resultOf(notAuthenticated, ports.meter);
      if (!isPermitted(caller, scopes)) return resultOf(missingScope(scopes), ports.meter);
      return resultOf(await serve({ event, params: match.params, caller }, context), ports.meter);
    });
}

/**
 * A custom domain may serve the wallet below a base path, which API Gateway leaves in the path. The resource it found never has one, and
 * has as many segments as the path behind it, but for a slash at the path's end.
 */
function pathBelowBase({ path, resource }: APIGatewayProxyEvent): string {
  if (path === resource || resource.endsWith('+}')) return path;
  const segments = path.split('/');
  const surplus = segments.length - resource.split('/').length - (path.endsWith('/') ? 1 : 0);
  return surplus > 0 ? ['', ...segments.slice(surplus + 1)].join('/') : path;
}

/** A request whose route and sender are known. */
interface RoutedEvent extends Pick<ApiCall, 'params' | 'caller'> {
  readonly event: APIGatewayProxyEvent;
}

/** Who asks for what anybody may ask for. */
const nobody: Caller = { scope: DEFAULT_SCOPE, subject: 'anybody', permissions: new Set() };

/** As RFC 6750 wants it; it does not tell what is wrong with a token. */
const notAuthenticated = answerProblem(
  problemOf('not_authenticated', 'Send a token of the issuer as "Authorization: Bearer ...".'),
  { 'www-authenticate': 'Bearer realm="wallet", error="invalid_token"' },
);

function missingScope(scopes: readonly string[]): ApiAnswer {
  const problem = problemOf('missing_scope', `The token needs the scope ${scopes.join(' or ')}.`, { scopes });
  const challenge = `Bearer realm="wallet", error="insufficient_scope", scope="${scopes[0] ?? ''}"`;
  return answerProblem(problem, { 'www-authenticate': challenge });
}

/** Serves one route: reads the request, then calls it. */
function routeHandler(route: Route) {
  return async ({ event, params, caller }: RoutedEvent, context: Context): Promise<ApiAnswer> => {
    const query = readQuery(route, event);
    if (!query.ok) return answerProblem(query.problem);
    const body = readBody(route, event);
    if (!body.ok) return answerProblem(body.problem);
    return route.handle({
      params,
      query: query.value,
      headers: headersOf(event),
      body: body.value,
      caller,
      remainingMs: context.getRemainingTimeInMillis() - GIVE_UP_BEFORE_END_MS,
    });
  };
}

/** API Gateway gives the last value of a header in `headers`, and all of them in `multiValueHeaders`. */
function headersOf({ headers, multiValueHeaders }: APIGatewayProxyEvent): ApiCall['headers'] {
  const all = multiValueHeaders ?? {};
  if (!Object.values(all).some((values) => values !== undefined && values.length > 1)) return headers;
  return { ...headers, ...Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values?.join(', ')])) };
}

function resultOf(answer: ApiAnswer, meter: Meter): APIGatewayProxyResult {
  if (answer.kind === 'resource') {
    const { status, resource, headers } = answer;
    return { statusCode: status, headers: headersWith('application/json', headers), body: JSON.stringify(resource) };
  }
  if (answer.kind === 'text') {
    const { status, text, contentType, headers } = answer;
    return { statusCode: status, headers: headersWith(contentType, headers), body: text };
  }
  const { problem, headers } = answer;
  countProblem(meter, problem.reason);
  return {
    statusCode: problem.status,
    headers: headersWith('application/problem+json', headers),
    body: JSON.stringify(problem),
  };
}

/** Counts a problem under its metric; a batch counts those of its items one by one. */
export function countProblem(meter: Meter, reason: ProblemReason): void {
  meter.count(problemRow(reason).metric, 1);
}

/** Balances are nobody else's business, so no answer may be kept by a cache on its way. */
function headersWith(contentType: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  return { 'content-type': contentType, 'cache-control': 'no-store', ...headers };
}

/** Exceptions become problem documents; what is behind them goes to the log only. */
function exceptions({ meter, journal }: ApiPorts): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError(request) {
      const problem = problemOfException(request.error);
      const isClients = problem.status < 500 && problem.reason !== 'throttled';
      const headers = isClients ? {} : { 'retry-after': String(RETRY_AFTER_SECONDS) };
      request.response = resultOf(answerProblem(problem, headers), meter);
      if (isClients) return;
      const correlationId = correlationIdOf(request.event);
      journal.warn('request failed', { correlation_id: correlationId, reason: problem.reason, error: request.error });
    },
  };
}

/** A client's own correlation id is kept if it is harmless; otherwise API Gateway's id of the request is one. */
function correlation(): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const mark = ({ event, response }: { event: APIGatewayProxyEvent; response: unknown }) => {
    if (isResult(response)) response.headers = { ...response.headers, [CORRELATION_HEADER]: correlationIdOf(event) };
  };
  return { after: mark, onError: mark };
}

function isResult(response: unknown): response is APIGatewayProxyResult {
  return typeof response === 'object' && response !== null && 'statusCode' in response;
}

function correlationIdOf(event: APIGatewayProxyEvent): string {
  const given = event.headers?.[CORRELATION_HEADER];
  if (given !== undefined && /^[\w.:-]{1,128}$/.test(given)) return given;
  return event.requestContext.requestId;
}
