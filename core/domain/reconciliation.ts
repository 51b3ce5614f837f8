/**
 * Reconciliation: which bookings of a bank's statement are which entries of a settlement account, and what is left over. Pure; the
 * order in which lines and entries come changes nothing, and each is used at most once.
 *
 *   by the transfer's identity ─> by the client's reference ─> by amount and day ─> one for several ─> what is left is a break
 *
 * Certain ways come first, for a wrong match hides two breaks, while a missed one shows itself.
 */
import { type BankLine, sumOf } from './bank-statement.ts';
import { pairByDay } from './pair-by-day.ts';
import { namesTransfer, normalReference, normalReferences } from './references.ts';
import { MAX_STEPS, onlySubset, type SearchBudget } from './subset-sum.ts';

/** What happened to the settlement account by one leg of a transfer, seen from the bank: signs as on its statement. */
export interface LedgerEntry {
  /** `version/index` of the event in the account's log. */
  readonly id: string;
  readonly transfer: string;
  /** What the client calls the transfer, where it said so. */
  readonly reference?: string;
  readonly counterparty: string;
  /** Minor units; positive when money came in at the bank. */
  readonly amount: bigint;
  /** Time of the commit, UTC milliseconds. */
  readonly at: number;
  /** Day of that time in UTC. */
  readonly day: number;
  /**
   * `due`: this statement should have it. `outside`: it lies beyond the statement's period, and may belong to it all the same.
   * `settled`: an earlier statement had it.
   */
  readonly standing: 'due' | 'outside' | 'settled';
}

/** Why something is left over. */
export const breakCauses = [
  /** The bank booked it, and no entry is it. */
  'bank_only',
  /** The bank took back what it had booked, and the wallet did not. */
  'bank_reversed',
  /** The wallet has it, and the bank did not book it. */
  'ledger_only',
  /** Same reference, other amount. */
  'amount_differs',
  /** Same transfer, further apart than the window of days. */
  'days_apart',
  /** So close to the end of the statement that the bank may book it in the next one. */
  'not_booked_yet',
  /** So close to the end of what the wallet knows that its entry may come. */
  'not_recorded_yet',
  /** Same reference and amount as another booking of the bank. */
  'booked_twice',
  /** Same reference and amount as another entry of the wallet. */
  'recorded_twice',
] as const;
export type BreakCause = (typeof breakCauses)[number];
export type BreakClass = 'missing_here' | 'missing_there' | 'amount' | 'timing' | 'duplicate';

/** The class of breaks that each cause belongs to. */
export const classOf: { readonly [C in BreakCause]: BreakClass } = {
  bank_only: 'missing_here',
  bank_reversed: 'missing_here',
  ledger_only: 'missing_there',
  amount_differs: 'amount',
  days_apart: 'timing',
  not_booked_yet: 'timing',
  not_recorded_yet: 'timing',
  booked_twice: 'duplicate',
  recorded_twice: 'duplicate',
};

export type MatchKind = 'reference' | 'amount_and_day' | 'one_to_many' | 'many_to_one' | 'many_to_many' | 'offset';

/** Lines and entries that are the same money: their amounts sum to the same. */
export interface Match {
  readonly kind: MatchKind;
  readonly lines: readonly BankLine[];
  readonly entries: readonly LedgerEntry[];
}

export interface Break {
  readonly cause: BreakCause;
  readonly lines: readonly BankLine[];
  readonly entries: readonly LedgerEntry[];
  /** What the bank has more than the wallet because of it, minor units. */
  readonly difference: bigint;
}

export interface Reconciliation {
  readonly matches: readonly Match[];
  readonly breaks: readonly Break[];
}

export interface ReconciliationRules {
  /** Days that a booking may be away from its entry. */
  readonly windowDays: number;
  /** Last day of the statement, and last day whose entries are all given. */
  readonly to: number;
  readonly ledgerTo: number;
}

/** Widest window of days: beyond a month a match by amount and day says nothing. */
export const MAX_WINDOW_DAYS = 31;

/** Reconciles the lines of one statement with the entries of its account. Ids of lines are unique, and those of entries. */
export function reconcile(
  lines: readonly BankLine[],
  entries: readonly LedgerEntry[],
  rules: ReconciliationRules,
): Reconciliation {
  const sheet = new Worksheet(lines, entries, rules);
  matchByReference(sheet, 'due', transferOf);
  matchByReference(sheet, 'due', referenceOf);
  matchByReference(sheet, 'outside', transferOf);
  matchByReference(sheet, 'outside', referenceOf);
  for (const named of groupsOf(sheet.lines, ({ references }) => references[0])) offset(sheet, named, []);
  for (const moved of groupsOf(sheet.entries, transferOf)) offset(sheet, [], moved);
  findRepeated(sheet);
  matchByAmount(sheet, ({ bookingDay }) => bookingDay);
  matchByAmount(sheet, ({ valueDay }) => valueDay);
  matchSums(sheet);
  breakRest(sheet);
  return { matches: sheet.matches, breaks: sheet.breaks };
}

// ── The worksheet ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A line with its references in the form in which they are compared. */
interface Line {
  readonly line: BankLine;
  readonly references: readonly string[];
  /** It says which transfer it is, so it is no other one. */
  readonly isNamed: boolean;
}

/** What is not matched yet, in an order that does not depend on the order given, and what was found. */
class Worksheet {
  readonly rules: ReconciliationRules;
  readonly lines: Set<Line>;
  readonly entries: Set<LedgerEntry>;
  readonly settled: readonly LedgerEntry[];
  readonly matches: Match[] = [];
  readonly breaks: Break[] = [];

  constructor(lines: readonly BankLine[], entries: readonly LedgerEntry[], rules: ReconciliationRules) {
    this.rules = rules;
    const prepared = sortedBy(lines, ({ bookingDay: day, amount, id }) => `${day}/${amount}/${id}`).map(
      (line): Line => {
        const references = normalReferences(line.references, line.text);
        return { line, references, isNamed: references.some(namesTransfer) };
      },
    );
    const sorted = sortedBy(entries, ({ day, amount, id }) => `${day}/${amount}/${id}`);
    this.lines = new Set(prepared);
    this.entries = new Set(sorted.filter(({ standing }) => standing !== 'settled'));
    this.settled = sorted.filter(({ standing }) => standing === 'settled');
  }

  match(kind: MatchKind, lines: readonly Line[], entries: readonly LedgerEntry[]): void {
    this.matches.push({ kind, lines: lines.map(({ line }) => line), entries });
    this.take(lines, entries);
  }

  break(cause: BreakCause, lines: readonly Line[], entries: readonly LedgerEntry[]): void {
    const banked = lines.map(({ line }) => line);
    this.breaks.push({ cause, lines: banked, entries, difference: sumOf(banked) - sumOf(entries) });
    this.take(lines, entries);
  }

  private take(lines: readonly Line[], entries: readonly LedgerEntry[]): void {
    for (const line of lines) this.lines.delete(line);
    for (const entry of entries) this.entries.delete(entry);
  }
}

function sortedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const keyed = items.map((item): readonly [string, Item] => [keyOf(item), item]);
  return keyed.sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, item]) => item);
}

// ── By reference ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lines and entries of one reference. */
interface Group {
  readonly lines: readonly Line[];
  readonly entries: readonly LedgerEntry[];
}

function transferOf({ transfer }: LedgerEntry): string {
  return normalReference(transfer);
}

function referenceOf({ reference }: LedgerEntry): string {
  return reference === undefined ? '' : normalReference(reference);
}

function matchByReference(
  sheet: Worksheet,
  standing: LedgerEntry['standing'],
  keyOf: (entry: LedgerEntry) => string,
): void {
  const entries = Map.groupBy(
    [...sheet.entries].filter((entry) => entry.standing === standing && keyOf(entry) !== ''),
    keyOf,
  );
  const lines = new Map<string, Line[]>();
  for (const line of [...sheet.lines]) {
    const known = line.references.filter((reference) => entries.has(reference));
    if (
      matchNamedBatch(
        sheet,
        line,
        known.flatMap((key) => entries.get(key) ?? []),
      )
    )
      continue;
    const [key] = known;
    if (key === undefined) continue;
    const named = lines.get(key);
    if (named === undefined) lines.set(key, [line]);
    else named.push(line);
  }
  for (const [key, named] of lines)
    matchGroup(sheet, { lines: named, entries: left(sheet.entries, entries.get(key) ?? []) });
}

/** One booking that lists several transfers, and is their sum. */
function matchNamedBatch(sheet: Worksheet, line: Line, entries: readonly LedgerEntry[]): boolean {
  const batch = left(sheet.entries, entries);
  const isBatch = new Set(batch.map(({ transfer }) => transfer)).size > 1 && sumOf(batch) === line.line.amount;
  if (isBatch) sheet.match('one_to_many', [line], batch);
  return isBatch;
}

function matchGroup(sheet: Worksheet, { lines, entries }: Group): void {
  const paired = pairEqual(sheet, lines, entries);
  offset(sheet, lines, entries);
  const rest = { lines: left(sheet.lines, lines), entries: left(sheet.entries, entries) };
  if (isBothSided(rest) && sumOf(rest.lines.map(({ line }) => line)) === sumOf(rest.entries))
    sheet.match(kindOf(rest), rest.lines, rest.entries);
  for (const line of left(sheet.lines, lines))
    if (paired.has(line.line.amount)) sheet.break('booked_twice', [line], []);
  for (const entry of left(sheet.entries, entries))
    if (paired.has(entry.amount) && entry.standing === 'due') sheet.break('recorded_twice', [], [entry]);
  const other = { lines: left(sheet.lines, lines), entries: left(sheet.entries, entries) };
  if (isBothSided(other)) sheet.break('amount_differs', other.lines, other.entries);
}

function isBothSided({ lines, entries }: Group): boolean {
  return lines.length > 0 && entries.length > 0;
}

function left<Item>(open: ReadonlySet<Item>, items: readonly Item[]): readonly Item[] {
  return items.filter((item) => open.has(item));
}

function kindOf({ lines, entries }: Group): MatchKind {
  if (lines.length === 1) return 'one_to_many';
  return entries.length === 1 ? 'many_to_one' : 'many_to_many';
}

/** Pairs lines and entries of one reference and equal amount, the nearest days first, and gives back the amounts. */
function pairEqual(sheet: Worksheet, lines: readonly Line[], entries: readonly LedgerEntry[]): ReadonlySet<bigint> {
  const amounts = new Set<bigint>();
  const entriesOf = Map.groupBy(entries, ({ amount }) => amount);
  for (const [amount, equal] of Map.groupBy(lines, ({ line }) => line.amount)) {
    const near = pairByDay(equal, entriesOf.get(amount) ?? [], sheet.rules.windowDays, bookingDay, entryDay);
    for (const [line, entry] of near.pairs) matchOrApart(sheet, line, entry);
    for (const [i, line] of near.left.entries()) {
      const entry = near.right[i];
      if (entry !== undefined) matchOrApart(sheet, line, entry);
    }
    if (near.pairs.length + Math.min(near.left.length, near.right.length) > 0) amounts.add(amount);
  }
  return amounts;
}

/** The same reference and amount is the same money, however many days lie between; too many are told. */
function matchOrApart(sheet: Worksheet, line: Line, entry: LedgerEntry): void {
  if (daysBetween(line.line, entry) <= sheet.rules.windowDays) sheet.match('reference', [line], [entry]);
  else sheet.break('days_apart', [line], [entry]);
}

function daysBetween({ bookingDay, valueDay }: BankLine, { day }: LedgerEntry): number {
  return Math.min(Math.abs(bookingDay - day), Math.abs(valueDay - day));
}

/** What came and went under one reference on one side only: a booking and its reversal, a debit and its refund. */
function offset(sheet: Worksheet, lines: readonly Line[], entries: readonly LedgerEntry[]): void {
  for (const pair of opposites(left(sheet.lines, lines), ({ line }) => line.amount)) sheet.match('offset', pair, []);
  for (const pair of opposites(left(sheet.entries, entries), ({ amount }) => amount)) sheet.match('offset', [], pair);
}

/** Items that share what `keyOf` says; those of which it says nothing are left out. */
function groupsOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string | undefined,
): readonly (readonly Item[])[] {
  const groups = Map.groupBy(items, keyOf);
  groups.delete(undefined);
  return [...groups.values()];
}

function opposites<Item>(items: readonly Item[], amountOf: (item: Item) => bigint): readonly (readonly Item[])[] {
  const waiting = new Map<bigint, Item[]>();
  const pairs: (readonly Item[])[] = [];
  for (const item of items) {
    const other = waiting.get(-amountOf(item))?.shift();
    if (other !== undefined) pairs.push([other, item]);
    else waiting.set(amountOf(item), [...(waiting.get(amountOf(item)) ?? []), item]);
  }
  return pairs;
}

function bookingDay({ line }: Line): number {
  return line.bookingDay;
}

function entryDay({ day }: LedgerEntry): number {
  return day;
}

// ── What comes twice ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lines that name what an earlier statement had with that amount. */
function findRepeated(sheet: Worksheet): void {
  const known = new Set(
    sheet.settled.flatMap((entry) => [`${transferOf(entry)}/${entry.amount}`, ...twinKeysOfEntry(entry)]),
  );
  for (const line of [...sheet.lines]) {
    const isKnown = line.references.some((reference) => known.has(`${reference}/${line.line.amount}`));
    if (isKnown) sheet.break('booked_twice', [line], []);
  }
}

// ── By amount and day ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Only lines that do not say which transfer they are, and entries that this statement should have. */
function matchByAmount(sheet: Worksheet, dayOfLine: (line: BankLine) => number): void {
  const entriesOf = Map.groupBy(dueEntries(sheet), ({ amount }) => amount);
  for (const [amount, lines] of Map.groupBy(unnamedLines(sheet), ({ line }) => line.amount)) {
    const entries = entriesOf.get(amount) ?? [];
    const { pairs } = pairByDay(lines, entries, sheet.rules.windowDays, ({ line }) => dayOfLine(line), entryDay);
    for (const [line, entry] of pairs) sheet.match('amount_and_day', [line], [entry]);
  }
}

function unnamedLines(sheet: Worksheet): readonly Line[] {
  return [...sheet.lines].filter(({ isNamed }) => !isNamed);
}

function dueEntries(sheet: Worksheet): readonly LedgerEntry[] {
  return [...sheet.entries].filter(({ standing }) => standing === 'due');
}

// ── One for several ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One booking for several entries of a day, then one entry for several bookings of a day. */
function matchSums(sheet: Worksheet): void {
  const budget = { steps: MAX_STEPS };
  const { windowDays } = sheet.rules;
  const entriesOf = Map.groupBy(dueEntries(sheet), entryDay);
  for (const line of unnamedLines(sheet)) {
    const { amount, bookingDay: day } = line.line;
    const parts = partsOf(amount, day, windowDays, entriesOf, sheet.entries, budget);
    if (parts !== undefined) sheet.match('one_to_many', [line], parts);
  }
  const linesOf = Map.groupBy(unnamedLines(sheet).map(asPart), ({ line }) => bookingDay(line));
  const open = new Set([...linesOf.values()].flat());
  for (const entry of dueEntries(sheet)) {
    const parts = partsOf(entry.amount, entry.day, windowDays, linesOf, open, budget);
    if (parts === undefined) continue;
    for (const part of parts) open.delete(part);
    sheet.match(
      'many_to_one',
      parts.map(({ line }) => line),
      [entry],
    );
  }
}

interface Part {
  readonly amount: bigint;
  readonly counterparty: string;
}

function asPart(line: Line): Part & { readonly line: Line } {
  return { amount: line.line.amount, counterparty: '', line };
}

/** The parts of one day that make up an amount: a day's all with one counterparty, its all, or the only choice among few. */
function partsOf<Item extends Part>(
  amount: bigint,
  day: number,
  windowDays: number,
  partsByDay: ReadonlyMap<number, readonly Item[]>,
  open: ReadonlySet<Item>,
  budget: SearchBudget,
): readonly Item[] | undefined {
  for (const distance of nearestFirst(windowDays)) {
    const ofDay = partsByDay.get(day + distance) ?? [];
    budget.steps -= ofDay.length;
    if (budget.steps <= 0) return undefined;
    const sameSign = ofDay.filter((part) => open.has(part) && part.amount > 0n === amount > 0n);
    const parts = sameSign.length < 2 ? undefined : choose(sameSign, amount, budget);
    if (parts !== undefined) return parts;
  }
  return undefined;
}

/** 0, -1, 1, -2, 2 ... */
function nearestFirst(windowDays: number): readonly number[] {
  return [0, ...Array.from({ length: windowDays }, (_, i) => [-1 - i, i + 1]).flat()];
}

function choose<Item extends Part>(
  parts: readonly Item[],
  amount: bigint,
  budget: SearchBudget,
): readonly Item[] | undefined {
  for (const ofOne of Map.groupBy(parts, ({ counterparty }) => counterparty).values())
    if (ofOne.length > 1 && sumOf(ofOne) === amount) return ofOne;
  if (sumOf(parts) === amount) return parts;
  const chosen = onlySubset(
    parts.map((part) => magnitude(part.amount)),
    magnitude(amount),
    budget,
  );
  return chosen === undefined ? undefined : parts.filter((_, i) => chosen.includes(i));
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

// ── What is left ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function breakRest(sheet: Worksheet): void {
  const booked = new Set(sheet.matches.flatMap(({ lines }) => lines).flatMap(twinKeys));
  for (const line of [...sheet.lines]) {
    const cause = isTwin(twinKeys(line.line), booked) ? 'booked_twice' : causeOfLine(line.line, sheet.rules);
    sheet.break(cause, [line], []);
  }
  const recorded = new Set(sheet.matches.flatMap(({ entries }) => entries).flatMap(twinKeysOfEntry));
  for (const entry of dueEntries(sheet)) {
    const mayCome = entry.day > sheet.rules.to - sheet.rules.windowDays;
    const alone = mayCome ? 'not_booked_yet' : 'ledger_only';
    sheet.break(isTwin(twinKeysOfEntry(entry), recorded) ? 'recorded_twice' : alone, [], [entry]);
  }
}

function causeOfLine(
  { reversal, bookingDay: day }: BankLine,
  { ledgerTo, windowDays }: ReconciliationRules,
): BreakCause {
  if (day > ledgerTo - windowDays) return 'not_recorded_yet';
  return reversal ? 'bank_reversed' : 'bank_only';
}

/** Whether one of the keys was seen before; now all of them were. */
function isTwin(keys: readonly string[], seen: Set<string>): boolean {
  const isSeen = keys.some((key) => seen.has(key));
  for (const key of keys) seen.add(key);
  return isSeen;
}

/** What two bookings share when one is the other again. */
function twinKeys({ references, text, amount }: BankLine): readonly string[] {
  return normalReferences(references, text).map((reference) => `${reference}/${amount}`);
}

function twinKeysOfEntry(entry: LedgerEntry): readonly string[] {
  const reference = referenceOf(entry);
  return reference === '' ? [] : [`${reference}/${entry.amount}`];
}
