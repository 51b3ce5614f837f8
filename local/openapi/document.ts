/** The OpenAPI document of the wallet's API, made from the table of operations and its pages. */

import * as z from 'zod/mini';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { problem } from '../../core/contracts/answer-schemas.ts';
import {
  type AnswerDocument,
  type AnswerHeader,
  type Example,
  type OperationDocument,
  operationDocuments,
  pathParameters,
  tags,
} from '../../core/contracts/operation-documents.ts';
import {
  type Operation,
  type OperationId,
  operation,
  operationIds,
  type RequestHeader,
} from '../../core/contracts/operations.ts';
import { FAILED_TRANSFER_STATUS, type ProblemReason, problemRow } from '../../core/contracts/problems.ts';

const PROBLEM = 'application/problem+json';

/** Reasons that any request may meet. */
const ofAnyRequest: readonly ProblemReason[] = [
  'invalid_value',
  'unknown_parameter',
  'repeated_parameter',
  'throttled',
  'unavailable',
  'internal_error',
];
/** Reasons that any request with a body may meet. */
const ofAnyBody: readonly ProblemReason[] = [
  'malformed_body',
  'missing_field',
  'unknown_field',
  'wrong_type',
  'invalid_value',
  'body_too_large',
  'unsupported_media_type',
];

/** Bodies of answers by operation and name of the example. */
export type RecordedAnswers = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** The document as a value; JSON of it is what is served. */
export function openApiDocument(version: string, recorded: RecordedAnswers) {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Wallet',
      version,
      summary: 'Transfers between accounts, exactly once.',
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '..', description: 'Where this document was found, also below the name of a stage.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: paths(recorded),
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token (RFC 6750) with scopes of the wallet.',
        },
      },
    },
  });
}

const INTRODUCTION = `Amounts are decimal strings in major units, times are RFC 3339 in UTC. A transfer is identified by its \`transaction_id\`, any other
POST by the header \`Idempotency-Key\`: what is sent again is done once. What is not done is a problem document (RFC 9457) whose \`type\`
is stable; \`reason\` is its last part. Answers may get new members, so clients ignore what they do not know.`;

function paths(recorded: RecordedAnswers): ZodOpenApiPathsObject {
  const all: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const id of operationIds) {
    const row = operation(id);
    all[row.path] = { ...all[row.path], [row.method.toLowerCase()]: operationObject(id, row, recorded) };
  }
  return all;
}

function operationObject(id: OperationId, row: Operation, recorded: RecordedAnswers): ZodOpenApiOperationObject {
  const page: OperationDocument = operationDocuments[id];
  const shown = (status: number) => examplesOf(id, status, recorded);
  return {
    operationId: id,
    tags: [page.tag],
    summary: page.summary,
    description: page.description,
    security: row.scopes.length === 0 ? [] : row.scopes.map((scope) => ({ bearer: [scope] })),
    requestParams: { path: pathShape(row.path), query: queryShape(page), header: headerShape(row) },
    ...(page.request === undefined ? {} : { requestBody: requestBody(row, page.request, page.examples) }),
    responses: responses(row, page, shown),
  };
}

function requestBody(row: Operation, schema: z.ZodMiniType, examples: OperationDocument['examples']) {
  const shown = Object.entries(examples).flatMap(([name, { body }]) =>
    body === undefined ? [] : [[name, { value: body }]],
  );
  const content = {
    'application/json': { schema, ...(shown.length === 0 ? {} : { examples: Object.fromEntries(shown) }) },
  };
  return { required: row.body === 'json', content };
}

function pathShape(path: string) {
  const names: ReadonlySet<string> = new Set(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name));
  return z.object(Object.fromEntries(Object.entries(pathParameters).filter(([name]) => names.has(name))));
}

function queryShape({ query }: OperationDocument) {
  return z.object(Object.fromEntries(Object.entries(query).map(([name, schema]) => [name, z.optional(schema)])));
}

const headerSchemas: Readonly<Record<RequestHeader, z.ZodMiniType>> = {
  Prefer: z.string().check(
    z.meta({
      description:
        'How long to wait for the outcome (RFC 7240): `wait=N` seconds, at most 25, 5 unless given; or `respond-async`.',
      examples: ['wait=10'],
    }),
  ),
  'Idempotency-Key': z.string().check(
    z.regex(/^[A-Za-z0-9:_.-]{1,64}$/),
    z.meta({
      description: 'Identity of the request: sent again with the same key it is done once.',
      examples: ['open-alice-1'],
    }),
  ),
};

function headerShape({ headers }: Operation) {
  return z.object(Object.fromEntries(headers.map((name) => [name, z.optional(headerSchemas[name])])));
}

type ShownExamples = (status: number) => ReturnType<typeof examplesOf>;

function responses(row: Operation, page: OperationDocument, shown: ShownExamples): ZodOpenApiResponsesObject {
  const answers = Object.entries(page.answers).map(([status, answer]) => [
    status,
    answerObject(answer, shown(Number(status))),
  ]);
  const problems = [...problemsByStatus(row, page)].map(([status, reasons]) => [
    String(status),
    problemObject(status, reasons, shown(status)),
  ]);
  return Object.fromEntries([...answers, ...problems].sort(([a], [b]) => Number(a) - Number(b)));
}

function answerObject({ description, content, headers }: AnswerDocument, examples: ReturnType<ShownExamples>) {
  const byType = Object.entries(content).map(([type, schema]) => [
    type,
    { schema, ...(type === 'application/json' ? examples : {}) },
  ]);
  return { description, headers: headersOf(headers), content: Object.fromEntries(byType) };
}

/** Answers with this status, as they were recorded. One that is not recorded yet is left out, so that the first can be. */
function examplesOf(
  id: OperationId,
  status: number,
  recorded: RecordedAnswers,
): { readonly examples?: Record<string, { value: object }> } {
  const shown = Object.entries(operationDocuments[id].examples).flatMap(([name, example]: [string, Example]) => {
    const value = recorded[id]?.[name];
    return example.status === status && value !== undefined ? [[name, { value }]] : [];
  });
  return shown.length === 0 ? {} : { examples: Object.fromEntries(shown) };
}

/** Reasons for which an operation refuses, by HTTP status. */
export function problemsByStatus(
  row: Operation,
  page: OperationDocument,
): ReadonlyMap<number, readonly ProblemReason[]> {
  const byStatus = new Map<number, ProblemReason[]>();
  const add = (status: number, reason: ProblemReason) => {
    const sofar = byStatus.get(status) ?? [];
    if (!sofar.includes(reason)) byStatus.set(status, [...sofar, reason]);
  };
  const ofBody = row.method === 'POST' ? ofAnyBody : [];
  const ofCaller: readonly ProblemReason[] = row.scopes.length === 0 ? [] : ['not_authenticated', 'missing_scope'];
  for (const reason of [...page.problems, ...ofBody, ...ofCaller, ...ofAnyRequest])
    add(problemRow(reason).status, reason);
  for (const reason of page.failures ?? []) add(FAILED_TRANSFER_STATUS, reason);
  return byStatus;
}

const headersOfProblem: Readonly<Record<number, readonly AnswerHeader[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

function problemObject(status: number, reasons: readonly ProblemReason[], examples: ReturnType<ShownExamples>) {
  const told = reasons.map((reason) => `- \`${reason}\`: ${problemRow(reason).title}`).join('\n');
  const headers = headersOf(headersOfProblem[status] ?? []);
  return { description: told, headers, content: { [PROBLEM]: { schema: problem, ...examples } } };
}

const headerDescriptions: Readonly<Record<AnswerHeader, string>> = {
  Link: 'The next page (RFC 8288), relative to the path of the request.',
  Location: 'Where to look, relative to the path of the request.',
  'Retry-After': 'Seconds after which to ask again.',
  'X-Ledger-Reads': 'How many reads of the ledger a past moment took.',
  'WWW-Authenticate': 'What kind of token is asked for (RFC 6750).',
  'Preference-Applied': 'What was done of what `Prefer` asked for.',
};

function headersOf(names: readonly AnswerHeader[]) {
  const always = {
    'X-Correlation-Id': { description: 'Id under which the request is logged.', schema: { type: 'string' as const } },
  };
  const own = names.map((name) => [
    name,
    { description: headerDescriptions[name], schema: { type: 'string' as const } },
  ]);
  return { ...always, ...Object.fromEntries(own) };
}
