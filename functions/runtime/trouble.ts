/** What an exception means to somebody who called the API. */
import { isPassing, isThrottling, StoreFailure, StreamFailure } from '../../adapters/aws/failures.ts';
import { type Problem, problemOf } from '../../core/contracts/problems.ts';

/** Seconds after which a request that met trouble may come again. */
export const RETRY_AFTER_SECONDS = 1;
/** Causes below one another that are looked at; more than any adapter makes. */
const MAX_CAUSES = 8;

const details = {
  throttled: 'Ask again a little later; with the same identity nothing is done twice.',
  unavailable: 'Ask again a little later; with the same identity nothing is done twice.',
  internal_error: 'The fault is recorded. What was asked for may have been done.',
  unsupported_media_type: 'Send the body as application/json.',
  malformed_body: 'The body could not be read as JSON.',
} as const;

/** The problem document for an exception. It tells nothing of what is inside. */
export function problemOfException(exception: unknown): Problem {
  const reason = reasonOf(exception);
  return problemOf(reason, details[reason]);
}

function reasonOf(exception: unknown): keyof typeof details {
  const causes = causesOf(exception);
  if (causes.some(isThrottling)) return 'throttled';
  if (causes.some((cause) => isPassing(cause) || cause instanceof StoreFailure || cause instanceof StreamFailure)) {
    return 'unavailable';
  }
  return bodyFaultOf(exception) ?? 'internal_error';
}

/** Middy's body parser refuses with these statuses; nothing else in the wallet throws errors with a status. */
function bodyFaultOf(exception: unknown): 'unsupported_media_type' | 'malformed_body' | undefined {
  if (!(exception instanceof Error) || !('statusCode' in exception)) return undefined;
  if (exception.statusCode === 415) return 'unsupported_media_type';
  return exception.statusCode === 422 ? 'malformed_body' : undefined;
}

function causesOf(exception: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let cause = exception;
  while (cause instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(cause);
    cause = cause.cause;
  }
  return causes;
}
