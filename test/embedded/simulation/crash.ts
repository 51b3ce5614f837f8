/**
 * What a process that died during a turn leaves on disk. Before the turn the folder was at rest; after it, all that the turn wrote is
 * there. In between the ledger grew byte by byte, then it was synced, then the note of what is acknowledged was written; runs and
 * snapshots are written beside, a snapshot after the ledger that it covers. So whatever instant it was, it is one of these.
 */
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acknowledgedEnd, LEDGER_FILE } from '../../../adapters/embedded/frame-file.ts';
import type { Random } from '../../simulation/random.ts';

const ACKNOWLEDGED = 'acknowledged';
const SNAPSHOT = 'snapshot.json';

/**
 * `before`: nothing of the turn reached the disk. `torn`: a part of what it wrote, perhaps with garbage behind. `untold`: all of it,
 * and nobody was told. `told`: all of it, and they were.
 */
export type Death = 'before' | 'torn' | 'untold' | 'told';

export function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

/** Turns `after`, a copy of the folder at the end of a turn, into what the death leaves of it. */
export function die(death: Death, before: string, after: string, random: Random): void {
  if (death === 'told') {
    loseUnsynced(after);
    return;
  }
  if (death === 'before') {
    copyFolder(before, after);
    return;
  }
  putBack(before, after, ACKNOWLEDGED);
  if (death === 'torn' || random.chance(0.5)) putBack(before, after, SNAPSHOT);
  if (death === 'torn') tear(before, after, random);
}

/** What was written and not synced is in the system's memory only, and the death may be a power cut. Who was told may rely on the rest. */
function loseUnsynced(after: string): void {
  truncateSync(path.join(after, LEDGER_FILE), acknowledgedEnd(after, 'look'));
}

function putBack(before: string, after: string, name: string): void {
  rmSync(path.join(after, name), { force: true });
  if (existsSync(path.join(before, name))) cpSync(path.join(before, name), path.join(after, name));
}

/** Cuts the ledger within what the turn wrote; from somewhere on its bytes may be there as room only, and then also up to its end. */
function tear(before: string, after: string, random: Random): void {
  const ledger = path.join(after, LEDGER_FILE);
  const [from, to] = [statSync(path.join(before, LEDGER_FILE)).size, statSync(ledger).size];
  const isRoom = to > from && random.chance(0.5);
  const cut = isRoom && random.chance(0.5) ? to : random.between(from, Math.max(from, to - 1));
  truncateSync(ledger, cut);
  if (!isRoom || cut === from) return;
  const bytes = readFileSync(ledger);
  bytes.fill(0, random.between(from, cut - 1));
  writeFileSync(ledger, bytes);
}
