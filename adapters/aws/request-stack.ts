/** The part of a client's middleware stack that taps need: to see each request once, before it is sent. */
interface RequestContext {
  /** Name of the client's class, as `DynamoDBClient`. */
  readonly clientName?: string;
  /** Name of the command's class, as `PutRecordsCommand`. */
  readonly commandName?: string;
}

type Send<Args, Answer> = (args: Args) => Promise<Answer>;

export interface CommandStack {
  add(
    tap: <Args extends { input: object }, Answer>(
      next: Send<Args, Answer>,
      context: RequestContext,
    ) => Send<Args, Answer>,
    options: { step: 'initialize'; name: string },
  ): void;
}
