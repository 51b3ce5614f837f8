/**
 * Problem documents (RFC 9457): how the wallet tells that something was not done, and why. One table leads from each reason to
 * its type, title, HTTP status and metric.
 */
import type { AmountFault } from '../domain/money.ts';
import type { Reason } from '../domain/reason.ts';
import { type MetricName, metrics } from './env.ts';

/** Reasons that show before an account is asked. */
export type RequestFault =
  | AmountFault
  /** The body is not JSON, or JSON that two readers could understand differently. */
  | 'malformed_body'
  /** What arrived is not HTTP as it should be. */
  | 'malformed_request'
  | 'unsupported_media_type'
  | 'body_too_large'
  /** A query parameter that is not known here. */
  | 'unknown_parameter'
  /** A query parameter that comes more than once. */
  | 'repeated_parameter'
  | 'missing_field'
  | 'unknown_field'
  /** A value of another JSON type, for instance a number where amounts are strings. */
  | 'wrong_type'
  | 'invalid_value'
  /** A transfer from an account to itself. */
  | 'same_account'
  /** Ids that begin with `settlement:` are for accounts of kind `settlement`, and only for those. */
  | 'kind_mismatch'
  /** Settlement accounts have no lower limit, so they can have no overdraft limit. */
  | 'overdraft_on_settlement'
  /** Nor have they limits of a transfer or a day. */
  | 'limits_on_settlement'
  /** The identity stands for other content already. */
  | 'content_conflict'
  /** No token came with the request, or none that is good. */
  | 'not_authenticated'
  /** The token does not permit the operation. */
  | 'missing_scope'
  /** The token permits the operation, but not with these properties. */
  | 'operators_only'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'transfer_not_found'
  | 'webhook_not_found'
  /** The address of a webhook is none that may be called. */
  | 'webhook_refused'
  | 'too_many_webhooks'
  /** A service below asks to be called less often. */
  | 'throttled'
  /** A service below does not answer as it should; the same request may succeed later. */
  | 'unavailable'
  /** A fault of the wallet itself. */
  | 'internal_error';

export type ProblemReason = Reason | RequestFault;

interface ProblemRow {
  readonly title: string;
  readonly status: number;
  readonly metric: MetricName;
}

const refused = (status: number, title: string): ProblemRow => ({ status, title, metric: metrics.requestsRefused });
const invalid = (status: number, title: string): ProblemRow => ({ status, title, metric: metrics.requestsInvalid });
const unserved = (status: number, title: string): ProblemRow => ({ status, title, metric: metrics.requestsUnserved });

const table: Readonly<Record<ProblemReason, ProblemRow>> = {
  cancelled: refused(409, 'The transfer was given up by an operator.'),
  account_not_found: refused(404, 'The account was never opened.'),
  not_owner: refused(403, "The account is not the caller's own."),
  account_closed: refused(409, 'The account is closed or is being closed.'),
  account_exists: refused(409, 'The account is open already, with other properties.'),
  account_frozen: refused(409, 'The account is frozen.'),
  currency_mismatch: refused(409, 'The account is held in another currency.'),
  close_superseded: refused(409, 'The closing is over, or was started again.'),
  not_empty: refused(409, 'The balance or the holds of the account are not zero.'),
  transfer_limit_exceeded: refused(409, 'The amount is above the limit of a transfer.'),
  daily_limit_exceeded: refused(409, 'The amount is above what is left of the limit of the day.'),
  insufficient_funds: refused(409, 'The account has not enough funds.'),

  malformed_body: invalid(400, 'The body is not readable JSON.'),
  malformed_request: invalid(400, 'The request is not readable.'),
  unsupported_media_type: invalid(415, 'The body is not of type application/json.'),
  body_too_large: invalid(413, 'The body is too large.'),
  unknown_parameter: invalid(400, 'A query parameter is not known.'),
  repeated_parameter: invalid(400, 'A query parameter comes more than once.'),
  missing_field: invalid(400, 'A field is missing.'),
  unknown_field: invalid(400, 'A field is not known.'),
  wrong_type: invalid(400, 'A value is of the wrong JSON type.'),
  invalid_value: invalid(400, 'A value is not valid.'),
  unknown_currency: invalid(400, 'The currency is none of ISO 4217.'),
  not_a_decimal: invalid(400, 'The amount is not a decimal number.'),
  too_many_decimals: invalid(400, 'The amount has more decimals than its currency.'),
  too_many_digits: invalid(400, 'The amount has too many digits.'),
  not_positive: invalid(400, 'The amount is not positive.'),
  same_account: invalid(400, 'The payer and the payee are the same account.'),
  kind_mismatch: invalid(400, 'The id and the kind of the account do not match.'),
  overdraft_on_settlement: invalid(400, 'A settlement account has no overdraft limit.'),
  limits_on_settlement: invalid(400, 'A settlement account has no limits.'),
  content_conflict: { status: 409, title: 'The identity stands for other content.', metric: metrics.conflicts },
  not_authenticated: invalid(401, 'The request has no token, or none that is good.'),
  missing_scope: invalid(403, 'The token does not permit the operation.'),
  operators_only: invalid(403, 'Only operators may ask for that.'),
  route_not_found: invalid(404, 'There is nothing at this path.'),
  method_not_allowed: invalid(405, 'The method is not allowed here.'),
  transfer_not_found: invalid(404, 'The transfer is not known.'),
  webhook_not_found: invalid(404, 'The webhook is not known.'),
  webhook_refused: invalid(400, 'The address is none that a webhook may have.'),
  too_many_webhooks: invalid(409, 'There are as many webhooks as a tenant may have.'),

  throttled: unserved(429, 'There are too many requests at the moment.'),
  unavailable: unserved(503, 'The wallet cannot serve the request at the moment.'),
  internal_error: { status: 500, title: 'The wallet failed.', metric: metrics.requestsBroken },
};

/** All reasons that a problem document may have. */
export const problemReasons: readonly ProblemReason[] = Object.keys(table).filter(isProblemReason);

function isProblemReason(name: string): name is ProblemReason {
  return Object.hasOwn(table, name);
}

export function problemRow(reason: ProblemReason): ProblemRow {
  return table[reason];
}

/**
 * HTTP status of every failed transfer, whatever its reason: the request was understood and the transfer exists, as failed. The
 * statuses of the table are for requests that address the account itself, where for instance 404 is true of the path.
 */
export const FAILED_TRANSFER_STATUS = 422;

/** A problem document. The wallet's own members stand beside those of RFC 9457. */
export interface Problem {
  /** Identifies the reason to programs; a name, not an address. */
  readonly type: string;
  readonly title: string;
  /** HTTP status, also where the document stands for one item of a batch. */
  readonly status: number;
  readonly detail: string;
  readonly reason: ProblemReason;
  readonly [member: string]: unknown;
}

/** Begins the type of every problem; `-` stands there for the `_` of the reason. */
export const PROBLEM_TYPE_PREFIX = 'urn:problem-type:wallet:';

/**
 * A problem document for a reason.
 *
 * @param detail what is special about this occurrence, for people
 * @param members the wallet's own members; one that has a name of RFC 9457 gives way
 */
export function problemOf(
  reason: ProblemReason,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const { title, status } = table[reason];
  const type = PROBLEM_TYPE_PREFIX + reason.replaceAll('_', '-');
  return { ...members, type, title, status, detail, reason };
}

/** As {@link problemOf}, for a transfer that failed. */
export function failedTransferOf(reason: Reason, members: Readonly<Record<string, unknown>>): Problem {
  return { ...problemOf(reason, table[reason].title, members), status: FAILED_TRANSFER_STATUS };
}
