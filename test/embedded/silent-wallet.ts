/** An embedded wallet of a test: with a clock of the test's, and nobody who hears its warnings or counts anything. */
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import type { Clock } from '../../core/ports.ts';

/** @param more settings that a test wants otherwise than they usually are */
export function silentWallet(
  folder: string,
  clock: Clock,
  more: { readonly snapshotEvery?: number } = {},
): EmbeddedWallet {
  const tools = { digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
  return new EmbeddedWallet({ folder, clock, ...tools, ...more });
}
