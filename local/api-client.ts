/**
 * A client of the wallet's HTTP API. Every request carries its own identity (transaction id, idempotency key, or it only reads),
 * so a request whose answer was lost is simply sent again: the wallet does nothing twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** Longest wait that the API grants (`Prefer: wait=25`); beyond it API Gateway would cut the request off. */
const WAIT_SECONDS = 25;
/** The longest wait and API Gateway's own limit of 29 s, plus the way there and back on a busy machine. */
const REQUEST_TIMEOUT_MS = 45_000;

/** How patient the client is with infrastructure that fails. */
export interface Patience {
  /** Requests sent before giving up, the first one included. */
  readonly attempts: number;
  /** Pause before the second attempt; it doubles from then on. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** About half a minute in all: a Lambda that starts cold or a throttled table is back by then. */
export const usualPatience: Patience = { attempts: 9, firstPauseMs: 200, longestPauseMs: 8_000 };

/** Problem document (RFC 9457) with the wallet's own members. */
const problemSchema = z.looseObject({
  status: z.number(),
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  reason: z.string().optional(),
  state: z.string().optional(),
  transaction_id: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const accountSchema = z.looseObject({ status: z.string(), account_id: z.string().optional() });
export type AccountAnswer = z.infer<typeof accountSchema>;

const transferSchema = z.looseObject({
  status: z.enum(['success', 'pending', 'failed']),
  state: z.string().optional(),
  reason: z.string().optional(),
  transaction_id: z.string(),
});
const batchSchema = z.object({ results: z.array(z.union([transferSchema, problemSchema])) });
/** What became of one transfer: the transfer, or its problem. */
export type TransferResult = z.infer<typeof transferSchema> | Problem;

const decimal = z.string().regex(/^-?[0-9]+(\.[0-9]+)?$/);

const balanceSchema = z.looseObject({
  account_id: z.string(),
  balance: decimal,
  available: decimal.nullable(),
  currency: z.string(),
  version: z.number(),
});
export type Balance = z.infer<typeof balanceSchema>;

const trialBalanceSchema = z.looseObject({
  as_of: z.string(),
  balanced: z.boolean(),
  currencies: z.array(z.looseObject({ currency: z.string(), balances: decimal, in_flight: decimal, sum: decimal })),
});
export type TrialBalance = z.infer<typeof trialBalanceSchema>;

/** What the API answered: the resource, or why not. Trouble of the infrastructure is no answer, it throws. */
export type Answer<Resource> =
  | { readonly ok: true; readonly httpStatus: number; readonly resource: Resource }
  | { readonly ok: false; readonly httpStatus: number; readonly problem: Problem };

/** The API could not be reached, or failed every time it was. The cause is the last failure. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** The API answered with something that it never should: the client and the API are of different versions. */
export class ApiContractError extends Error {
  override readonly name = 'ApiContractError';
}

interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The wallet's API at one address. */
export class WalletApi {
  readonly #baseUrl: string;
  readonly #patience: Patience;
  readonly #token: string;

  /**
   * @param apiUrl address of the deployed stage, with or without a slash at its end
   * @param token of an operator
   */
  constructor(apiUrl: string, token: string, patience: Patience = usualPatience) {
    this.#token = token;
    this.#baseUrl = apiUrl.replace(/\/+$/, '');
    this.#patience = patience;
  }

  /** Address of a resource, for people to try. */
  urlOf(path: string): string {
    return this.#baseUrl + path;
  }

  /** Opens an account and waits for it. Opening it again with the same content succeeds; the resource may still be pending. */
  openAccount(account: object, idempotencyKey: string): Promise<Answer<AccountAnswer>> {
    const headers = { prefer: `wait=${WAIT_SECONDS}`, 'idempotency-key': idempotencyKey };
    return this.#ask({ method: 'POST', path: '/v1/wallet/accounts', headers, body: account }, accountSchema);
  }

  /** Sends transfers and waits for them; the results come in the order of the transfers, some may still be pending. */
  async sendTransfers(transfers: readonly { transaction_id: string }[]): Promise<Answer<readonly TransferResult[]>> {
    const headers = { prefer: `wait=${WAIT_SECONDS}` };
    const path = '/v1/wallet/balance_transfers';
    const answer = await this.#ask({ method: 'POST', path, headers, body: { transfers } }, batchSchema);
    if (!answer.ok) return answer;
    const { results } = answer.resource;
    // A problem may come without the id when the request itself was refused, but never with another one.
    const inOrder = transfers.every(
      (sent, at) => (results[at]?.transaction_id ?? sent.transaction_id) === sent.transaction_id,
    );
    if (!inOrder || results.length !== transfers.length) {
      throw new ApiContractError(
        `${path}: the results are not those of the ${transfers.length} transfers, in their order`,
      );
    }
    return { ...answer, resource: results };
  }

  /** Balance of an account, read strongly consistent. Account ids hold nothing that a path would have to escape. */
  balance(accountId: string): Promise<Answer<Balance>> {
    return this.#ask({ method: 'GET', path: balancePath(accountId) }, balanceSchema);
  }

  /** Sums of all accounts per currency, with what is in flight; both are zero together. */
  trialBalance(): Promise<Answer<TrialBalance>> {
    return this.#ask({ method: 'GET', path: '/v1/wallet/trial_balance' }, trialBalanceSchema);
  }

  async #ask<Resource>(request: ApiRequest, schema: z.ZodType<Resource>): Promise<Answer<Resource>> {
    const { status, text } = await this.#send(request);
    const body = readJson(text);
    if (status >= 400) return { ok: false, httpStatus: status, problem: readProblem(status, body, text) };
    const read = schema.safeParse(body);
    if (read.success) return { ok: true, httpStatus: status, resource: read.data };
    throw new ApiContractError(`${request.method} ${request.path} answered ${status} with ${excerpt(text)}`, {
      cause: read.error,
    });
  }

  /** Sends until there is an answer that another attempt would not change. */
  async #send(request: ApiRequest): Promise<{ status: number; text: string }> {
    let failure: unknown;
    for (let attempt = 0; attempt < this.#patience.attempts; attempt += 1) {
      if (attempt > 0) await pause(this.#pauseMs(attempt));
      try {
        const response = await fetch(this.urlOf(request.path), initOf(request, this.#token));
        const text = await response.text();
        if (!isTransient(response.status)) return { status: response.status, text };
        failure = new Error(`HTTP ${response.status}: ${excerpt(text)}`);
      } catch (error) {
        // All that fetch throws here is of the network: refused, reset, cut off in the middle, timed out.
        failure = error;
      }
    }
    const { attempts } = this.#patience;
    const address = `${request.method} ${this.urlOf(request.path)}`;
    throw new ApiUnreachableError(`${address} failed ${attempts} times`, { cause: failure });
  }

  /** Half of the pause is random, so that requests which failed together do not come back together. */
  #pauseMs(attempt: number): number {
    const { firstPauseMs, longestPauseMs } = this.#patience;
    const fullMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
    return fullMs / 2 + (Math.random() * fullMs) / 2;
  }
}

/** Path of an account's balance, read strongly consistent. */
export function balancePath(accountId: string): string {
  return `/v1/wallet/accounts/${accountId}/balance?consistent=true`;
}

/** Whether a status tells of trouble that passes: the same request may succeed later. */
export function isTransient(httpStatus: number): boolean {
  return httpStatus >= 500 || httpStatus === 429;
}

function initOf({ method, headers: more, body }: ApiRequest, token: string): RequestInit {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const headers = { authorization: `Bearer ${token}`, ...more };
  if (body === undefined) return { method, signal, headers };
  return { method, signal, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal that is no problem document came from before the wallet, for instance from API Gateway's own checks. */
function readProblem(status: number, body: unknown, text: string): Problem {
  const problem = problemSchema.safeParse(body);
  return problem.success ? problem.data : { status, title: `HTTP ${status}`, detail: excerpt(text) };
}

/** Enough of a body to recognise it. */
const EXCERPT_LENGTH = 300;

function excerpt(text: string): string {
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text;
}
