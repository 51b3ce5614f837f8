/**
 * The deployed API as a test sees it: by the typed client where a test only wants something done, and as raw HTTP (`ask`, `get`, `post`)
 * where it looks at what is on the wire. Ids are fresh in each run, so tests can share one deployed stack, and a stack that was
 * used before.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject } from 'vitest';
import * as z from 'zod';
import { usualPatience } from '../../client/retrying-fetch.ts';
import { type AccountRequest, WalletClient } from '../../client/wallet-client.ts';
import { LocalIssuer } from '../../local/issuer.ts';

/** Longest that an outcome may take on an emulator on a busy machine. */
export const OUTCOME_LIMIT_MS = 120_000;
const LOOK_AGAIN_MS = 250;

const bodySchema = z.record(z.string(), z.unknown());
export type Body = z.infer<typeof bodySchema>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

const root = inject('stack').apiUrl.replace(/\/+$/, '');
const issuer = await LocalIssuer.at();
const token = await issuer.token({ subject: 'operator' });
const operator = `Bearer ${token}`;
/** As patient with failures as {@link OUTCOME_LIMIT_MS} allows: emulators fail for longer than AWS does. */
const patience = { ...usualPatience, attempts: 20 };
/** As an operator. */
const wallet = new WalletClient({ baseUrl: root, token, patience });

/** A header with the token of a customer, who may do what a customer may. */
export async function customer(name: string): Promise<{ readonly authorization: string }> {
  const scope = 'wallet:read wallet:transfer wallet:accounts';
  return { authorization: `Bearer ${await issuer.token({ subject: name, scope })}` };
}

/** One request, of an operator unless the headers say otherwise; the body is sent as it is if it is a string. */
export async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${root}${path}`, {
    method,
    body: sent,
    headers: { authorization: operator, ...(sent === null ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  // What is no JSON is a text: a statement as CSV.
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answered: unknown = isJson ? JSON.parse(text) : { text };
  return { status: response.status, headers: response.headers, body: bodySchema.parse(answered) };
}

export const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask('GET', path, undefined, headers);
export const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask('POST', path, body, { prefer: 'wait=25', ...headers });

/** A fresh account id of a run. */
export function freshAccount(name: string): string {
  return `${name}:${randomUUID().slice(0, 13)}`;
}

export function transferOf(from: string, to: string, amount: string, more: object = {}) {
  return { transaction_id: randomUUID(), from_account: from, to_account: to, amount, currency: 'USD', ...more };
}

export type Transfer = ReturnType<typeof transferOf>;

/** Opens an account and waits until it is open. */
export async function open(account: string, properties: Partial<AccountRequest> = {}): Promise<string> {
  const request = { account_id: account, currency: 'USD', owner: 'tester', ...properties };
  const key = `open-${account}`.slice(0, 64);
  const outcome = await until(
    () => wallet.openAccount(request, key),
    (told) => !told.ok || told.resource.status !== 'pending',
  );
  expect(outcome).toMatchObject({ ok: true, resource: { status: 'success' } });
  return account;
}

/** An account with money on it, from a settlement account of the same name. */
export async function funded(name: string, amount: string, properties: Partial<AccountRequest> = {}): Promise<string> {
  const account = freshAccount(name);
  const source = `settlement:${account}`;
  await Promise.all([open(account, properties), open(source, { kind: 'settlement' })]);
  const { body } = await settle(transferOf(source, account, amount));
  expect(body).toMatchObject({ status: 'success' });
  return account;
}

/** Sends a transfer and stays with it to its end. */
export async function settle(transfer: Transfer): Promise<Settled> {
  const outcome = await wallet.transfer(transfer);
  return { status: outcome.httpStatus, body: { ...(outcome.ok ? outcome.resource : outcome.problem) } };
}

export interface Settled {
  readonly status: number;
  /** The transfer, or the problem that it is. */
  readonly body: Body;
}

export async function balanceOf(account: string): Promise<string> {
  const outcome = await wallet.balance(account, { consistent: true });
  if (!outcome.ok) throw new Error(`the balance of ${account} is answered with ${outcome.httpStatus}`);
  return outcome.resource.balance;
}

/** Asks until the answer fits, within {@link OUTCOME_LIMIT_MS}; then gives back the last answer, for the test to judge. */
export async function until<Value>(askOnce: () => Promise<Value>, fits: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + OUTCOME_LIMIT_MS;
  for (;;) {
    const value = await askOnce();
    if (fits(value) || Date.now() > deadline) return value;
    await pause(LOOK_AGAIN_MS);
  }
}
