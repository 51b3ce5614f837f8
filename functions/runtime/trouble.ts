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
  return 'internal_error';
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
