/**
 * Sends a request until there is an answer that another attempt would not change. Every request that the client makes carries an
 * identity of its own (a transfer's id, an idempotency key, or it only reads), so sending it again does nothing twice.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** How patient the client is with trouble that passes. */
export interface Patience {
  /** Requests sent before giving up, the first one included. */
  readonly attempts: number;
  /** Pause before the second attempt; it doubles from then on. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** About half a minute in all: a function that starts cold or a throttled table is back by then. */
export const usualPatience: Patience = { attempts: 9, firstPauseMs: 200, longestPauseMs: 8_000 };

/** The longest wait and API Gateway's own limit of 29 s, plus the way there and back on a busy machine. */
const REQUEST_TIMEOUT_MS = 45_000;

/** The API could not be reached, or failed every time it was. The cause is the last failure. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** What a test replaces. */
export interface FetchPorts {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends early, and without a complaint, when the caller gives up. */
  readonly pauseMs: (ms: number, givenUp?: AbortSignal) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export const realFetch: FetchPorts = {
  fetch: (request) => fetch(request),
  pauseMs: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
  random: Math.random,
};

/** Whether a status tells of trouble that passes: the same request may succeed later. */
export function isTransient(httpStatus: number): boolean {
  return httpStatus >= 500 || httpStatus === 429;
}

/**
 * A `fetch` that tries again while trouble may pass, and gives back an answer only when all of it has come.
 *
 * @throws {ApiUnreachableError} when the trouble did not pass; the reason of the request's own signal when its caller gave up.
 */
export function retryingFetch(
  patience: Patience,
  ports: FetchPorts = realFetch,
): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      request.signal.throwIfAborted();
      const { answer, failure } = await tried(request, ports);
      if (answer !== undefined && !isTransient(answer.status)) return answer;
      request.signal.throwIfAborted();
      if (attempt >= patience.attempts) {
        const message = `${request.method} ${request.url} failed ${patience.attempts} times`;
        throw new ApiUnreachableError(message, { cause: failure });
      }
      await ports.pauseMs(pauseMsOf(attempt, answer, patience, ports), request.signal);
    }
  };
}

/** What came of one attempt: an answer, a failure that passes, or, where the failure was answered, both. */
interface Attempt {
  readonly answer?: Response;
  readonly failure?: unknown;
}

/**
 * All that fetch throws here is of the network: refused, reset, cut off in the middle, timed out. The body is read here once, so that
 * one which is cut off counts as a failure too; the answer keeps its own copy.
 */
async function tried(request: Request, { fetch }: FetchPorts): Promise<Attempt> {
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const answer = await fetch(new Request(request.clone(), { signal }));
    const text = await answer.clone().text();
    if (!isTransient(answer.status)) return { answer };
    return { answer, failure: new Error(`HTTP ${answer.status}: ${excerpt(text)}`) };
  } catch (failure) {
    return { failure };
  }
}

/** Enough of a body to recognise it. */
const EXCERPT_LENGTH = 300;

export function excerpt(text: string): string {
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text;
}

/**
 * Half of the pause is random, so that requests which failed together do not come back together. A `Retry-After` is heeded, as far
 * as it is within the client's own patience.
 */
function pauseMsOf(attempt: number, answer: Response | undefined, patience: Patience, { random }: FetchPorts): number {
  const { firstPauseMs, longestPauseMs } = patience;
  const fullMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  const ownMs = fullMs / 2 + (random() * fullMs) / 2;
  const askedMs = Number(answer?.headers.get('retry-after')) * 1_000;
  return Number.isFinite(askedMs) ? Math.max(ownMs, Math.min(askedMs, longestPauseMs)) : ownMs;
}
