/**
 * Files that are there whole or not at all, whatever dies: written beside their place, synced, and then given their name, which is on
 * disk once its folder is synced too.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Creates a file unless its name exists: a link fails then, where a renaming would replace what is there. False if it does. */
export async function createSynced(file: string, content: string | Uint8Array): Promise<boolean> {
  const draft = await writeDraft(file, content);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft);
    // Also where the name exists: whoever made it may not have come so far.
    await syncFolder(path.dirname(file));
  }
}

/** Puts a file in the place of what has its name: whoever reads finds the one or the other. */
export async function replaceSynced(file: string, content: string | Uint8Array): Promise<void> {
  await rename(await writeDraft(file, content), file);
  await syncFolder(path.dirname(file));
}

/** Whether an error of the file system has a code, such as `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Writes and syncs under a name that nobody reads, in a folder that is made where it is missing; gives that name back. */
async function writeDraft(file: string, content: string | Uint8Array): Promise<string> {
  await makeFolder(path.resolve(path.dirname(file)));
  const draft = `${file}.${randomUUID()}.draft`;
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** Makes a folder and those above it, each on disk once the one above it is synced. */
async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made === undefined) return;
  for (let inner = folder; inner.length >= made.length; inner = path.dirname(inner))
    await syncFolder(path.dirname(inner));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
