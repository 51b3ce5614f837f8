/**
 * Breaks and reconciled periods as files in a folder, beside the wallet that may be running on it:
 *
 *   breaks/SCOPE/ID/00000001.json   a break; the file with the highest number is the break as it stands
 *   periods/ACCOUNT/FROM_TO.json
 *
 * A file is written whole under another name, synced, and then linked to its own name, which fails if that exists. Its number is
 * one more than the events that its writer saw, so of two who saw the same, one is too late.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  decodeBreak,
  decodePeriod,
  encodeBreak,
  encodePeriod,
  type ReconciledPeriod,
} from '../../core/contracts/kept-break.ts';
import type { KeptBreak } from '../../core/domain/kept-break.ts';
import { accountOfKey } from '../../core/domain/lane.ts';
import type { BreakStore } from '../../core/ports.ts';

/** Digits of a file's number: as many events as no break will ever have. */
const NUMBER_DIGITS = 8;

export class FolderBreakStore implements BreakStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async *breaksOf(account: string): AsyncIterable<KeptBreak> {
    const { scope } = accountOfKey(account);
    for (const id of await namesIn(path.join(this.folder, 'breaks', scope))) {
      const kept = await this.find(scope, id);
      if (kept?.account === account) yield kept;
    }
  }

  async find(scope: string, id: string): Promise<KeptBreak | undefined> {
    if (!isPlainName(scope) || !isPlainName(id)) return undefined;
    const folder = path.join(this.folder, 'breaks', scope, id);
    const newest = (await namesIn(folder))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .at(-1);
    return newest === undefined ? undefined : decodeBreak(await readFile(path.join(folder, newest), 'utf8'));
  }

  async put(kept: KeptBreak, seen: number): Promise<boolean> {
    const { scope } = accountOfKey(kept.account);
    const stored = await this.find(scope, kept.id);
    if ((stored?.history.length ?? 0) !== seen) return false;
    const folder = path.join(this.folder, 'breaks', scope, kept.id);
    const name = `${String(seen + 1).padStart(NUMBER_DIGITS, '0')}.json`;
    return linkNew(path.join(folder, name), encodeBreak(kept));
  }

  async putPeriod(period: ReconciledPeriod): Promise<void> {
    const file = path.join(this.periodsFolder(period.account), `${period.from}_${period.to}.json`);
    await rename(await writeAside(file, encodePeriod(period)), file);
    await syncFolder(path.dirname(file));
  }

  async periodsOf(account: string): Promise<readonly ReconciledPeriod[]> {
    const folder = this.periodsFolder(account);
    const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'));
    return Promise.all(names.map(async (name) => decodePeriod(await readFile(path.join(folder, name), 'utf8'))));
  }

  private periodsFolder(account: string): string {
    return path.join(this.folder, 'periods', encodeURIComponent(account));
  }
}

/** Ids and scopes are plain; anything else would lead out of the folder. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(name);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Creates a file with its whole text, unless it exists. */
async function linkNew(file: string, text: string): Promise<boolean> {
  const aside = await writeAside(file, text);
  try {
    await link(aside, file);
    await syncFolder(path.dirname(file));
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(aside);
  }
}

/** Writes and syncs the text under a name that nobody reads, and gives that name back. */
async function writeAside(file: string, text: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}.tmp`;
  const handle = await open(aside, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return aside;
}

/** A new name is on disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
