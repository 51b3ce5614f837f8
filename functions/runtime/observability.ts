/**
 * What a function tells of itself: structured logs, and metrics in CloudWatch's embedded metric format, written to the log once
 * at the end of each invocation. No amounts, owners or whole commands go in here: identities and reasons only.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRIC_NAMESPACE, type MetricName } from '../../core/contracts/env.ts';
import type { Journal, Meter } from '../../core/ports.ts';

// Both take the name of the service, which is the metrics' one dimension, from the environment (POWERTOOLS_SERVICE_NAME).
const logger = new Logger();
const emitter = new Metrics({ namespace: METRIC_NAMESPACE });

/** Counts of the running invocation. A batch of thousands counts one by one; the log gets one number per metric. */
const counts = new Map<MetricName, number>();

/** Counts for the running invocation; {@link observability} writes the counts out at its end. */
export const meter: Meter = {
  count(metric, value) {
    counts.set(metric, (counts.get(metric) ?? 0) + value);
  },
};

export const journal: Journal = {
  warn(message, fields) {
    logger.warn(message, { ...fields });
  },
};

/**
 * The middlewares that every function's handler begins with. Middy runs the end of its first middlewares last, so what the
 * others count is written too, also when the handler throws.
 */
export const observability: MiddlewareObj[] = [
  injectLambdaContext(logger, { resetKeys: true }),
  logMetrics(emitter),
  { before: forgetCounts, after: emitCounts, onError: emitCounts },
];

/** A function's handler with {@link observability} around it, for functions that need no other middleware. */
export function observed<Event, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return middy<Event, Result>(handle).use([...observability, { onError: tellFailure }]);
}

/** Lambda's own line for a failure leaves out its causes, and they say which request to which service failed, and why. */
function tellFailure({ error }: { readonly error: unknown }): void {
  logger.error('the invocation failed', error instanceof Error ? error : new Error(String(error)));
}

/** An invocation that was cut off by its timeout leaves its counts behind; they would be counted twice with its retry. */
function forgetCounts(): void {
  counts.clear();
}

function emitCounts(): void {
  for (const [metric, value] of counts) emitter.addMetric(metric, MetricUnit.Count, value);
  counts.clear();
}
