/** What a request brings, before a route sees it: its body as JSON, its query without what nobody knows. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Operation } from '../../core/contracts/operations.ts';
import { type Problem, type ProblemReason, problemOf } from '../../core/contracts/problems.ts';
import { readStrictJson } from './strict-json.ts';

/** Most bytes of a body: several times what the largest batch needs, and far below the 6 MB that a function can be called with. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** A name that comes back in a problem is cut to this length. */
const MAX_ECHO_LENGTH = 64;

export type RequestRead<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** The body as JSON; null if there is none, or where the method gives a body no meaning. */
export function readBody(operation: Operation, event: APIGatewayProxyEvent): RequestRead<unknown> {
  const { body } = event;
  if (operation.method !== 'POST' || body === null) return { ok: true, value: null };
  if (operation.body === 'none' && body === '') return { ok: true, value: null };
  if (isTooLarge(event)) return refused('body_too_large', `The body may have ${MAX_BODY_BYTES} bytes.`);
  if (!isJson(contentTypeOf(event))) return refused('unsupported_media_type', 'Send the body as application/json.');
  const text = event.isBase64Encoded ? decodedUtf8(body) : body;
  if (text === undefined) return refused('malformed_body', 'The body is not UTF-8.');
  const read = readStrictJson(text);
  return read.ok ? read : refused('malformed_body', read.detail);
}

/**
 * The query's parameters. One that the operation does not know may be a misspelt one that it does, and of one that comes twice
 * two readers may take different values, so both are refused.
 */
export function readQuery(
  { query }: Operation,
  { queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent,
): RequestRead<Readonly<Record<string, string | undefined>>> {
  const given = queryStringParameters ?? {};
  const unknown = Object.keys(given).find((name) => !query.includes(name));
  if (unknown !== undefined) {
    const field = unknown.slice(0, MAX_ECHO_LENGTH);
    const known = query.length === 0 ? 'No parameters are known here.' : `Known here: ${query.join(', ')}.`;
    return refused('unknown_parameter', known, field);
  }
  const repeated = query.find((name) => (multiValueQueryStringParameters?.[name]?.length ?? 0) > 1);
  if (repeated !== undefined) return refused('repeated_parameter', `${repeated} must be given once.`, repeated);
  return { ok: true, value: given };
}

function refused(reason: ProblemReason, detail: string, field?: string): RequestRead<never> {
  return { ok: false, problem: problemOf(reason, detail, field === undefined ? {} : { field }) };
}

function isTooLarge({ body, isBase64Encoded }: APIGatewayProxyEvent): boolean {
  return body !== null && Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') > MAX_BODY_BYTES;
}

function contentTypeOf({ headers }: APIGatewayProxyEvent): string {
  return headers?.['content-type'] ?? headers?.['Content-Type'] ?? '';
}

/** JSON is UTF-8 (RFC 8259); a charset that says otherwise is refused, not guessed at. */
function isJson(contentType: string): boolean {
  return /^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(contentType);
}

function decodedUtf8(base64: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
