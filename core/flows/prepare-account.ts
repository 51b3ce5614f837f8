/**
 * All reading for one account's share of a batch, before anything is decided: its newest commit, and, where a command must be
 * looked up or the account's memory is not at hand, its recent history in one look.
 */
import { legKeyOfCommand } from '../domain/account.ts';
import { isOrdinaryArrival, LOOKUP_MARGIN_MS, MEMORY_MS } from '../domain/memory.ts';
import { isCovered } from '../domain/position.ts';
import type { EventLog } from '../ports.ts';
import type { ClaimedCommand } from './claim-commands.ts';
import {
  accountAfter,
  type History,
  type LoadedAccount,
  MAX_HISTORY_BYTES,
  readBack,
  readHistory,
} from './load-account.ts';

/**
 * How a command is to be treated:
 * - `ordinary`: decide (a debit or request, protected by its claim) or ask the account's memory first (a credit or refund);
 * - `recheck`: marked so by its sender, or outside the window in which memory can be trusted: look it up, then decide;
 * - `covered`: at or below the position that the log covers, so it was here before: look it up.
 */
export type Treatment = 'ordinary' | 'recheck' | 'outside_window' | 'covered';

export interface PlannedCommand extends ClaimedCommand {
  readonly legKey: string;
  readonly treatment: Treatment;
}

/** One account's share of a batch, with all that was read for it. */
export interface PreparedAccount {
  readonly account: string;
  readonly loaded: LoadedAccount;
  readonly commands: readonly PlannedCommand[];
  /** Undefined if nothing had to be looked up or recalled. */
  readonly history: History | undefined;
  /** Commands whose history is too long to be read in a batch; they are none of `commands`, and a redrive has to wait for them. */
  readonly tooFar: readonly PlannedCommand[];
}

/**
 * Reads what an account's commands need and plans them against its newest commit.
 *
 * @param cached the account as this processor left it, if it knows it
 * @throws DamagedCommit if its log cannot be read
 */
export async function prepareAccount(
  log: EventLog,
  account: string,
  cached: LoadedAccount | undefined,
  claimed: readonly ClaimedCommand[],
  mostHistoryBytes = MAX_HISTORY_BYTES,
): Promise<PreparedAccount> {
  // Where history will be needed anyway, the newest commit comes with its first page instead of with a query of its own.
  const back = cached === undefined && claimed.some(mayNeedHistory) ? await readBack(log, account) : undefined;
  const newest = cached === undefined && back === undefined ? await log.newest(account) : back?.newest;
  const loaded = cached ?? accountAfter(newest);
  const commands = plan(loaded, claimed);
  const bound = historyBound(loaded, commands);
  if (bound === undefined) return { account, loaded, commands, history: undefined, tooFar: [] };
  const history = await readHistory(back?.commits ?? log.newestFirst(account), bound, mostHistoryBytes);
  if (history !== undefined) return { account, loaded, commands, history, tooFar: [] };
  const [tooFar, near] = partition(commands, (planned) => needsHistory(loaded, planned));
  return { account, loaded, commands: near, history, tooFar };
}

/** As {@link prepareAccount} for an account that is known; undefined if something has to be read after all. */
export function prepareAtOnce(
  account: string,
  cached: LoadedAccount,
  claimed: readonly ClaimedCommand[],
): PreparedAccount | undefined {
  const commands = plan(cached, claimed);
  if (historyBound(cached, commands) !== undefined) return undefined;
  return { account, loaded: cached, commands, history: undefined, tooFar: [] };
}

/** A command that is looked up, or that asks a memory which is not at hand. */
function needsHistory(loaded: LoadedAccount, { treatment, command }: PlannedCommand): boolean {
  return treatment !== 'ordinary' || ('issuedAt' in command && loaded.memory === undefined);
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

/** Credits and refunds ask the account's memory, which a cold processor reads from the log; rechecks are looked up. */
function mayNeedHistory({ command }: ClaimedCommand): boolean {
  return command.recheck || 'issuedAt' in command;
}

/** The treatment of each command. An arrival counts as the highest that the account has seen so far, itself included. */
function plan(loaded: LoadedAccount, claimed: readonly ClaimedCommand[]): readonly PlannedCommand[] {
  let highArrival = loaded.highArrival;
  return claimed.map((placed) => {
    highArrival = Math.max(highArrival, placed.arrival);
    return { ...placed, legKey: legKeyOfCommand(placed.command), treatment: treatmentOf(placed, loaded, highArrival) };
  });
}

function treatmentOf(placed: ClaimedCommand, loaded: LoadedAccount, arrival: number): Treatment {
  const { command } = placed;
  if (isCovered(placed.position, loaded.position)) return 'covered';
  if (command.recheck) return 'recheck';
  return 'issuedAt' in command && !isOrdinaryArrival(arrival, command.issuedAt) ? 'outside_window' : 'ordinary';
}

/** How far back to read: for the oldest leg that is looked up, and for the memory if it is needed and not at hand. */
function historyBound(loaded: LoadedAccount, commands: readonly PlannedCommand[]): number | undefined {
  const lookUps = commands.filter(({ treatment }) => treatment !== 'ordinary');
  const bounds = lookUps.map(({ origin }) => origin - LOOKUP_MARGIN_MS);
  const needsMemory = commands.some(({ treatment, command }) => treatment === 'ordinary' && 'issuedAt' in command);
  if (needsMemory && loaded.memory === undefined) bounds.push(loaded.highArrival - MEMORY_MS);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
