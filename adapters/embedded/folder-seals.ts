/**
 * Seals as files `<name>.json` of a folder, best one that the wallet's own user may not change: a medium that is written once, or a
 * folder of somebody else. What has a name is whole, and on disk; a name that exists stays as it is.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArchivedText, SealStore } from '../../core/ports.ts';
import { createSynced, isCode } from './synced-file.ts';

const ENDING = '.json';

export class FolderSeals implements SealStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    for (const { name, text } of texts) await createSynced(this.fileOf(name), text);
  }

  async get(name: string): Promise<string | undefined> {
    try {
      return await readFile(this.fileOf(name), 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** @param prefix a folder's name with a slash at its end */
  async *list(prefix: string): AsyncIterable<string> {
    const names = await readdir(path.join(this.folder, prefix)).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    });
    const seals = names.filter((name) => name.endsWith(ENDING)).sort();
    yield* seals.map((name) => `${prefix}${name.slice(0, -ENDING.length)}`);
  }

  private fileOf(name: string): string {
    if (!/^[a-z]+\/[0-9-]+$/.test(name)) throw new Error(`a seal's name is "${name}", expected kind/day`);
    return path.join(this.folder, name + ENDING);
  }
}
