/**
 * The views made again from the log, while transfers go on: a generation is built beside the one that is read, compared with the log,
 * and put in its place in one step. What nobody can explain by the log does not come along.
 *
 *   begin ──> copy, part by part ──> check ──> swap ──> retire the one before, when nobody can be reading it any more
 *
 * From its begin on, everything that is projected goes into both generations (see live-views), so what the copying does not meet is
 * there by the other way. A rebuilding that dies goes on where it stopped when it is begun again; two at once do the same
 * work twice. Until the swap it can be abandoned.
 *
 * Statuses of transfers are mended where they stand: they are part of the claims, which are no view (ADR 33).
 */
import type { StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountEvent } from '../domain/account.ts';
import { rankOf, type StatusWrite } from '../domain/outcome.ts';
import {
  abandonGeneration,
  type Building,
  beginGeneration,
  partCopied,
  swapGenerations,
  type ViewGenerations,
} from '../domain/view-generations.ts';
import {
  type Archive,
  type ArchiveIndex,
  type Clock,
  type DailyBalances,
  DamagedCommit,
  type EventLog,
  type GenerationPointer,
  type LedgerScan,
  type Shelf,
  type TransferStore,
  type ViewScan,
  type ViewStore,
} from '../ports.ts';
import { type CheckResult, checkProjections, type Difference } from './check-projections.ts';
import { ClosedDays } from './derive-days.ts';
import { inParallel } from './in-parallel.ts';
import { type ProjectedViews, projectedOf } from './project.ts';
import { eventsOf } from './read-commit.ts';

/** Parts of the accounts; what dies does at most so much of the work again. */
export const PARTS = 64;
/** Accounts copied at a time; the SDK keeps 50 connections. */
const PARALLEL_ACCOUNTS = 16;
/** Commits taken at a time: a few hundred statuses, which are some calls. */
const COMMITS_AT_ONCE = 50;
/** Longer than any function lives (900 s), so nobody reads a generation that is removed. */
export const KEEP_MS = 20 * 60_000;
/** Changes of the pointer by others that one change outlives: they are a few people's commands. */
const MAX_ROUNDS = 100;

export interface RebuildPorts {
  /** With what left the table. */
  readonly log: EventLog;
  /** Strongly consistent: an account that was opened before the begin must be found. */
  readonly scan: Pick<LedgerScan, 'accounts'>;
  readonly transfers: TransferStore;
  readonly pointer: GenerationPointer;
  readonly views: Shelf<Pick<ViewStore, 'registerAccounts'> & ViewScan>;
  readonly dailyBalances: Shelf<DailyBalances>;
  readonly index: ArchiveIndex;
  readonly archive: Archive;
  readonly clock: Clock;
}

export interface Rebuilt extends CheckResult {
  readonly generation: number;
  /** Commits that were read; less than all if it went on where another run had stopped. */
  readonly commits: number;
  /** False if the generation differs from the log, or was abandoned meanwhile: what is read is what was read before. */
  readonly swapped: boolean;
}

export interface RebuildOptions {
  readonly parts?: number;
  /** Told after each part: the share of them that is copied. */
  readonly onCopied?: (share: number) => void;
}

/** Builds the views of all scopes anew and swaps them in. Rejects on infrastructure trouble; called again it goes on. */
export async function rebuildViews(ports: RebuildPorts, options: RebuildOptions = {}): Promise<Rebuilt> {
  const { generation, parts } = await begin(ports.pointer, options.parts ?? PARTS);
  const commits = await copyParts(ports, generation, parts, options.onCopied ?? (() => {}));
  const checked = await checkGeneration(ports, generation);
  const swapped = checked.differences.every(isOfStatus) && (await swap(ports, generation));
  return { ...checked, generation, commits, swapped };
}

/** Gives up the generation that is being built; false if none is. What was written of it is swept with the next retiring. */
export async function abandonRebuild({ pointer }: Pick<RebuildPorts, 'pointer'>): Promise<boolean> {
  let abandoned = false;
  await change(pointer, (generations) => {
    abandoned = generations.building !== null;
    return abandoned ? abandonGeneration(generations) : undefined;
  });
  return abandoned;
}

export interface Retired {
  readonly rows: number;
  /** From when on it can be done, UTC milliseconds; undefined if it was. */
  readonly notBefore: number | undefined;
}

/**
 * Removes the rows of all generations but the live one and the one that is built, once no reader can be left that began before the live
 * one was. A generation that is begun meanwhile has a higher number than all that are looked at.
 */
export async function retireGenerations(
  ports: Pick<RebuildPorts, 'pointer' | 'views' | 'dailyBalances' | 'clock'>,
): Promise<Retired> {
  const { live, liveSince, building, last } = await ports.pointer.read();
  const notBefore = liveSince + KEEP_MS;
  if (ports.clock.now() < notBefore) return { rows: 0, notBefore };
  const kept = [live, ...(building === null ? [] : [building.generation])];
  const rows = (await ports.views.sweep(last, kept)) + (await ports.dailyBalances.sweep(last, kept));
  return { rows, notBefore: undefined };
}

/** Views can be swapped if nothing but statuses differs: those are of no generation. */
function isOfStatus(difference: Difference): boolean {
  return 'id' in difference;
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The generation that is being built, by whomever it was begun. */
async function begin(pointer: GenerationPointer, parts: number): Promise<Building> {
  const { building } = await change(pointer, (generations) =>
    generations.building === null ? beginGeneration(generations, parts) : undefined,
  );
  if (building === null) throw new Error('a generation that was begun is not being built');
  return building;
}

async function copyParts(
  ports: RebuildPorts,
  generation: number,
  parts: number,
  onCopied: (share: number) => void,
): Promise<number> {
  const copying = new Copying(ports, generation);
  let commits = 0;
  for (let part = 0; part < parts; part += 1) {
    const { building } = await ports.pointer.read();
    if (building?.generation !== generation) return commits;
    if (building.copied.includes(part)) continue;
    commits += await copying.copy(part, parts);
    await change(ports.pointer, (now) =>
      now.building?.generation === generation ? partCopied(now, now.building, part) : undefined,
    );
    onCopied((part + 1) / parts);
  }
  return commits;
}

function checkGeneration(ports: RebuildPorts, generation: number): Promise<CheckResult> {
  const { index, archive } = ports;
  const dailyBalances = ports.dailyBalances.generation(generation);
  return checkProjections({
    ...ports,
    views: ports.views.generation(generation),
    days: { dailyBalances, index, archive },
  });
}

async function swap({ pointer, clock }: RebuildPorts, generation: number): Promise<boolean> {
  const { live } = await change(pointer, (now) =>
    now.building?.generation === generation ? swapGenerations(now, now.building, clock.now()) : undefined,
  );
  return live === generation;
}

/** Changes the pointer as it is now; `undefined` leaves it. Gives back what it is then. */
async function change(
  pointer: GenerationPointer,
  next: (generations: ViewGenerations) => ViewGenerations | undefined,
): Promise<ViewGenerations> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const generations = await pointer.read();
    const changed = next(generations);
    if (changed === undefined) return generations;
    if (await pointer.replace(changed)) return changed;
  }
  throw new Error(`the generations of the views were changed by others ${MAX_ROUNDS} times`);
}

// ── Copying ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Writes what the log leads to into a generation; each account by itself, in any order, as often as it comes. */
class Copying {
  private readonly ports: RebuildPorts;
  private readonly views: Pick<ViewStore, 'registerAccounts'>;
  private readonly dailyBalances: DailyBalances;
  private readonly days: ClosedDays;

  constructor(ports: RebuildPorts, generation: number) {
    this.ports = ports;
    this.views = ports.views.generation(generation);
    this.dailyBalances = ports.dailyBalances.generation(generation);
    this.days = new ClosedDays(ports);
  }

  /** Copies one part; gives back how many commits it read. */
  async copy(part: number, parts: number): Promise<number> {
    const accounts = await Array.fromAsync(this.ports.scan.accounts(part, parts));
    const commits = await inParallel(accounts, PARALLEL_ACCOUNTS, (account) => this.copyAccount(account));
    return commits.reduce((sum, count) => sum + count, 0);
  }

  /** A log that cannot be read is copied as far as it can be: the check names it, and nothing is swapped. */
  private async copyAccount(account: string): Promise<number> {
    const deriving = await this.days.of(account);
    let commits = 0;
    try {
      for await (const group of groupsOf(this.ports.log.newestFirst(account))) {
        commits += group.length;
        const decoded = group.flatMap(readable);
        for (const { commit, events } of decoded) await deriving.take(commit, events);
        await this.write(projectedOf(decoded));
      }
    } catch (error) {
      if (!(error instanceof DamagedCommit)) throw error;
    }
    await this.dailyBalances.put(deriving.rows());
    return commits;
  }

  private async write({ accounts, statuses }: ProjectedViews): Promise<void> {
    if (accounts.size > 0) await this.views.registerAccounts([...accounts.values()]);
    await this.mend([...statuses.values()]);
  }

  /** Raises the statuses that are behind, and writes nothing for the others: a look costs a tenth of a refused write. */
  private async mend(writes: readonly StatusWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const ids = writes.map(({ id }) => id);
    const records = await this.ports.transfers.get(ids, { consistent: true });
    const behind = writes.filter(({ id, status }) => {
      const record = records.get(id);
      return record !== undefined && rankOf(record.status) < rankOf(status);
    });
    if (behind.length > 0) await this.ports.transfers.raise(behind);
  }
}

interface ReadCommit {
  readonly commit: StoredCommit;
  readonly events: readonly AccountEvent[];
}

/** Nothing of a commit that cannot be read; those beside it are copied. */
function readable(commit: StoredCommit): readonly ReadCommit[] {
  try {
    return [{ commit, events: eventsOf(commit) }];
  } catch (error) {
    if (error instanceof DamagedCommit) return [];
    throw error;
  }
}

async function* groupsOf(commits: AsyncIterable<StoredCommit>): AsyncIterable<readonly StoredCommit[]> {
  let group: StoredCommit[] = [];
  for await (const commit of commits) {
    group.push(commit);
    if (group.length < COMMITS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
