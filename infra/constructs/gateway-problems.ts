/**
 * What API Gateway answers itself, before or instead of a function: the same problem documents as everywhere (RFC 9457), with the
 * types of the one table of problems. It makes about twenty kinds; those that are not named here fall to the two defaults.
 */
import { type GatewayResponseOptions, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ProblemReason, problemOf } from '../../core/contracts/problems.ts';

/** Seconds after which a request that met a limit may come again. A quota of a day is not worth asking for every second. */
const RETRY_SECONDS = { rate: 1, quota: 3_600, trouble: 1 } as const;
/** As RFC 6750 wants it for a request without a good token. */
const CHALLENGE = 'Bearer realm="wallet", error="invalid_token"';

type Refusal = GatewayResponseOptions & { readonly type: ResponseType };

export function addGatewayProblems(api: RestApi): void {
  for (const refusal of refusals()) api.addGatewayResponse(idOf(refusal), refusal);
}

function refusals(): readonly Refusal[] {
  const challenge = { 'WWW-Authenticate': CHALLENGE };
  const later = (seconds: number) => ({ 'Retry-After': String(seconds) });
  const trouble = later(RETRY_SECONDS.trouble);
  return [
    // What API Gateway calls a missing token, where no method asks for a signature, is a route that does not exist.
    refusal(ResponseType.MISSING_AUTHENTICATION_TOKEN, 404, 'route_not_found'),
    refusal(ResponseType.UNAUTHORIZED, 401, 'not_authenticated', challenge),
    // The authorizer denies nothing but tokens that are not good; what a token permits is the functions' question.
    refusal(ResponseType.ACCESS_DENIED, 401, 'not_authenticated', challenge),
    refusal(ResponseType.INVALID_SIGNATURE, 403, 'missing_scope'),
    refusal(ResponseType.EXPIRED_TOKEN, 403, 'missing_scope'),
    // Callers send no keys: the authorizer named one that there is not.
    refusal(ResponseType.INVALID_API_KEY, 500, 'internal_error', trouble),
    // The issuer's keys cannot be had.
    refusal(ResponseType.AUTHORIZER_FAILURE, 503, 'unavailable', trouble),
    refusal(ResponseType.AUTHORIZER_CONFIGURATION_ERROR, 500, 'internal_error', trouble),
    refusal(ResponseType.BAD_REQUEST_BODY, 400, 'malformed_body'),
    refusal(ResponseType.BAD_REQUEST_PARAMETERS, 400, 'malformed_request'),
    refusal(ResponseType.RESOURCE_NOT_FOUND, 404, 'route_not_found'),
    refusal(ResponseType.REQUEST_TOO_LARGE, 413, 'body_too_large'),
    refusal(ResponseType.UNSUPPORTED_MEDIA_TYPE, 415, 'unsupported_media_type'),
    refusal(ResponseType.THROTTLED, 429, 'throttled', later(RETRY_SECONDS.rate)),
    refusal(ResponseType.QUOTA_EXCEEDED, 429, 'throttled', later(RETRY_SECONDS.quota)),
    refusal(ResponseType.API_CONFIGURATION_ERROR, 500, 'internal_error', trouble),
    refusal(ResponseType.INTEGRATION_FAILURE, 502, 'unavailable', trouble),
    refusal(ResponseType.INTEGRATION_TIMEOUT, 504, 'unavailable', trouble),
    refusal(ResponseType.WAF_FILTERED, 403, 'malformed_request'),
    fallback(ResponseType.DEFAULT_4XX, 'malformed_request'),
    fallback(ResponseType.DEFAULT_5XX, 'unavailable'),
  ];
}

function refusal(
  type: ResponseType,
  status: number,
  reason: ProblemReason,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { type, statusCode: String(status), ...answerOf({ ...problemOf(reason, DETAIL), status }, headers) };
}

/** For kinds of answers that API Gateway may get: each keeps its own status, so the document does not say one. */
function fallback(type: ResponseType, reason: ProblemReason): Refusal {
  const { status: _, ...problem } = problemOf(reason, DETAIL);
  return { type, ...answerOf(problem, {}) };
}

const DETAIL = 'The request did not reach the wallet.';

function answerOf(problem: object, headers: Readonly<Record<string, string>>) {
  const constant = (value: string) => `'${value}'`;
  const own = Object.entries(headers).map(([name, value]) => [name, constant(value)]);
  return {
    responseHeaders: {
      'Content-Type': constant('application/problem+json'),
      'Cache-Control': constant('no-store'),
      'X-Correlation-Id': 'context.requestId',
      ...Object.fromEntries(own),
    },
    // The key says what the request accepts by default; the header above says what it gets.
    templates: { 'application/json': JSON.stringify(problem) },
  };
}

function idOf(response: Refusal): string {
  return response.type.responseType
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
