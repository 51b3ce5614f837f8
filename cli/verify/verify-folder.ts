/**
 * The audit of an embedded wallet's whole file: one pass over it, the accounts shared among worker threads.
 * Legs are kept in memory for as long as a pass lasts, so a file too large for that is taken in more parts than there are threads.
 */
import { Worker } from 'node:worker_threads';
import { UnusableData } from '../../adapters/embedded/failures.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { nothingVerified, together, type Verified } from '../../core/flows/verify-ledger.ts';
import type { FolderPart, PartMessage } from './verify-part.ts';

export interface FolderAudit {
  readonly folder: string;
  readonly parts: number;
  readonly threads: number;
  /** Parts that need not be audited. */
  readonly skip: ReadonlySet<number>;
  readonly onProgress: (progress: { readonly part: number; readonly share: number }) => void;
  readonly onPart: (part: number, verified: Verified) => void;
}

/** @throws {UnusableData} (as an error with its message) where the file is damaged */
export async function verifyFolder({ folder, parts, threads, skip, ...tell }: FolderAudit): Promise<Verified> {
  const waiting = Array.from({ length: parts }, (_, part) => part).filter((part) => !skip.has(part));
  const results = await inParallel(waiting, threads, async (part) => {
    const verified = await inWorker({ folder, part, parts }, (share) => tell.onProgress({ part, share }));
    tell.onPart(part, verified);
    return verified;
  });
  return results.reduce(together, nothingVerified);
}

/** As the wallet itself is started with: a fifth less work for the collector of garbage. */
const resourceLimits = { maxYoungGenerationSizeMb: 128 };

function inWorker(workerData: FolderPart, onShare: (share: number) => void): Promise<Verified> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./verify-part.ts', import.meta.url), { workerData, resourceLimits });
    worker.on('message', (message: PartMessage) => {
      if (message.kind === 'progress') onShare(message.share);
      else resolve(message.verified);
    });
    worker.once('error', (error) => reject(asThrown(error)));
    worker.once('exit', (code) => reject(new Error(`the thread of part ${workerData.part} ended with ${code}`)));
  });
}

/** Errors lose their class on the way out of a thread. */
function asThrown(error: unknown): unknown {
  return error instanceof Error && error.name === UnusableData.name ? new UnusableData(error.message) : error;
}
