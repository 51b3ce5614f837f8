/**
 * Breaks and reconciled periods as files in a folder, beside the wallet that may be running on it:
 *
 *   breaks/SCOPE/ID/00000001.json   a break; the file with the highest number is the break as it stands
 *   periods/ACCOUNT/FROM_TO.json
 *
 * A file is there whole or not at all, and a break's file is made only if its name does not exist. Its number is one more than the
 * events that its writer saw, so of two who saw the same, one is too late.
 */
import { readdir, readFile } from 'node:fs/promises';
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
import { createSynced, isCode, replaceSynced } from './synced-file.ts';

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
    return createSynced(path.join(folder, name), encodeBreak(kept));
  }

  async putPeriod(period: ReconciledPeriod): Promise<void> {
    const name = `${period.from}_${period.to}.json`;
    await replaceSynced(path.join(this.periodsFolder(period.account), name), encodePeriod(period));
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
