/**
 * The archive as a folder of files `<name>.gz`. What has a name is whole, and on disk; a name that exists stays as it is.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Archive, ArchivedText } from '../../core/ports.ts';
import { createSynced, isCode } from './synced-file.ts';

const ENDING = '.gz';
const compress = promisify(gzip);
const uncompress = promisify(gunzip);

export class FolderArchive implements Archive {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    for (const { name, text } of texts) await createSynced(this.fileOf(name), await compress(text));
  }

  async get(name: string): Promise<string | undefined> {
    try {
      return (await uncompress(await readFile(this.fileOf(name)))).toString('utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const inside = path.dirname(`${prefix}.`);
    const names = await this.namesIn(inside === '.' ? '' : inside);
    yield* names.filter((name) => name.startsWith(prefix)).sort();
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(this.fileOf(name), { force: true });
  }

  private async namesIn(folder: string): Promise<readonly string[]> {
    const entries = await readdir(path.join(this.folder, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    });
    const names = await Promise.all(
      entries.map(async (entry) => {
        const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) return this.namesIn(name);
        return name.endsWith(ENDING) ? [name.slice(0, -ENDING.length)] : [];
      }),
    );
    return names.flat();
  }

  /** Names come from the wallet itself; one that would lead out of the folder is a fault of ours. */
  private fileOf(name: string): string {
    if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name))
      throw new Error(`the archive's name is "${name}", expected plain parts`);
    return path.join(this.folder, name + ENDING);
  }
}
