/** Routes of the HTTP API: which function answers which method at which path, whatever brought the request here. */
import type { Caller } from '../../core/contracts/caller.ts';
import type { Fault } from '../../core/contracts/http-requests.ts';
import {
  type Operation,
  type OperationId,
  operation,
  operationIds,
  type ServedBy,
  type ServingFunction,
} from '../../core/contracts/operations.ts';
import { type Problem, problemOf } from '../../core/contracts/problems.ts';

/** A request as a route sees it. */
export interface ApiCall {
  /** Values of the `{names}` in the route's path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Values by lower-case name; those of a header that came several times are joined by commas, as RFC 9110 allows. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON; null if the request has no body. */
  readonly body: unknown;
  readonly caller: Caller;
  /** How long whoever serves the request may still take, in milliseconds. */
  readonly remainingMs: number;
}

/** What a route answers: a resource, some text, or why there is neither. */
export type ApiAnswer =
  | { readonly kind: 'resource'; readonly status: number; readonly headers: Headers; readonly resource: object }
  /** Something else than JSON: a statement as CSV, a page. */
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly headers: Headers;
      readonly contentType: string;
      readonly text: string;
    }
  | { readonly kind: 'problem'; readonly headers: Headers; readonly problem: Problem };

type Headers = Readonly<Record<string, string>>;

/** Serves the requests of one operation. */
export type Handle = (call: ApiCall) => Promise<ApiAnswer>;

/** All handlers of a function, by the ids of the operations that it serves: one that is missing is an error of the compiler. */
export type Handlers<Served extends ServingFunction> = { readonly [Id in ServedBy<Served>]: Handle };

/** An operation with what serves it. */
export interface Route extends Operation {
  readonly handle: Handle;
}

/** The routes of these handlers, in the order of the table of operations. */
export function routesOf(handlers: Readonly<Partial<Record<OperationId, Handle>>>): readonly Route[] {
  return operationIds.flatMap((id) => {
    const handle = handlers[id];
    return handle === undefined ? [] : [{ ...operation(id), handle }];
  });
}

export function answerResource(status: number, resource: object, headers: Headers = {}): ApiAnswer {
  return { kind: 'resource', status, headers, resource };
}

/** @param contentType media type, with its charset */
export function answerText(contentType: string, text: string, headers: Headers = {}): ApiAnswer {
  return { kind: 'text', status: 200, headers, contentType, text };
}

export function answerProblem(problem: Problem, headers: Headers = {}): ApiAnswer {
  return { kind: 'problem', headers, problem };
}

/** @param members the wallet's own members of the problem */
export function problemOfFault(
  { reason, field, detail }: Fault,
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  return problemOf(reason, detail, { field, ...members });
}

export function answerFault(fault: Fault): ApiAnswer {
  return answerProblem(problemOfFault(fault));
}

export type RouteMatch<Candidate extends Route> =
  | { readonly ok: true; readonly route: Candidate; readonly params: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly answer: ApiAnswer };

/** Finds the route of a request. Where only the method is wrong, the answer names those that are right. */
export function findRoute<Candidate extends Route>(
  routes: readonly Candidate[],
  method: string,
  path: string,
): RouteMatch<Candidate> {
  // Most requests are for a path without names, which needs no taking apart.
  const exact = routes.find((route) => route.path === path && route.method === method);
  if (exact !== undefined && !path.includes('{')) return { ok: true, route: exact, params: {} };
  // As for API Gateway, a path that is somebody's own is not a value of another's name.
  const own = routes.filter((route) => route.path === path && !path.includes('{'));
  const here = (own.length > 0 ? own : routes).flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === undefined ? [] : [{ route, params }];
  });
  const found = here.find(({ route }) => route.method === method);
  if (found !== undefined) return { ok: true, ...found };
  if (here.length === 0)
    return { ok: false, answer: answerProblem(problemOf('route_not_found', 'No route has this path.')) };
  const allow = here.map(({ route }) => route.method).join(', ');
  const problem = problemOf('method_not_allowed', `Only ${allow} is allowed here.`);
  return { ok: false, answer: answerProblem(problem, { allow }) };
}

function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const names = pattern.split('/');
  const values = path.split('/');
  if (names.length !== values.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const value = values[i] ?? '';
    if (name.startsWith('{')) params[name.slice(1, -1)] = decoded(value);
    else if (name !== value) return undefined;
  }
  return params;
}

/** What cannot be decoded stays as it is, and is refused where its value is read. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
