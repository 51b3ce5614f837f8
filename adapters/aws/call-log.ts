/**
 * What a function asked of AWS, one JSON line per request, so that a test can hold it against the function's role. Written only
 * where the environment names a file for it, which no preset but `local` does.
 */
import { appendFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { env } from '../../core/contracts/env.ts';
import type { CommandStack } from './request-stack.ts';

/** One request. */
export interface LoggedCall {
  /** Name of the function that asked; empty outside Lambda. */
  readonly fn: string;
  /** As `DynamoDB`. */
  readonly service: string;
  /** As `BatchExecuteStatement`. */
  readonly operation: string;
  /** Names or ARNs of tables, streams and state machines; of objects `bucket/key`. */
  readonly resources: readonly string[];
  /** First words of PartiQL statements, or what the items of a transaction are to be, each once. */
  readonly verbs: readonly string[];
}

const inputSchema = z.object({
  TableName: z.optional(z.string()),
  StreamName: z.optional(z.string()),
  stateMachineArn: z.optional(z.string()),
  Bucket: z.optional(z.string()),
  Key: z.optional(z.unknown()),
  RequestItems: z.optional(z.record(z.string(), z.unknown())),
  Statements: z.optional(z.array(z.object({ Statement: z.optional(z.string()) }))),
  TransactItems: z.optional(z.array(z.record(z.string(), z.object({ TableName: z.optional(z.string()) })))),
});

/** Lets a client write its requests to the call log, where there is one. */
export function logCalls(stack: CommandStack): void {
  const file = process.env[env.callLog];
  if (file === undefined || file === '') return;
  stack.add(
    (next, { clientName = '', commandName = '' }) =>
      (args) => {
        appendFileSync(file, `${JSON.stringify(describeCall(clientName, commandName, args.input))}\n`);
        return next(args);
      },
    { step: 'initialize', name: 'callLog' },
  );
}

/** What a request asks for, and of what. */
export function describeCall(clientName: string, commandName: string, request: object): LoggedCall {
  const input = inputSchema.parse(request);
  const statements = (input.Statements ?? []).map(({ Statement = '' }) => Statement);
  const object = input.Bucket === undefined ? [] : [`${input.Bucket}/${String(input.Key ?? '')}`];
  const named = [input.TableName, input.StreamName, input.stateMachineArn].filter((name) => name !== undefined);
  const parts = (input.TransactItems ?? []).flatMap((part) => Object.entries(part));
  const tables = [
    ...statements.flatMap((statement) => /"([^"]+)"/.exec(statement)?.[1] ?? []),
    ...parts.flatMap(([, { TableName }]) => TableName ?? []),
  ];
  const verbs = [
    ...statements.flatMap((statement) => /^\w+/.exec(statement)?.[0] ?? []),
    ...parts.map(([verb]) => verb),
  ];
  return {
    fn: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    service: clientName.replace(/Client$/, ''),
    operation: commandName.replace(/Command$/, ''),
    resources: [...new Set([...named, ...object, ...Object.keys(input.RequestItems ?? {}), ...tables])],
    verbs: [...new Set(verbs)],
  };
}
