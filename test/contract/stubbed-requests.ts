/** Clients whose requests a test answers itself, so that it can be as unkind as a network or a throttled table. */
import type {
  BatchExecuteStatementInput,
  BatchGetItemInput,
  PutItemInput,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import type { PutRecordsInput } from '@aws-sdk/client-kinesis';

/** A request of any of the commands that are stubbed. */
export type StubbedRequest = Partial<
  BatchExecuteStatementInput &
    BatchGetItemInput &
    PutEventsCommandInput &
    PutItemInput &
    PutRecordsInput &
    UpdateItemInput
>;

/** Answers a request, or throws. `send` makes the request in earnest. */
export type Answer = (input: StubbedRequest, command: string, send: () => Promise<object>) => object | Promise<object>;

interface Answered {
  readonly output: object;
  readonly response: unknown;
}

interface Stack {
  add(
    tap: <Args extends { input: object }>(
      next: (args: Args) => Promise<Answered>,
      context: { readonly commandName?: string },
    ) => (args: Args) => Promise<Answered>,
    options: { readonly step: 'initialize'; readonly name: string },
  ): void;
}

/** Settings for a client that must not reach anything. */
export const nowhere = {
  endpoint: 'http://127.0.0.1:9',
  region: 'us-east-1',
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
};

/** Lets `answer` answer all requests of a client, above the SDK's own retries. */
export function answerRequests<Client extends { readonly middlewareStack: unknown }>(
  client: Client & { readonly middlewareStack: Stack },
  answer: Answer,
): Client {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const output = await answer(args.input, commandName, async () => (await next(args)).output);
        return { output: { $metadata: {}, ...output }, response: undefined };
      },
    { step: 'initialize', name: 'stub' },
  );
  return client;
}

/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(`${name} from a test`), { name, $metadata: { httpStatusCode } });
}

/** An error of the connection, as Node throws it. */
export function connectionError(code: string): Error {
  return Object.assign(new Error(`${code} from a test`), { code });
}
