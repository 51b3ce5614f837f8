/**
 * Reconciles one statement of a bank with the account of the wallet that stands for it, and keeps the breaks. Running the same
 * statement again finds the same breaks and adds nothing; a later statement takes along what earlier ones left open.
 */
import {
  MAX_BREAK_PARTS,
  MAX_KEPT_CHARACTERS,
  MAX_KEPT_REFERENCES,
  type ReconciledPeriod,
} from '../contracts/kept-break.ts';
import { decodeState } from '../contracts/stored-commit.ts';
import { type BankLine, type BankStatement, statementGap, sumOf } from '../domain/bank-statement.ts';
import { compareDailyBalances, type DailyBalances } from '../domain/daily-balances.ts';
import { dayOfTime } from '../domain/day.ts';
import { type BreakEvent, type BreakState, decideBreak, type KeptBreak, stateOf } from '../domain/kept-break.ts';
import { accountKey, accountOfKey } from '../domain/lane.ts';
import {
  type Break,
  classOf,
  type LedgerEntry,
  type MatchKind,
  type Reconciliation,
  reconcile,
} from '../domain/reconciliation.ts';
import { normalReference, normalReferences } from '../domain/references.ts';
import type { BreakStore, Clock, Digest, EventLog } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { type LedgerMovement, readLedgerMovements } from './read-ledger-movements.ts';

/** Breaks written at a time. */
const PARALLEL_BREAKS = 16;
/** Tries to keep one break while others change it; two people at one break are many. */
const MOST_TRIES = 5;
/** Hexadecimal digits of a break's id: 80 bits, so that two of a billion meet with a chance of one in a million. */
const ID_DIGITS = 20;

export interface ReconcilePorts {
  readonly log: EventLog;
  readonly breaks: BreakStore;
  readonly clock: Clock;
  readonly digest: Digest;
  /** What clients call these transfers, where they said so. */
  readonly referencesOf?: (scope: string, transfers: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export interface ReconcileRequest {
  readonly scope: string;
  readonly account: string;
  readonly statement: BankStatement;
  readonly windowDays: number;
  /** Minor units by which a running balance of the bank may be off per line. */
  readonly roundingMinor: bigint;
  /** Who runs it. */
  readonly by: string;
}

export interface ReportedBreak {
  readonly kept: KeptBreak;
  readonly state: BreakState;
  /** This run found it first. */
  readonly isNew: boolean;
}

/** Balances and amounts are minor units with the bank's sign. */
export interface ReconciliationReport {
  readonly statement: BankStatement;
  /** Key of the account. */
  readonly account: string;
  readonly opening: { readonly bank: bigint | undefined; readonly wallet: bigint };
  readonly closing: { readonly bank: bigint | undefined; readonly wallet: bigint };
  readonly entries: number;
  readonly matches: Readonly<Record<MatchKind, number>>;
  /** All breaks of this statement, and what earlier ones left open. */
  readonly breaks: readonly ReportedBreak[];
  /** What earlier breaks this statement matched. */
  readonly cleared: readonly KeptBreak[];
  /** What bank less wallet changed over the period, and the parts of it. The last is zero, or the ledger contradicts itself. */
  readonly change: {
    readonly total: bigint;
    readonly byBreaks: bigint;
    readonly byAdjustments: bigint;
    /** Money that the two booked on different sides of the period's ends. */
    readonly byCut: bigint;
    readonly unexplained: bigint;
  };
  readonly dailyBalances: DailyBalances | undefined;
}

/**
 * Why a statement is not reconciled; nothing is kept then. `overlaps`: some of its days, but not the same, were reconciled before.
 * Two statements of one day cannot both be asked for its entries.
 */
export const reconcileRefusals = [
  'does_not_add_up',
  'not_over_yet',
  'account_not_found',
  'currency_mismatch',
  'overlaps',
] as const;
export type ReconcileRefusal = (typeof reconcileRefusals)[number];

export async function reconcileStatement(
  ports: ReconcilePorts,
  request: ReconcileRequest,
): Promise<ReconciliationReport | ReconcileRefusal> {
  const { statement, windowDays } = request;
  const { from, to } = statement;
  const account = accountKey(request);
  const refusal = await refusalOf(ports, request);
  if (refusal !== undefined) return refusal;
  const ledger = await readLedgerMovements(ports.log, account, { from, to, around: windowDays });
  if (ledger === undefined) return 'account_not_found';
  const past = await readPast(ports.breaks, account, statement, windowDays);
  const lines = linesOf(statement, past);
  const entries = await withReferences(ports, request.scope, standingsOf(ledger.movements, past, statement), lines);
  const rules = { windowDays, to, ledgerTo: Math.min(dayOfTime(ports.clock.now()), to + windowDays) };
  const result = reconcile(lines, [...entries, ...carriedEntries(entries, past)], rules);
  const run: Run = { ports, request, account, past, result };
  const found = await inParallel(result.breaks, PARALLEL_BREAKS, (one) => keepBreak(run, one));
  await ports.breaks.putPeriod(periodOf(run));
  const cleared = await clearBreaks(run, new Set(found.map(({ kept }) => kept.id)), lines, entries);
  return {
    statement,
    account,
    opening: { bank: statement.opening, wallet: ledger.opening },
    closing: { bank: statement.closing, wallet: ledger.closing },
    entries: entries.filter((entry) => isWithin(entry, statement)).length,
    matches: countMatches(result),
    breaks: [...found, ...standingBreaks(run)],
    cleared,
    change: explain(run, entries, ledger.closing - ledger.opening),
    dailyBalances: compareDailyBalances({
      lines: statement.lines,
      movements: entries.filter((entry) => isWithin(entry, statement)),
      bankBefore: statement.opening ?? ledger.opening,
      walletBefore: ledger.opening,
      roundingMinor: request.roundingMinor,
    }),
  };
}

/** Why a statement would be refused, without reconciling it: a file is reconciled as a whole or not at all. */
export async function refusalOf(
  { log, breaks, clock }: Pick<ReconcilePorts, 'log' | 'breaks' | 'clock'>,
  { scope, account, statement }: Pick<ReconcileRequest, 'scope' | 'account' | 'statement'>,
): Promise<ReconcileRefusal | undefined> {
  const { from, to, currency } = statement;
  const key = accountKey({ scope, account });
  if ((statementGap(statement) ?? 0n) !== 0n) return 'does_not_add_up';
  if (from > dayOfTime(clock.now())) return 'not_over_yet';
  const newest = await log.newest(key);
  const state = newest === undefined ? undefined : decodeState(newest.state);
  if (state === undefined || state.status === 'unopened') return 'account_not_found';
  if (state.currency !== currency) return 'currency_mismatch';
  const others = (await breaks.periodsOf(key)).filter((period) => period.from !== from || period.to !== to);
  return others.some((period) => period.from <= to && period.to >= from) ? 'overlaps' : undefined;
}

interface Run {
  readonly ports: ReconcilePorts;
  readonly request: ReconcileRequest;
  readonly account: string;
  readonly past: Past;
  readonly result: Reconciliation;
}

// ── What earlier runs left ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Past {
  readonly breaks: ReadonlyMap<string, KeptBreak>;
  /** Breaks of one side that a later statement may still match. */
  readonly carried: readonly KeptBreak[];
  /** Breaks of both sides that reach beyond this statement, which alone cannot judge them again. */
  readonly standing: readonly KeptBreak[];
  /** Ids of the lines and entries of those, and of what was matched across the end of some statement: matched once for all. */
  readonly usedLines: ReadonlySet<string>;
  readonly usedEntries: ReadonlySet<string>;
  /** Entries of breaks that a transfer adjusted, and those transfers: nothing more will come of them. */
  readonly adjusted: ReadonlySet<string>;
  readonly adjustingTransfers: ReadonlySet<string>;
  /** Other periods than this one. */
  readonly others: readonly ReconciledPeriod[];
  /** Ids that an earlier run of this very period noted. */
  readonly crossed: ReconciledPeriod['crossed'];
}

async function readPast(
  store: BreakStore,
  account: string,
  statement: BankStatement,
  windowDays: number,
): Promise<Past> {
  const breaks = await Array.fromAsync(store.breaksOf(account));
  const periods = await store.periodsOf(account);
  const isOwn = ({ from, to }: ReconciledPeriod): boolean => from === statement.from && to === statement.to;
  const adjusted = breaks.filter((kept) => stateOf(kept).resolution?.kind === 'adjusted');
  const standing = breaks.filter((kept) => reachesBeyond(kept, statement));
  const crossed = (of: readonly ReconciledPeriod[]): ReconciledPeriod['crossed'] => ({
    lines: of.flatMap((period) => period.crossed.lines),
    entries: of.flatMap((period) => period.crossed.entries),
  });
  const idsOf = (parts: readonly (readonly { readonly id: string }[])[]) => parts.flat().map(({ id }) => id);
  return {
    breaks: new Map(breaks.map((kept) => [kept.id, kept])),
    carried: breaks.filter((kept) => mayStillMatch(kept, statement.to + windowDays)),
    standing,
    usedLines: new Set([...crossed(periods).lines, ...idsOf(standing.map(({ lines }) => lines))]),
    usedEntries: new Set([...crossed(periods).entries, ...idsOf(standing.map(({ entries }) => entries))]),
    adjusted: new Set(idsOf(adjusted.map(({ entries }) => entries))),
    adjustingTransfers: new Set(adjusted.flatMap(adjustingTransfer)),
    others: periods.filter((period) => !isOwn(period)),
    crossed: crossed(periods.filter(isOwn)),
  };
}

function reachesBeyond(kept: KeptBreak, statement: BankStatement): boolean {
  const isBothSided = kept.lines.length > 0 && kept.entries.length > 0;
  const isInside = daysOf(kept).every((day) => isWithin({ day }, statement));
  return isBothSided && !isInside && stateOf(kept).status !== 'cleared';
}

function daysOf({ lines, entries }: KeptBreak): readonly number[] {
  return [...lines.map(({ bookingDay }) => bookingDay), ...entries.map(({ day }) => day)];
}

function adjustingTransfer(kept: KeptBreak): readonly string[] {
  const { resolution } = stateOf(kept);
  return resolution?.kind === 'adjusted' ? [resolution.transfer] : [];
}

/** @param lastDay last day of which this run may match anything */
function mayStillMatch(kept: KeptBreak, lastDay: number): boolean {
  const { lines, entries, difference } = kept;
  const { status, resolution } = stateOf(kept);
  const isWaiting = status === 'open' || resolution?.kind === 'accepted_as_timing';
  const isOneSided = lines.length === 0 || entries.length === 0;
  const isWhole = sumOf(lines) - sumOf(entries) === difference;
  return isWaiting && isOneSided && isWhole && daysOf(kept).every((day) => day <= lastDay);
}

/**
 * An entry of the period is due unless another run matched it across its own end. One around the period is settled if another run
 * had its day, for whatever that one did not match is carried.
 */
function standingsOf(movements: readonly LedgerMovement[], past: Past, statement: BankStatement): LedgerEntry[] {
  const carried = new Set(past.carried.flatMap(({ entries }) => entries.map(({ id }) => id)));
  return movements.map((movement) => {
    const isUsed = past.usedEntries.has(movement.id) || past.adjustingTransfers.has(movement.transfer);
    if (isUsed) return { ...movement, standing: 'settled' };
    if (carried.has(movement.id) || isWithin(movement, statement)) return { ...movement, standing: 'due' };
    const isCovered = past.others.some((period) => isWithin(movement, period));
    return { ...movement, standing: isCovered || past.adjusted.has(movement.id) ? 'settled' : 'outside' };
  });
}

function isWithin(
  { day }: { readonly day: number },
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  return day >= from && day <= to;
}

/**
 * The statement's lines of any money that no other run used, and those that earlier statements left alone. A line of these days that
 * the statement does not have any more was withdrawn by the bank, in a corrected statement.
 */
function linesOf(statement: BankStatement, { usedLines, carried }: Past): readonly BankLine[] {
  const ids = new Set(statement.lines.map(({ id }) => id));
  const isOld = ({ id, bookingDay }: BankLine): boolean => !ids.has(id) && !isWithin({ day: bookingDay }, statement);
  const old = carried.flatMap(({ lines }) => lines.filter(isOld));
  return [...statement.lines, ...old].filter(({ id, amount }) => amount !== 0n && !usedLines.has(id));
}

function carriedEntries(entries: readonly LedgerEntry[], { carried, usedEntries }: Past): readonly LedgerEntry[] {
  const ids = new Set(entries.map(({ id }) => id));
  const old = carried.flatMap((kept) => kept.entries.filter(({ id }) => !ids.has(id) && !usedEntries.has(id)));
  return old.map((entry) => ({ ...entry, standing: 'due' }));
}

/** References cost a read each, so only those transfers are asked for that no booking names by their identity. */
async function withReferences(
  { referencesOf }: ReconcilePorts,
  scope: string,
  entries: readonly LedgerEntry[],
  lines: readonly BankLine[],
): Promise<readonly LedgerEntry[]> {
  const named = new Set(lines.flatMap((line) => normalReferences(line.references, line.text)));
  const unnamed = entries.filter(({ transfer }) => !named.has(normalReference(transfer)));
  const references = await referencesOf?.(scope, [...new Set(unnamed.map(({ transfer }) => transfer))]);
  return entries.map((entry) => {
    const reference = references?.get(entry.transfer);
    return reference === undefined ? entry : { ...entry, reference };
  });
}

// ── Keeping what was found ──────────────────────────────────────────────────────────────────────────────────────────────────

async function keepBreak(run: Run, found: Break): Promise<ReportedBreak> {
  const { breaks } = run.ports;
  const { scope } = run.request;
  const id = breakId(run, found);
  let stored = run.past.breaks.get(id);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const next = stored === undefined ? newBreak(run, id, found) : foundAgain(run, stored, found);
    if (next === stored) return { kept: next, state: stateOf(next), isNew: false };
    const isKept = await breaks.put(next, stored?.history.length ?? 0);
    if (isKept) return { kept: next, state: stateOf(next), isNew: stored === undefined };
    stored = await breaks.find(scope, id);
  }
  throw new Error(`break ${id} was changed by others ${MOST_TRIES} times in a row`);
}

function breakId({ ports, account }: Run, { lines, entries }: Break): string {
  const parts = [account, lines.map(({ id }) => id).sort(), entries.map(({ id }) => id).sort()];
  return `brk-${ports.digest(JSON.stringify(parts)).slice(0, ID_DIGITS)}`;
}

function newBreak(run: Run, id: string, { lines, entries, difference, cause }: Break): KeptBreak {
  const { by, statement } = run.request;
  return {
    id,
    account: run.account,
    currency: statement.currency,
    lines: lines.slice(0, MAX_BREAK_PARTS).map(shortened),
    entries: entries.slice(0, MAX_BREAK_PARTS),
    difference,
    history: [{ type: 'Found', at: run.ports.clock.now(), by, statement: statement.id, cause }],
  };
}

/** A line as it is kept: what identifies it, and as much of what the bank says as people read. */
function shortened(line: BankLine): BankLine {
  const references = line.references.slice(0, MAX_KEPT_REFERENCES).map((one) => one.slice(0, MAX_KEPT_CHARACTERS));
  return { ...line, references, text: line.text.slice(0, MAX_KEPT_CHARACTERS) };
}

/** What this statement does not cover is not judged again, but for what was to come with it. */
function foundAgain(run: Run, kept: KeptBreak, { cause, lines, entries }: Break): KeptBreak {
  const { by, statement } = run.request;
  const known = stateOf(kept).cause;
  const isCovered =
    lines.some(({ bookingDay: day }) => isWithin({ day }, statement)) ||
    entries.some((one) => isWithin(one, statement));
  const judged = isCovered || classOf[known] === 'timing' ? cause : known;
  const at = run.ports.clock.now();
  return grown(kept, decideBreak(kept, { type: 'Find', at, by, statement: statement.id, cause: judged }));
}

function grown(kept: KeptBreak, event: BreakEvent | string | undefined): KeptBreak {
  return event === undefined || typeof event === 'string' ? kept : { ...kept, history: [...kept.history, event] };
}

/** Closes open breaks all of whose parts were here and which were not found again. */
async function clearBreaks(
  { ports, request, past }: Run,
  found: ReadonlySet<string>,
  lines: readonly BankLine[],
  entries: readonly LedgerEntry[],
): Promise<readonly KeptBreak[]> {
  const carried = new Set(past.carried.map(({ id }) => id));
  const here = new Set([
    ...lines.map(({ id }) => `line ${id}`),
    ...entries.filter(({ standing }) => standing !== 'settled').map(({ id }) => `entry ${id}`),
  ]);
  const isJudged = ({ id, bookingDay }: BankLine): boolean =>
    here.has(`line ${id}`) || isWithin({ day: bookingDay }, request.statement);
  const isHere = (kept: KeptBreak): boolean =>
    kept.lines.every(isJudged) && kept.entries.every(({ id }) => here.has(`entry ${id}`));
  const gone = [...past.breaks.values()].filter(
    (kept) => !found.has(kept.id) && stateOf(kept).status === 'open' && (carried.has(kept.id) || isHere(kept)),
  );
  const cleared = await inParallel(gone, PARALLEL_BREAKS, async (kept) => {
    const command = { type: 'Clear', at: ports.clock.now(), by: request.by, statement: request.statement.id } as const;
    const next = grown(kept, decideBreak(kept, command));
    return (await ports.breaks.put(next, kept.history.length)) ? [next] : [];
  });
  return cleared.flat();
}

/** What was matched across an end of the period: no run, neither of these days nor of the others, matches it again. */
function periodOf({ ports, request, account, past, result }: Run): ReconciledPeriod {
  const { from, to, id } = request.statement;
  const isInside = (day: number): boolean => isWithin({ day }, { from, to });
  const crossing = result.matches.filter(({ lines, entries }) => {
    return !(lines.every(({ bookingDay }) => isInside(bookingDay)) && entries.every(({ day }) => isInside(day)));
  });
  const crossed = {
    lines: [...past.crossed.lines, ...crossing.flatMap(({ lines }) => lines.map((line) => line.id))],
    entries: [...past.crossed.entries, ...crossing.flatMap(({ entries }) => entries.map((entry) => entry.id))],
  };
  return { account, from, to, statement: id, at: ports.clock.now(), crossed };
}

/** Breaks that reach beyond this statement and touch it. */
function standingBreaks({ past, request: { statement } }: Run): readonly ReportedBreak[] {
  const touching = past.standing.filter((kept) => daysOf(kept).some((day) => isWithin({ day }, statement)));
  return touching.map((kept) => ({ kept, state: stateOf(kept), isNew: false }));
}

// ── The report ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

function countMatches({ matches }: Reconciliation): Record<MatchKind, number> {
  const counts = { reference: 0, amount_and_day: 0, one_to_many: 0, many_to_one: 0, many_to_many: 0, offset: 0 };
  for (const { kind } of matches) counts[kind] += 1;
  return counts;
}

/** Splits the change of bank less wallet over the period into what breaks, adjustments and the cut brought. */
function explain(
  { request: { statement }, past, result: { matches, breaks } }: Run,
  entries: readonly LedgerEntry[],
  walletChange: bigint,
): ReconciliationReport['change'] {
  const lineIds = new Set(statement.lines.map(({ id }) => id));
  const within = ({ lines, entries: used }: Pick<Break, 'lines' | 'entries'>): bigint =>
    sumOf(lines.filter(({ id }) => lineIds.has(id))) - sumOf(used.filter((entry) => isWithin(entry, statement)));
  const sum = (parts: readonly Pick<Break, 'lines' | 'entries'>[]): bigint =>
    parts.reduce((total, part) => total + within(part), 0n);
  const inBreaks = new Set(past.standing.flatMap((kept) => kept.entries.map(({ id }) => id)));
  const linesInBreaks = new Set(past.standing.flatMap((kept) => kept.lines.map(({ id }) => id)));
  const settled = entries.filter((entry) => entry.standing === 'settled' && isWithin(entry, statement));
  const adjusting = settled.filter(({ transfer }) => past.adjustingTransfers.has(transfer));
  const elsewhere = settled.filter(({ id, transfer }) => !inBreaks.has(id) && !past.adjustingTransfers.has(transfer));
  const used = statement.lines.filter(({ id }) => past.usedLines.has(id) && !linesInBreaks.has(id));
  const total = sumOf(statement.lines) - walletChange;
  const byBreaks = sum([...breaks, ...past.standing]);
  const byAdjustments = -sumOf(adjusting);
  const byCut = sum(matches) + sumOf(used) - sumOf(elsewhere);
  return { total, byBreaks, byAdjustments, byCut, unexplained: total - byBreaks - byAdjustments - byCut };
}

/** Breaks that somebody still has to do something about. */
export function openBreaks({ breaks }: ReconciliationReport): readonly ReportedBreak[] {
  return breaks.filter(({ state }) => state.status === 'open');
}

/** Name of an account as people write it. */
export function accountName({ account }: Pick<ReconciliationReport, 'account'>): string {
  return accountOfKey(account).account;
}
