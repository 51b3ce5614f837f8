/**
 * What clients send: from JSON that may be anything to commands. A fault names the field where it lies, by its path in the body
 * (`transfers[3].amount`), and its reason; nothing that has a fault reaches the stream.
 *
 * Amounts are strings only. A JSON number is read as a binary floating point number by most programs, so its digits may have
 * changed before they come here.
 */
import * as z from 'zod/mini';
import type {
  AccountKind,
  AccountProperties,
  ChangeLimits,
  CloseAccount,
  DebitAccount,
  FreezeAccount,
  OpenAccount,
  UnfreezeAccount,
} from '../domain/account.ts';
import { type LimitChanges, namedLimits } from '../domain/limits.ts';
import { MAX_AMOUNT_DIGITS, type ParsedAmount, parseAmount, parseLimit } from '../domain/money.ts';
import { authorityOf, type Caller, isOperator } from './caller.ts';
import { ACCOUNT_ID, accountId, OWN_REQUEST_PREFIX, PARTY_NAME, partyName, requestId, transferId } from './json.ts';
import { encodeNote, MOST_NOTE_BYTES, type Note } from './note.ts';
import type { RequestFault } from './problems.ts';
import { readTimestamp } from './timestamp.ts';

/** Most transfers in one request: as many as one call to the stream takes, should each need a record of its own. */
export const MAX_BATCH_TRANSFERS = 500;
/** Members of a transfer that says nothing it need not say. */
const TRANSFER_MEMBERS = 5;
/** Most transfers that are looked up at once: as many as one read of the transfers table takes. */
export const MAX_LOOKUP_TRANSFERS = 100;
/** A name of a client's making that comes back in a problem is cut to this length. */
const MAX_ECHO_LENGTH = 64;
/** Accounts whose ids begin so are where money enters and leaves the wallet. */
const SETTLEMENT_PREFIX = 'settlement:';

/** Where a request is wrong, and how. */
export interface Fault {
  readonly reason: RequestFault;
  /** Path in the body, or name of a header, path or query parameter. */
  readonly field: string;
  readonly detail: string;
}

export type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

/** What the holder of an account may ask for, beside opening it. */
export type AccountOperation = 'freeze' | 'unfreeze' | 'close';

const messages = {
  account: 'must be 1 to 64 of the characters a-z, 0-9, ":", "_" and "-"',
  uuid: 'must be a UUID, such as "0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8b"',
  owner: 'must be 1 to 64 printable ASCII characters',
  kind: 'must be "customer" or "settlement"',
  description: 'must be 1 to 200 characters, without control characters',
  metadata:
    'must be at most 20 texts of at most 500 characters, under keys of 1 to 40 of A-Z, a-z, 0-9, "_", "." and "-"',
  lookup: `must be a list of 1 to ${MAX_LOOKUP_TRANSFERS} ids of transfers`,
  transfers: `must be a list of 1 to ${MAX_BATCH_TRANSFERS} transfers`,
  request: 'must be 1 to 64 of the characters A-Z, a-z, 0-9, ":", "_", "." and "-"',
  timestamp: 'must be a time such as "2026-01-31T12:00:00.000Z"',
  boolean: 'must be "true" or "false"',
} as const;

export const accountField = z.string().check(z.regex(ACCOUNT_ID, messages.account));
export const transferField = z
  .string()
  .check(z.regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, messages.uuid));

/** Checked together with its amount, whose decimals depend on it. */
export const currencyField = z.string();

/** Letters of any language, without control characters, lone surrogates, and what changes the direction of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const DESCRIPTION = /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,200}$/u;
const METADATA_KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const METADATA_VALUE = /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]{0,500}$/u;
/** Most entries of a transfer's metadata. */
export const MOST_METADATA = 20;

export const descriptionField = z.string().check(z.regex(DESCRIPTION, messages.description));
export const metadataValueField = z.string().check(z.regex(METADATA_VALUE, messages.metadata));
export const metadataField = z
  .record(z.string().check(z.regex(METADATA_KEY, messages.metadata)), metadataValueField)
  .check(z.refine((metadata) => Object.keys(metadata).length <= MOST_METADATA, messages.metadata));
const noteFields = { description: z.exactOptional(descriptionField), metadata: z.exactOptional(metadataField) };

export const transferSchema = z.strictObject({
  transaction_id: transferField,
  from_account: accountField,
  to_account: accountField,
  amount: z.string(),
  currency: currencyField,
  ...noteFields,
});

export const openingSchema = z.strictObject({
  account_id: accountField,
  currency: currencyField,
  owner: z.string().check(z.regex(PARTY_NAME, messages.owner)),
  kind: z.exactOptional(z.enum(['customer', 'settlement'], messages.kind)),
  overdraft_limit: z.exactOptional(z.string()),
  transfer_limit: z.exactOptional(z.string()),
  daily_limit: z.exactOptional(z.string()),
});

export const limitsSchema = z.strictObject({
  currency: currencyField,
  overdraft_limit: z.exactOptional(z.nullable(z.string())),
  transfer_limit: z.exactOptional(z.nullable(z.string())),
  daily_limit: z.exactOptional(z.nullable(z.string())),
});

const batchSchema = z.strictObject({
  transfers: z
    .array(z.unknown())
    .check(z.minLength(1, messages.transfers), z.maxLength(MAX_BATCH_TRANSFERS, messages.transfers)),
});

export const nothingSchema = z.strictObject({});

/**
 * The debit that a transfer begins with.
 *
 * @param path where the transfer stands in the body; empty if it is the body
 */
export function readTransferRequest(body: unknown, caller: Caller, path = ''): Read<DebitAccount> {
  const read = isPlainTransfer(body) ? ({ ok: true, value: body } as const) : readShape(transferSchema, body, path);
  if (!read.ok) return read;
  const { transaction_id, from_account: from, to_account: to, amount: text, currency } = read.value;
  const amount = readMoney(parseAmount(text, currency), at(path, 'amount'), at(path, 'currency'));
  if (!amount.ok) return amount;
  if (from === to) return faulty('same_account', at(path, 'to_account'), 'must be another account than from_account');
  if (isTooLong(noteIn(read.value))) {
    return faulty('invalid_value', at(path, 'metadata'), `must not have more than ${MOST_NOTE_BYTES} bytes in all`);
  }
  const content = { transfer: transaction_id.toLowerCase(), from, to, amount: amount.value, currency };
  return { ok: true, value: { type: 'DebitAccount', ...authorityOf(caller), ...content, recheck: false } };
}

/** What a transfer that was read says beside what it moves; undefined if nothing. Empty metadata is none. */
export function noteIn(body: unknown): Note | undefined {
  if (!isRecord(body) || (body['description'] === undefined && body['metadata'] === undefined)) return undefined;
  const { description, metadata } = noteSchema.parse(body);
  const texts = metadata !== undefined && Object.keys(metadata).length > 0 ? { metadata } : {};
  if (description === undefined) return 'metadata' in texts ? texts : undefined;
  return { description, ...texts };
}

const noteSchema = z.object(noteFields);

function isTooLong(note: Note | undefined): boolean {
  return note !== undefined && new TextEncoder().encode(encodeNote(note)).length > MOST_NOTE_BYTES;
}

const LOWER_CASE_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether a value is a transfer as almost all are: the five members and no other, with an id in lower case. The schema says the same
 * of it, and takes ten times as long; whatever else comes is left to the schema, which also finds what is wrong.
 */
export function isPlainTransfer(body: unknown): body is z.output<typeof transferSchema> {
  if (!isRecord(body)) return false;
  let members = 0;
  for (const _ in body) members += 1;
  const { transaction_id, from_account, to_account, amount, currency } = body;
  return (
    members === TRANSFER_MEMBERS &&
    typeof transaction_id === 'string' &&
    LOWER_CASE_UUID.test(transaction_id) &&
    typeof from_account === 'string' &&
    ACCOUNT_ID.test(from_account) &&
    typeof to_account === 'string' &&
    ACCOUNT_ID.test(to_account) &&
    typeof amount === 'string' &&
    typeof currency === 'string'
  );
}

/** The items of a batch, each still to be read with {@link readTransferRequest}. */
export function readBatchRequest(body: unknown): Read<readonly unknown[]> {
  const read = readShape(batchSchema, body, '');
  return read.ok ? { ok: true, value: read.value.transfers } : read;
}

/** Path of an item of a batch. */
export function batchItemPath(index: number): string {
  return `transfers[${index}]`;
}

/** The transfer's id in an item of a batch that cannot be read, if that much can be told. */
export function transferIdIn(item: unknown): string | undefined {
  const id = isRecord(item) ? transferField.safeParse(item['transaction_id']) : undefined;
  return id?.success ? id.data.toLowerCase() : undefined;
}

/** @param request identity of the request */
export function readOpeningRequest(body: unknown, caller: Caller, request: string): Read<OpenAccount> {
  const read = readShape(openingSchema, body, '');
  if (!read.ok) return read;
  const { account_id: account, currency, owner, overdraft_limit = '0', transfer_limit, daily_limit } = read.value;
  const kind = read.value.kind ?? kindOf(account);
  const limit = readMoney(parseLimit(overdraft_limit, currency), 'overdraft_limit', 'currency');
  if (!limit.ok) return limit;
  const transferLimit = readLimit(transfer_limit, 'transfer_limit', currency);
  if (!transferLimit.ok) return transferLimit;
  const dailyLimit = readLimit(daily_limit, 'daily_limit', currency);
  if (!dailyLimit.ok) return dailyLimit;
  if (kind !== kindOf(account)) {
    return faulty('kind_mismatch', 'kind', `must be "${kindOf(account)}" for an account with this id`);
  }
  if (kind === 'settlement' && limit.value !== 0n) {
    return faulty('overdraft_on_settlement', 'overdraft_limit', 'must be left out for a settlement account');
  }
  const limits = namedLimits({ transferLimit: transferLimit.value, dailyLimit: dailyLimit.value });
  const [limited] = Object.keys(limits);
  if (kind === 'settlement' && limited !== undefined) {
    const field = limited === 'transferLimit' ? 'transfer_limit' : 'daily_limit';
    return faulty('limits_on_settlement', field, 'must be left out for a settlement account');
  }
  const properties = { account, kind, currency, owner, overdraftLimit: limit.value, ...limits };
  const refused = isOperator(caller) ? undefined : operatorsOnly(properties, caller);
  if (refused !== undefined) return refused;
  return { ok: true, value: { type: 'OpenAccount', ...authorityOf(caller), request, ...properties, recheck: false } };
}

/** Customers open accounts of their own, and none that could make money. */
function operatorsOnly(asked: AccountProperties, { subject }: Caller): Read<never> | undefined {
  if (asked.kind === 'settlement') return faulty('operators_only', 'kind', 'may be "settlement" for operators only');
  if (asked.owner !== subject) return faulty('operators_only', 'owner', 'must be the subject of the token');
  if (asked.overdraftLimit === 0n) return undefined;
  return faulty('operators_only', 'overdraft_limit', 'may be above zero for operators only');
}

/**
 * A change of limits: what it does not name stays as it is, and null takes a limit away (of the overdraft: sets it to zero).
 *
 * @param asked which account's, and the identity of the request
 */
export function readLimitsRequest(
  body: unknown,
  caller: Caller,
  asked: { readonly account: string; readonly request: string },
): Read<ChangeLimits> {
  const read = readShape(limitsSchema, body, '');
  if (!read.ok) return read;
  if (kindOf(asked.account) === 'settlement') {
    return faulty('limits_on_settlement', 'account_id', 'must not be a settlement account, which has no limits');
  }
  const limits = readLimitChanges(read.value);
  if (!limits.ok) return limits;
  if (Object.keys(limits.value).length === 0) {
    return faulty('missing_field', 'body', 'must name one of overdraft_limit, transfer_limit and daily_limit');
  }
  const { currency } = read.value;
  const changes = { ...asked, currency, ...limits.value };
  return { ok: true, value: { type: 'ChangeLimits', ...authorityOf(caller), ...changes, recheck: false } };
}

function readLimitChanges(body: z.output<typeof limitsSchema>): Read<LimitChanges> {
  const { currency } = body;
  const overdraft = readLimit(body.overdraft_limit ?? undefined, 'overdraft_limit', currency);
  if (!overdraft.ok) return overdraft;
  const transfer = readLimit(body.transfer_limit ?? undefined, 'transfer_limit', currency);
  if (!transfer.ok) return transfer;
  const daily = readLimit(body.daily_limit ?? undefined, 'daily_limit', currency);
  if (!daily.ok) return daily;
  const overdraftLimit = body.overdraft_limit === null ? 0n : overdraft.value;
  const limits = namedLimits({
    transferLimit: body.transfer_limit === null ? null : transfer.value,
    dailyLimit: body.daily_limit === null ? null : daily.value,
  });
  return { ok: true, value: overdraftLimit === undefined ? limits : { overdraftLimit, ...limits } };
}

export const cashSchema = z.strictObject({
  transaction_id: transferField,
  account_id: accountField,
  settlement_account: accountField,
  amount: z.string(),
  currency: currencyField,
  ...noteFields,
});

export const lookupSchema = z.strictObject({
  transaction_ids: z
    .array(transferField)
    .check(z.minLength(1, messages.lookup), z.maxLength(MAX_LOOKUP_TRANSFERS, messages.lookup)),
});

const commandOfOperation = { freeze: 'FreezeAccount', unfreeze: 'UnfreezeAccount', close: 'CloseAccount' } as const;

/** A request that has all it needs in its path; its body is absent or an empty object. */
export function readOperationRequest(
  body: unknown,
  caller: Caller,
  asked: { readonly operation: AccountOperation; readonly account: string; readonly request: string },
): Read<FreezeAccount | UnfreezeAccount | CloseAccount> {
  const read = body === undefined || body === null ? undefined : readShape(nothingSchema, body, '');
  if (read?.ok === false) return read;
  const { operation, account, request } = asked;
  return {
    ok: true,
    value: { type: commandOfOperation[operation], ...authorityOf(caller), request, account, recheck: false },
  };
}

/** An account's id from a path. */
export function readAccountId(text: string): Read<string> {
  if (accountId.safeParse(text).success) return { ok: true, value: text };
  return faulty('invalid_value', 'account_id', messages.account);
}

/** A transfer's id from a path, in lower case. */
export function readTransferId(text: string): Read<string> {
  const id = transferId.safeParse(text.toLowerCase());
  return id.success ? { ok: true, value: id.data } : faulty('invalid_value', 'transaction_id', messages.uuid);
}

/** A request's identity from the header `Idempotency-Key`, with or without the quotes of a structured field (RFC 9651). */
export function readIdempotencyKey(text: string): Read<string> {
  const key = requestId.safeParse(text.trim().replace(/^"(.*)"$/, '$1'));
  if (!key.success) return faulty('invalid_value', 'Idempotency-Key', messages.request);
  if (key.data.startsWith(OWN_REQUEST_PREFIX)) {
    return faulty(
      'invalid_value',
      'Idempotency-Key',
      `must not begin with "${OWN_REQUEST_PREFIX}", which is the wallet's own`,
    );
  }
  return { ok: true, value: key.data };
}

/** Times between which something is asked for: from the first on, up to and without the second. UTC milliseconds. */
export interface Period {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The query parameters `from` and `to`, either of which may be missing. */
export function readPeriod({ from, to }: Readonly<Record<string, string | undefined>>): Read<Period> {
  const first = from === undefined ? undefined : readTimeParameter('from', from);
  if (first?.ok === false) return first;
  const end = to === undefined ? undefined : readTimeParameter('to', to);
  if (end?.ok === false) return end;
  if (first !== undefined && end !== undefined && end.value <= first.value) {
    return faulty('invalid_value', 'to', 'must be later than from');
  }
  return { ok: true, value: { from: first?.value, to: end?.value } };
}

/** Whether transfers to an account, or from it, are asked for; both unless the parameter is there. */
export function readDirection(text: string | undefined): Read<'in' | 'out' | undefined> {
  if (text === undefined || text === 'in' || text === 'out') return { ok: true, value: text };
  return faulty('invalid_value', 'direction', 'must be "in" or "out"');
}

/** The query parameter `owner`. */
export function readOwner(text: string): Read<string> {
  return partyName.safeParse(text).success
    ? { ok: true, value: text }
    : faulty('invalid_value', 'owner', messages.owner);
}

/** The state that a list of transfers is asked for: those that are open are all that can be listed without an account. */
export function readListedState(text: string | undefined): Read<'open'> {
  if (text === undefined || text === 'open') return { ok: true, value: 'open' };
  return faulty('invalid_value', 'state', 'must be "open"; the transfers of an account are at its own path');
}

/** Ids of transfers to look up, in lower case, each once. */
export function readLookupRequest(body: unknown): Read<readonly string[]> {
  const read = readShape(lookupSchema, body, '');
  if (!read.ok) return read;
  return { ok: true, value: [...new Set(read.value.transaction_ids.map((id) => id.toLowerCase()))] };
}

/** What cash does to an account: it comes in from a settlement account, or goes out to one. */
export type CashDirection = 'deposit' | 'withdrawal';

/** The debit that a deposit or withdrawal begins with: it is a transfer like any other. */
export function readCashRequest(body: unknown, caller: Caller, direction: CashDirection): Read<DebitAccount> {
  const read = readShape(cashSchema, body, '');
  if (!read.ok) return read;
  const { account_id: account, settlement_account: settlement, ...rest } = read.value;
  if (kindOf(settlement) !== 'settlement') {
    return faulty('kind_mismatch', 'settlement_account', `must begin with "${SETTLEMENT_PREFIX}"`);
  }
  if (kindOf(account) === 'settlement')
    return faulty('kind_mismatch', 'account_id', 'must not be a settlement account');
  const [from, to] = direction === 'deposit' ? [settlement, account] : [account, settlement];
  return readTransferRequest({ ...rest, from_account: from, to_account: to }, caller);
}

/** UTC milliseconds of a query parameter. */
export function readTimeParameter(field: string, text: string): Read<number> {
  const ms = readTimestamp(text);
  return ms === undefined ? faulty('invalid_value', field, messages.timestamp) : { ok: true, value: ms };
}

export function readFlagParameter(field: string, text: string): Read<boolean> {
  if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' };
  return faulty('invalid_value', field, messages.boolean);
}

function kindOf(account: string): AccountKind {
  return account.startsWith(SETTLEMENT_PREFIX) ? 'settlement' : 'customer';
}

const moneyFaults = {
  unknown_currency: 'must be the three capital letters of a currency of ISO 4217, such as "EUR"',
  not_a_decimal:
    'must be digits with at most one point, without sign, exponent, spaces or leading zeros, such as "10.50"',
  too_many_decimals: 'must not have more decimals than the currency',
  too_many_digits: `must not have more than ${MAX_AMOUNT_DIGITS} digits in minor units`,
  not_positive: 'must be above zero',
} as const;

function readMoney(parsed: ParsedAmount, amountField: string, currencyField: string): Read<bigint> {
  if (parsed.ok) return { ok: true, value: parsed.minor };
  const field = parsed.fault === 'unknown_currency' ? currencyField : amountField;
  return faulty(parsed.fault, field, moneyFaults[parsed.fault]);
}

function readLimit(text: string | undefined, field: string, currency: string): Read<bigint | undefined> {
  return text === undefined ? { ok: true, value: undefined } : readMoney(parseLimit(text, currency), field, 'currency');
}

/** Checks the shape of a value; of several faults the first is told. */
export function readShape<Shape extends z.ZodMiniType>(
  schema: Shape,
  value: unknown,
  path: string,
): Read<z.output<Shape>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return issue === undefined ? faulty('invalid_value', path || 'body', 'is not valid') : faultOf(issue, value, path);
}

function faultOf(issue: z.core.$ZodIssue, value: unknown, path: string): Read<never> {
  const place = issue.path.reduce((sofar: string, step) => at(sofar, step), path);
  const field = place || 'body';
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return faulty('unknown_field', at(place, key.slice(0, MAX_ECHO_LENGTH)), 'is not known here');
  }
  if (issue.code !== 'invalid_type') return faulty('invalid_value', field, issue.message);
  if (isAbsent(value, issue.path))
    return faulty('missing_field', field, `must be given, as ${article(issue.expected)}`);
  const why = isMoneyField(issue.path) ? ', such as "10.50": a JSON number may lose digits on its way' : '';
  return faulty('wrong_type', field, `must be ${article(issue.expected)}${why}`);
}

export function faulty(reason: RequestFault, field: string, what: string): Read<never> {
  return { ok: false, fault: { reason, field, detail: `${field} ${what}.` } };
}

/** The path of a member: `a`, `a.b`, `a[3]`. */
function at(path: string, step: PropertyKey): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  return path === '' ? String(step) : `${path}.${String(step)}`;
}

function isAbsent(value: unknown, path: readonly PropertyKey[]): boolean {
  let member = value;
  for (const step of path) {
    if (!isRecord(member) || !Object.hasOwn(member, step)) return true;
    member = member[step];
  }
  return false;
}

const moneyFields: ReadonlySet<PropertyKey | undefined> = new Set([
  'amount',
  'overdraft_limit',
  'transfer_limit',
  'daily_limit',
]);

function isMoneyField(path: readonly PropertyKey[]): boolean {
  return moneyFields.has(path.at(-1));
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
