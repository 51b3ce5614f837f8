/**
 * The sealing Lambda: one closed day at a time, as the closing's state machine asks for it, and the look at whether all are sealed. It
 * reads what the closing stored, may add to the seals, and nothing else: whoever writes to the ledger has no way to them.
 */
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { S3Seals } from '../../adapters/aws/s3-seals.ts';
import { sha256, sha256Bytes } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { metrics } from '../../core/contracts/env.ts';
import { readSealingStep, type SealingStep } from '../../core/contracts/sealing-step.ts';
import { nextToSeal, sealNextClosedDay } from '../../core/flows/seal-closed-days.ts';
import { SealDiffers } from '../../core/flows/seal-day.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports = {
  archive: new S3Archive({ bucketName: config.archiveBucket }),
  seals: new S3Seals({ bucketName: config.sealsBucket }),
  clock: new SystemClock(),
  digest: sha256,
  hash: sha256Bytes,
};

export const handler = observed(async (event: unknown): Promise<unknown> => take(readSealingStep(event)));

async function take({ step }: SealingStep): Promise<unknown> {
  switch (step) {
    case 'seal':
      return seal();
    case 'check':
      return check();
    default:
      return step satisfies never;
  }
}

/** The answer stays in the history of the execution: one more place that knows the root. */
async function seal() {
  const sealed = await sealNextClosedDay(ports).catch(tellDifference);
  if (sealed === undefined) return { more: false };
  const { day, accounts, root } = sealed;
  return { more: true, day, accounts, root };
}

function tellDifference(error: unknown): never {
  if (error instanceof SealDiffers) meter.count(metrics.sealDiffers, 1);
  throw error;
}

/** An hour after midnight every closed day has to be sealed. */
async function check() {
  const open = await nextToSeal(ports);
  if (open === undefined) return {};
  meter.count(metrics.dayNotSealed, 1);
  journal.warn('a closed day is not sealed', { day: open });
  return {};
}
