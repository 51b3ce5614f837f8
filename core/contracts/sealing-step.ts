/** What the sealing function is asked for: by the state machine of the closing to seal a day, by a schedule whether all are sealed. */
import * as z from 'zod/mini';

const stepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('seal') }),
  z.object({ step: z.literal('check') }),
]);
export type SealingStep = z.infer<typeof stepSchema>;

/** Reads a step; throws on anything else. */
export function readSealingStep(event: unknown): SealingStep {
  return stepSchema.parse(event);
}
