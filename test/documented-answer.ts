/**
 * Holds answers to the document of the API: the status is one of the operation's, the body fits its schema and has no member that
 * the schema does not know, and a problem is one that the operation can have. Whoever asks for something that is no operation gets
 * a problem document.
 */
import * as z from 'zod/mini';
import { problem } from '../core/contracts/answer-schemas.ts';
import { type OperationDocument, operationDocuments } from '../core/contracts/operation-documents.ts';
import { type OperationId, operation, operationIds } from '../core/contracts/operations.ts';
import { problemsByStatus } from '../local/openapi/document.ts';

export interface AnswerOnTheWire {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** Throws what is wrong with an answer; does nothing if it is as documented. */
export function assertDocumented(method: string, path: string, answer: AnswerOnTheWire): void {
  // As for the router, a path that is somebody's own is not a value of another's name.
  const own = operationIds.filter((one) => operation(one).path === path);
  const here = own.length > 0 ? own : operationIds.filter((one) => matches(operation(one).path, path));
  const id = here.find((one) => operation(one).method === method);
  const fault = faultOf(id, answer);
  if (fault !== undefined) {
    throw new Error(`${method} ${path} answers ${answer.status} ${JSON.stringify(answer.body)}: ${fault}`);
  }
}

function faultOf(id: OperationId | undefined, answer: AnswerOnTheWire): string | undefined {
  if (answer.status >= 400) return faultOfProblem(id, answer);
  if (id === undefined) return 'no operation is there';
  const { status, body } = answer;
  const [contentType = ''] = answer.contentType.split(';');
  const page: OperationDocument = operationDocuments[id];
  const schema = page.answers[status]?.content[contentType.split(';')[0] ?? ''];
  if (schema === undefined) return `${id} is not documented to answer so, as ${contentType}`;
  const read = schema.safeParse(body);
  if (!read.success) return z.prettifyError(read.error);
  const isWhole = JSON.stringify(sorted(read.data)) === JSON.stringify(sorted(body));
  return isWhole ? undefined : 'it has members that are not documented';
}

function faultOfProblem(
  id: OperationId | undefined,
  { status, contentType, body }: AnswerOnTheWire,
): string | undefined {
  if (contentType !== 'application/problem+json') return `a problem is of type ${contentType}`;
  const read = problem.safeParse(body);
  if (!read.success) return z.prettifyError(read.error);
  if (read.data.status !== status) return `the document says ${read.data.status}`;
  if (id === undefined) return undefined;
  const reasons = problemsByStatus(operation(id), operationDocuments[id]).get(status) ?? [];
  return reasons.includes(read.data.reason) ? undefined : `${id} is not documented to have this problem`;
}

function matches(pattern: string, path: string): boolean {
  const names = pattern.split('/');
  const values = path.split('/');
  return names.length === values.length && names.every((name, i) => name.startsWith('{') || name === values[i]);
}

/** With members in alphabetic order, so that the order of a schema's does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
