/** What the state machine of the closing asks its functions for. */
import * as z from 'zod/mini';

const segment = z.int().check(z.nonnegative());
const plan = z.object({ day: z.string(), previous: z.nullable(z.string()), segments: z.int().check(z.positive()) });

const stepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('plan') }),
  z.object({ step: z.literal('segment'), plan, segment }),
  z.object({ step: z.literal('finish'), plan }),
  z.object({ step: z.literal('check') }),
]);
export type ClosingStep = z.infer<typeof stepSchema>;

/** Reads a step; throws on anything else. */
export function readClosingStep(event: unknown): ClosingStep {
  return stepSchema.parse(event);
}

const segmentSchema = z.object({ segment });

/** Reads which segment is to be pruned; throws on anything else. */
export function readSegment(event: unknown): number {
  return segmentSchema.parse(event).segment;
}
