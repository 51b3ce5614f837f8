/**
 * Seals as files `<name>.json` of a folder, best one that the wallet's own user may not change: a medium that is written once, or a
 * folder of somebody else. A file is written beside its place, synced, and then linked to its name, so what has a name is whole,
 * and a name that exists stays as it is.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchivedText, SealStore } from '../../core/ports.ts';

const ENDING = '.json';

export class FolderSeals implements SealStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    for (const { name, text } of texts) await this.putOne(this.fileOf(name), text);
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

  private async putOne(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const draft = `${file}.${randomUUID()}.draft`;
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
    await rm(draft);
    await syncFolder(path.dirname(file));
  }

  private fileOf(name: string): string {
    if (!/^[a-z]+\/[0-9-]+$/.test(name)) throw new Error(`a seal's name is "${name}", expected kind/day`);
    return path.join(this.folder, name + ENDING);
  }
}

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
