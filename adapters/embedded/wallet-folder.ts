/** What stands beside the ledger in the folder of an embedded wallet, and how days are closed into it. */
import path from 'node:path';
import { FolderArchive } from './folder-archive.ts';
import { FolderArchiveIndex } from './folder-archive-index.ts';
import { FolderDailyBalances } from './folder-daily-balances.ts';

const ARCHIVE_FOLDER = 'archive';
const SEALS_FOLDER = 'seals';

/** Parts of a day that is closed; more need less memory. A day that one process began is ended by another with as many. */
export const CLOSING_SEGMENTS = 4;

/** Closed days and what is found by them. */
export interface FolderPast {
  readonly archive: FolderArchive;
  readonly index: FolderArchiveIndex;
  readonly dailyBalances: FolderDailyBalances;
}

export function pastOf(folder: string): FolderPast {
  const place = path.join(folder, ARCHIVE_FOLDER);
  return {
    archive: new FolderArchive(place),
    index: new FolderArchiveIndex(place),
    dailyBalances: new FolderDailyBalances(place),
  };
}

/** Where a wallet's seals are, unless they are kept on another medium, as they should be. */
export function sealsFolderOf(folder: string): string {
  return path.join(folder, SEALS_FOLDER);
}
