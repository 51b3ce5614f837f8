/**
 * What can go wrong below a port, by kind. Each keeps its cause. Whether an effect happened is unknown in all of them, so the
 * callers do what they always do with infrastructure trouble: everything again.
 */

/** A store refused a request for good (access, validation), or did not answer within its retries. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** What a store holds cannot be read as what it should be. */
export class DamagedItem extends Error {
  override readonly name = 'DamagedItem';
}

/** Statuses were told for identities that were never claimed. */
export class UnclaimedStatus extends Error {
  override readonly name = 'UnclaimedStatus';
}

/** The stream did not take all records. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure';
}

/** A saga was not started. */
export class SagaStartFailure extends Error {
  override readonly name = 'SagaStartFailure';
}

/** A record was not put into quarantine. */
export class QuarantineFailure extends Error {
  override readonly name = 'QuarantineFailure';
}

/** The bus did not take all events. */
export class PublishFailure extends Error {
  override readonly name = 'PublishFailure';
}

/** A queue did not take all of its messages, deliveries or pushes. */
export class QueueFailure extends Error {
  override readonly name = 'QueueFailure';
}

/** Throttling, as the services name it. */
const throttlingNames: ReadonlySet<string> = new Set([
  'ExecutionLimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SlowDown',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequestsException',
]);
/** Faults of the way to a service; the request may have arrived. */
const networkCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

export function isThrottling(error: unknown): boolean {
  return error instanceof Error && throttlingNames.has(error.name);
}

/**
 * True if a request that failed may yet have had its effect, or may have it when it is made again: throttling, a fault of the
 * service, an answer that did not come. What was refused for good (access, validation, unknown table) is none of these.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isThrottling(error) || error.name === 'TimeoutError') return true;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return (statusOf(error) ?? 0) >= 500;
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined;
  const { $metadata } = error;
  if (!('httpStatusCode' in $metadata) || typeof $metadata.httpStatusCode !== 'number') return undefined;
  return $metadata.httpStatusCode;
}
