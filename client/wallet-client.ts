/**
 * A client of the wallet's HTTP API in TypeScript. Paths, parameters and answers are typed by the API's own document; on top of that
 * the client sends again what is safe to send again, waits for outcomes by following `Location`, and tells problems from resources.
 *
 *   const wallet = new WalletClient({ baseUrl, token });
 *   const outcome = await wallet.transfer({ transaction_id, from_account, to_account, amount: '10.50', currency: 'EUR' });
 *   if (outcome.ok) console.log(outcome.resource.balance_after);
 *   else console.error(outcome.problem.reason);
 */
import { randomUUID } from 'node:crypto';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api-types.ts';
import { excerpt, type FetchPorts, type Patience, realFetch, retryingFetch, usualPatience } from './retrying-fetch.ts';

type Schemas = components['schemas'];
export type Transfer = Schemas['Transfer'];
export type TransferRequest = Schemas['TransferRequest'];
export type Account = Schemas['Account'];
export type AccountRequest = Schemas['AccountRequest'];
export type AccountRequestDone = Schemas['AccountRequestDone'];
export type AccountRequestPending = Schemas['AccountRequestPending'];
export type Balance = Schemas['Balance'];
export type TrialBalance = Schemas['TrialBalance'];
export type Problem = Schemas['Problem'];
export type TransferResult = Transfer | Problem;

/** A resource, or why there is none. */
export type Outcome<Resource> =
  | { readonly ok: true; readonly httpStatus: number; readonly resource: Resource }
  | { readonly ok: false; readonly httpStatus: number; readonly problem: Problem };

/** The API answered with something that it never should: the client and the API are of different versions. */
export class ApiContractError extends Error {
  override readonly name = 'ApiContractError';
}

export interface WalletClientSettings {
  /** Address of the deployed stage, with or without a slash at its end. */
  readonly baseUrl: string;
  /** Sent as a bearer token; a function is asked before each request, so that it can renew one. */
  readonly token?: string | (() => string | Promise<string>);
  readonly patience?: Patience;
  readonly ports?: FetchPorts;
}

export interface BalanceOptions {
  readonly consistent?: boolean;
}

/** Longest wait that the API grants (`Prefer: wait=25`); beyond it API Gateway would cut the request off. */
const WAIT = 'wait=25';
/** Pause between two looks at what is still pending, where the API names none. */
const LOOK_AGAIN_MS = 1_000;
/** Most looks at one transfer: with the API's own pauses some minutes, after which operators know more than a client. */
const MAX_LOOKS = 300;

export class WalletClient {
  /** Every operation of the API, typed; with the same retries. */
  readonly api: Client<paths>;
  readonly #ports: FetchPorts;

  constructor({ baseUrl, token, patience = usualPatience, ports = realFetch }: WalletClientSettings) {
    this.#ports = ports;
    this.api = createClient<paths>({ baseUrl: baseUrl.replace(/\/+$/, ''), fetch: retryingFetch(patience, ports) });
    this.api.use({
      onRequest: async ({ request }) => {
        const bearer = typeof token === 'function' ? await token() : token;
        if (bearer !== undefined) request.headers.set('authorization', `Bearer ${bearer}`);
        return request;
      },
    });
  }

  /**
   * Sends one transfer and stays with it until it is settled or has failed. Sending it again is safe, also after a crash. One that
   * failed is a problem, whenever that comes out; `ok` with the status `pending` says that it took longer than anybody waits.
   */
  async transfer(transfer: TransferRequest): Promise<Outcome<Transfer>> {
    const { outcome, response } = await this.#send(transfer);
    const location = response.headers.get('location');
    if (!outcome.ok || outcome.resource.status !== 'pending' || location === null) return outcome;
    const followed = await this.#follow(transfer.transaction_id, acceptedAtIn(location), response);
    if (followed.ok && followed.resource.status !== 'failed') return followed;
    // A failed transfer that is looked at is a resource, and a look that is refused (a token that may not read) says nothing of the
    // transfer. Sent again it moves nothing, and is told as what it is.
    return (await this.#send(transfer)).outcome;
  }

  /** Sends up to 500 transfers; each has its own result, in the same order, and some may still be pending. */
  async transfers(transfers: readonly TransferRequest[]): Promise<Outcome<readonly TransferResult[]>> {
    const { outcome } = await toldBy(
      this.api.POST('/v1/wallet/balance_transfers', {
        params: { header: { Prefer: WAIT } },
        body: { transfers: [...transfers] },
      }),
    );
    if (!outcome.ok) return outcome;
    const { results } = outcome.resource;
    if (!areOf(transfers, results)) {
      throw new ApiContractError(`the results are not those of the ${transfers.length} transfers, in their order`);
    }
    return { ...outcome, resource: results };
  }

  /**
   * Opens an account. The resource may still be pending.
   *
   * @param idempotencyKey identity of the request; the same one again is safe. A random one spares duplicates of this call only.
   */
  async openAccount(
    account: AccountRequest,
    idempotencyKey: string = randomUUID(),
  ): Promise<Outcome<AccountRequestDone | AccountRequestPending>> {
    const header = { Prefer: WAIT, 'Idempotency-Key': idempotencyKey };
    return (await toldBy(this.api.POST('/v1/wallet/accounts', { params: { header }, body: account }))).outcome;
  }

  async account(accountId: string): Promise<Outcome<Account>> {
    const params = { path: { account_id: accountId } };
    return (await toldBy(this.api.GET('/v1/wallet/accounts/{account_id}', { params }))).outcome;
  }

  /** @param consistent whether the caller counts on reading what was written last, as every answer is */
  async balance(accountId: string, { consistent = false }: BalanceOptions = {}): Promise<Outcome<Balance>> {
    const params = { path: { account_id: accountId }, query: consistent ? { consistent: 'true' as const } : {} };
    return (await toldBy(this.api.GET('/v1/wallet/accounts/{account_id}/balance', { params }))).outcome;
  }

  /** Sums of all accounts per currency, with what is in flight; both are zero together. */
  async trialBalance(): Promise<Outcome<TrialBalance>> {
    return (await toldBy(this.api.GET('/v1/wallet/trial_balance', {}))).outcome;
  }

  #send(transfer: TransferRequest): Promise<Told<Transfer>> {
    const params = { header: { Prefer: WAIT } };
    return toldBy<Transfer>(this.api.POST('/v1/wallet/balance_transfer', { params, body: transfer }));
  }

  /** Looks until the transfer is over, as often as the API asks for. A failed one is told as a resource here, with its reason. */
  async #follow(transactionId: string, acceptedAt: string | undefined, first: Response): Promise<Outcome<Transfer>> {
    let answered = first;
    for (let look = 1; ; look += 1) {
      await this.#ports.pauseMs(retryAfterMs(answered));
      const query = acceptedAt === undefined ? {} : { accepted_at: acceptedAt };
      const params = { path: { transaction_id: transactionId }, query };
      const { outcome, response } = await toldBy<Transfer>(
        this.api.GET('/v1/wallet/transfers/{transaction_id}', { params }),
      );
      if (!outcome.ok || outcome.resource.status !== 'pending' || look >= MAX_LOOKS) return outcome;
      answered = response;
    }
  }
}

/** What was told, with the answer that told it. */
interface Told<Resource> {
  readonly outcome: Outcome<Resource>;
  readonly response: Response;
}

/** What openapi-fetch makes of an answer: the read body of a success, or of anything else. */
interface Asked<Resource> {
  readonly data?: Resource;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws {ApiContractError} for an answer that is neither a resource nor a problem document, from a proxy in between for instance. */
async function toldBy<Resource>(asked: Promise<Asked<Resource>>): Promise<Told<Resource>> {
  const { data, error, response } = await asked.catch((failure: unknown) => {
    if (!(failure instanceof SyntaxError)) throw failure;
    throw new ApiContractError('a success was answered with what is no JSON', { cause: failure });
  });
  const { status, url } = response;
  if (status < 400 && data !== undefined)
    return { response, outcome: { ok: true, httpStatus: status, resource: data } };
  if (isProblem(error)) return { response, outcome: { ok: false, httpStatus: status, problem: error } };
  const body = excerpt(typeof error === 'string' ? error : JSON.stringify(error ?? null));
  throw new ApiContractError(
    `${url} answered ${status} with what is neither a resource nor a problem document: ${body}`,
  );
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'type' in value && 'title' in value && 'reason' in value;
}

/** The time that the API put into the reference, which lets it know a transfer of which nothing is stored yet. */
function acceptedAtIn(location: string): string | undefined {
  return new URL(location, 'https://relative.invalid').searchParams.get('accepted_at') ?? undefined;
}

function retryAfterMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : LOOK_AGAIN_MS;
}

/** A problem may come without the id when the item could not be read, but never with another one. */
function areOf(transfers: readonly TransferRequest[], results: readonly TransferResult[]): boolean {
  const isOf = ({ transaction_id: id }: TransferRequest, result: TransferResult | undefined) =>
    result !== undefined && (result.transaction_id ?? id).toLowerCase() === id.toLowerCase();
  return results.length === transfers.length && transfers.every((sent, i) => isOf(sent, results[i]));
}
