/** How the commands of `wallet` end; programs that call them rely on it. */
export const exitCodes = {
  /** Done; what was checked is right. */
  ok: 0,
  /** Done; what was checked is not right, and the output says what. */
  wrong: 1,
  /** The command was not understood. */
  usage: 2,
  /** There is no such account, transfer or day. */
  notFound: 3,
  /** The wallet's data cannot be reached or read. */
  unreadable: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message instead of a trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
