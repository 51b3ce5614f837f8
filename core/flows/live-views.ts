/**
 * The views as functions know them, whatever generation they are of.
 *
 * A write is done when it stands in every generation that was written when it ended. So if a generation was begun before that moment,
 * the write is in it; if it was begun later, the write's commit was in the ledger by then, and whoever builds that generation reads it
 * there. No clock, no cache and no waiting is in this argument, and a writer that was slow for hours is no exception.
 *
 * Only openings and closings of days write views: transfers cost nothing here.
 */
import { writtenGenerations } from '../domain/view-generations.ts';
import type {
  AccountPageQuery,
  AccountRow,
  DailyBalance,
  DailyBalances,
  GenerationPointer,
  ListedAccount,
  Shelf,
  ViewScan,
  ViewStore,
} from '../ports.ts';

/** Each round more than one needs a generation that was begun or swapped during the round before. */
const MAX_ROUNDS = 8;

/** The registry of accounts and the lists of owners. Reports are of no generation. */
export class LiveViews implements ViewStore, ViewScan {
  private readonly pointer: GenerationPointer;
  private readonly shelf: Shelf<ViewStore & ViewScan>;

  constructor(pointer: GenerationPointer, shelf: Shelf<ViewStore & ViewScan>) {
    this.pointer = pointer;
    this.shelf = shelf;
  }

  async registerAccounts(rows: readonly AccountRow[]): Promise<void> {
    if (rows.length === 0) return;
    await writeAll(this.pointer, (generation) => this.shelf.generation(generation).registerAccounts(rows));
  }

  async *accounts(scope: string): AsyncIterable<AccountRow> {
    yield* (await liveOf(this.pointer, this.shelf)).accounts(scope);
  }

  async accountPage(scope: string, page: AccountPageQuery): Promise<readonly AccountRow[]> {
    return (await liveOf(this.pointer, this.shelf)).accountPage(scope, page);
  }

  async *listed(): AsyncIterable<ListedAccount> {
    yield* (await liveOf(this.pointer, this.shelf)).listed();
  }

  putReport(scope: string, name: string, report: string): Promise<void> {
    return this.shelf.generation(0).putReport(scope, name, report);
  }

  report(scope: string, name: string): Promise<string | undefined> {
    return this.shelf.generation(0).report(scope, name);
  }
}

export class LiveDailyBalances implements DailyBalances {
  private readonly pointer: GenerationPointer;
  private readonly shelf: Shelf<DailyBalances>;

  constructor(pointer: GenerationPointer, shelf: Shelf<DailyBalances>) {
    this.pointer = pointer;
    this.shelf = shelf;
  }

  async put(rows: readonly DailyBalance[]): Promise<void> {
    if (rows.length === 0) return;
    await writeAll(this.pointer, (generation) => this.shelf.generation(generation).put(rows));
  }

  async *of(account: string, from: string, to: string): AsyncIterable<DailyBalance> {
    yield* (await liveOf(this.pointer, this.shelf)).of(account, from, to);
  }
}

/** The generation that is read now. It stays for longer than any reader lives: see retireGenerations. */
async function liveOf<View>(pointer: GenerationPointer, shelf: Shelf<View>): Promise<View> {
  return shelf.generation((await pointer.read()).live);
}

/** Writes to each generation that is written, until none is left that was not. */
async function writeAll(pointer: GenerationPointer, write: (generation: number) => Promise<void>): Promise<void> {
  const done = new Set<number>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const open = writtenGenerations(await pointer.read()).filter((generation) => !done.has(generation));
    if (open.length === 0) return;
    for (const generation of open) {
      await write(generation);
      done.add(generation);
    }
  }
  throw new Error(`the generations of the views changed in each of ${MAX_ROUNDS} rounds`);
}
