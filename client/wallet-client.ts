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
import { type FetchPorts, type Patience, realFetch, retryingFetch, usualPatience } from './retrying-fetch.ts';

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

  /** Sends one transfer and stays with it until it is settled or has failed. Sending it again is safe, also after a crash. */
  async transfer(transfer: TransferRequest): Promise<Outcome<Transfer>> {
    const { data, error, response } = await this.api.POST('/v1/wallet/balance_transfer', {
      params: { header: { Prefer: WAIT } },
      body: transfer,
    });
    const outcome = outcomeOf<Transfer>(data, error, response);
    const location = response.headers.get('location');
    if (!outcome.ok || outcome.resource.status !== 'pending' || location === null) return outcome;
    return await this.#follow(transfer.transaction_id, acceptedAtIn(location), response);
  }

  /** Sends up to 500 transfers; each has its own result, in the same order, and some may still be pending. */
  async transfers(transfers: readonly TransferRequest[]): Promise<Outcome<readonly TransferResult[]>> {
    const { data, error, response } = await this.api.POST('/v1/wallet/balance_transfers', {
      params: { header: { Prefer: WAIT } },
      body: { transfers: [...transfers] },
    });
    const outcome = outcomeOf(data, error, response);
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
    const { data, error, response } = await this.api.POST('/v1/wallet/accounts', { params: { header }, body: account });
    return outcomeOf(data, error, response);
  }

  async account(accountId: string): Promise<Outcome<Account>> {
    const params = { path: { account_id: accountId } };
    const { data, error, response } = await this.api.GET('/v1/wallet/accounts/{account_id}', { params });
    return outcomeOf(data, error, response);
  }

  async balance(accountId: string): Promise<Outcome<Balance>> {
    const params = { path: { account_id: accountId } };
    const { data, error, response } = await this.api.GET('/v1/wallet/accounts/{account_id}/balance', { params });
    return outcomeOf(data, error, response);
  }

  async trialBalance(): Promise<Outcome<TrialBalance>> {
    const { data, error, response } = await this.api.GET('/v1/wallet/trial_balance', {});
    return outcomeOf(data, error, response);
  }

  /** Looks until the transfer is over, as often as the API asks for. A failed one is told as a resource here, with its reason. */
  async #follow(transactionId: string, acceptedAt: string | undefined, first: Response): Promise<Outcome<Transfer>> {
    let answered = first;
    for (let look = 1; ; look += 1) {
      await this.#ports.pauseMs(retryAfterMs(answered));
      const query = acceptedAt === undefined ? {} : { accepted_at: acceptedAt };
      const { data, error, response } = await this.api.GET('/v1/wallet/transfers/{transaction_id}', {
        params: { path: { transaction_id: transactionId }, query },
      });
      const outcome = outcomeOf<Transfer>(data, error, response);
      if (!outcome.ok || outcome.resource.status !== 'pending' || look >= MAX_LOOKS) return outcome;
      answered = response;
    }
  }
}

function outcomeOf<Resource>(data: Resource | undefined, error: unknown, { status, url }: Response): Outcome<Resource> {
  if (status < 400 && data !== undefined) return { ok: true, httpStatus: status, resource: data };
  if (isProblem(error)) return { ok: false, httpStatus: status, problem: error };
  throw new ApiContractError(`${url} answered ${status} with what is neither a resource nor a problem document`);
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
