/** One process at a time on a data folder: two would write over each other. */
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UnusableData } from './failures.ts';

const LOCK_FILE = 'lock';
/** Folders that this very process holds; a lock with its own number in it and not in here is left from a process that died. */
const held = new Set<string>();

/** Takes the folder, or throws {@link UnusableData} if a living process has it. */
export function lockFolder(folder: string): () => void {
  const real = realpathSync(folder);
  const file = path.join(real, LOCK_FILE);
  const holder = holderIn(file);
  if (held.has(real) || (holder !== undefined && holder !== process.pid && isAlive(holder))) {
    throw new UnusableData(`${folder} is in use by process ${holder}; if that is no wallet, delete ${file}`);
  }
  writeFileSync(file, String(process.pid));
  held.add(real);
  return () => {
    held.delete(real);
    rmSync(file, { force: true });
  };
}

/** True while a living process has the folder. */
export function isInUse(folder: string): boolean {
  const holder = holderIn(path.join(folder, LOCK_FILE));
  return holder !== undefined && isAlive(holder);
}

function holderIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
