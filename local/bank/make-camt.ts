/**
 * Writes the statement that the bank would send for a bank file, in camt.053: one statement per settlement account, with every movement
 * of the file booked up to two days late, some without a reference, some several in one booking. Where wanted, with wrongs planted
 * in it that reconciliation must find, and a list of them. Drawn from a seed: every machine writes the same bytes.
 *
 * `npx node local/bank/make-camt.ts [--breaks N] [--seed N] [--out FILE] [FILE]` writes the statement, and the list beside it.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { dateOf, readDate } from '../../core/domain/day.ts';
import { formatAmount, parseAmount } from '../../core/domain/money.ts';
import type { BreakCause } from '../../core/domain/reconciliation.ts';
import { type BankPlan, readBankFile } from './bank-file.ts';
import { type Draw, drawFrom, samplePath } from './make-sample.ts';
import { BANK_CURRENCY } from './movements.ts';

/** Days that the bank takes at most when nothing is wrong, and that reconciliation allows. */
export const BANK_DAYS = 2;
/** One booking in so many carries no reference, and is found by its amount and day. */
const NAMELESS_EVERY = 9;
/** One day in so many is booked in one sum, where it can be. */
const PACKED_EVERY = 6;

/** A wrong that was planted, as it must be found. */
export interface PlantedBreak {
  /** Settlement account. */
  readonly account: string;
  readonly cause: BreakCause;
  /** The bank's ids of the bookings, and the transfers, that it is about. */
  readonly bookings: readonly string[];
  readonly transfers: readonly string[];
}

export interface MadeStatement {
  readonly xml: string;
  readonly planted: readonly PlantedBreak[];
}

export interface CamtOptions {
  readonly seed: number;
  /** Number of wrongs; their kinds take turns. */
  readonly breaks: number;
}

/** What the bank knows of a transfer: signs as on its statement. */
interface Movement {
  readonly transfer: string;
  readonly amount: bigint;
  readonly day: number;
}

interface Booking {
  readonly amount: bigint;
  readonly day: number;
  readonly valueDay: number;
  /** None: the booking carries no reference. */
  readonly references: readonly string[];
  /** The bank's id; a booking that is altered keeps it. */
  readonly id: string;
  readonly isReversal: boolean;
}

/** What the bank books for one settlement account, and what of it is wrong. */
interface Account {
  readonly name: string;
  readonly movements: readonly Movement[];
  /** First and last day of the file. */
  readonly first: number;
  readonly last: number;
  readonly bookings: Booking[];
  readonly planted: PlantedBreak[];
  /** Movements that wrongs stand for; nothing else is booked for them. */
  readonly withheld: Set<Movement>;
}

/** Makes the statement for a file. @throws if the file is too small for so many wrongs, or seed or breaks is no whole number */
export function makeCamt(plan: BankPlan, { seed, breaks }: CamtOptions): MadeStatement {
  // Texts of a command line that are no numbers would plant nothing, and all of it would be found.
  if (![seed, breaks].every((number) => Number.isSafeInteger(number) && number >= 0))
    throw new Error(`seed ${seed} and breaks ${breaks} must be whole numbers`);
  const draw = drawFrom(seed);
  const accounts = accountsOf(plan);
  const names = new Namer();
  plantBreaks(accounts, breaks, draw, names);
  for (const account of accounts) bookRest(account, draw, names);
  return { xml: document(accounts), planted: accounts.flatMap(({ planted }) => planted) };
}

/** Ids in the order in which they are asked for. */
class Namer {
  private count = 0;

  next(): string {
    this.count += 1;
    return `BK${String(this.count).padStart(8, '0')}`;
  }
}

function accountsOf(plan: BankPlan): readonly Account[] {
  const movements = new Map<string, Movement[]>();
  const all: number[] = [];
  for (const { day: date, first, count } of plan.days) {
    const day = readDate(date) ?? 0;
    all.push(day);
    for (const { from_account, to_account, amount, transaction_id } of plan.transfers.slice(first, first + count)) {
      const parsed = parseAmount(amount, BANK_CURRENCY);
      const minor = parsed.ok ? parsed.minor : 0n;
      const isIn = from_account.startsWith('settlement:');
      const name = isIn ? from_account : to_account;
      const list = movements.get(name) ?? [];
      movements.set(name, list);
      list.push({ transfer: transaction_id, amount: isIn ? minor : -minor, day });
    }
  }
  const [first = 0, last = 0] = [all[0], all.at(-1)];
  return [...movements].map(([name, list]) => ({
    name,
    movements: list,
    first,
    last,
    bookings: [],
    planted: [],
    withheld: new Set(),
  }));
}

// ── Wrongs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Plot {
  readonly account: Account;
  readonly movement: Movement;
  readonly draw: Draw;
  readonly id: string;
  readonly otherId: string;
}

/** Plants one wrong on a movement; what it books stands for the movement. */
type Planter = (plot: Plot) => {
  readonly cause: BreakCause;
  readonly ids: readonly string[];
  readonly ofTransfer: boolean;
};

const planters: readonly Planter[] = [
  // Missing here: the movement is booked as it is, and something else besides.
  ({ account, movement, id, otherId, draw }) => {
    account.bookings.push(booking(movement, id), {
      ...booking(movement, otherId),
      amount: oddAmount(draw),
      references: [],
    });
    return { cause: 'bank_only', ids: [otherId], ofTransfer: false };
  },
  // Missing there.
  () => ({ cause: 'ledger_only', ids: [], ofTransfer: true }),
  // Another amount.
  ({ account, movement, id, draw }) => {
    account.bookings.push({ ...booking(movement, id), amount: movement.amount + BigInt(draw(1, 9_999)) });
    return { cause: 'amount_differs', ids: [id], ofTransfer: true };
  },
  // Days late.
  ({ account, movement, id, draw }) => {
    const day = movement.day + BANK_DAYS + draw(1, 3);
    account.bookings.push({ ...booking(movement, id), day, valueDay: day });
    return { cause: 'days_apart', ids: [id], ofTransfer: true };
  },
  // Twice.
  ({ account, movement, id, otherId }) => {
    account.bookings.push(booking(movement, id), booking(movement, otherId));
    return { cause: 'booked_twice', ids: [otherId], ofTransfer: false };
  },
  // Missing here, under the reference of a transfer that nobody made.
  ({ account, movement, id, otherId }) => {
    const references = [shortReference(movement.transfer).split('').reverse().join('')];
    account.bookings.push(booking(movement, id), { ...booking(movement, otherId), references });
    return { cause: 'bank_only', ids: [otherId], ofTransfer: false };
  },
  // At the end of the statement, to be booked in the next one.
  () => ({ cause: 'not_booked_yet', ids: [], ofTransfer: true }),
  // Taken back by the bank.
  ({ account, movement, id, otherId }) => {
    const back = { ...booking(movement, otherId), amount: -movement.amount, isReversal: true };
    account.bookings.push(booking(movement, id), back);
    return { cause: 'bank_reversed', ids: [otherId], ofTransfer: false };
  },
];

/** Which planter plants on the last days; all others stay away from them, for there everything is a matter of time. */
const AT_THE_END = 6;

function plantBreaks(accounts: readonly Account[], breaks: number, draw: Draw, names: Namer): void {
  const taken = new Set<string>();
  for (let n = 0; n < breaks; n += 1) {
    const kind = n % planters.length;
    const { account, movement } = choose(accounts, kind === AT_THE_END, taken, draw);
    taken.add(movement.transfer);
    const plot = { account, movement, draw, id: names.next(), otherId: names.next() };
    const planted = planters[kind]?.(plot);
    if (planted === undefined) continue;
    const { cause, ids, ofTransfer } = planted;
    account.planted.push({
      account: account.name,
      cause,
      bookings: ids,
      transfers: ofTransfer ? [movement.transfer] : [],
    });
    account.withheld.add(movement);
  }
}

function choose(accounts: readonly Account[], atTheEnd: boolean, taken: ReadonlySet<string>, draw: Draw) {
  const all = accounts.flatMap((account) => account.movements.map((movement) => ({ account, movement })));
  const fitting = all.filter(({ account: { last }, movement: { day, transfer } }) => {
    const isLate = day > last - BANK_DAYS;
    return !taken.has(transfer) && (atTheEnd ? isLate : day <= last - 3 * BANK_DAYS);
  });
  const chosen = fitting[draw(0, fitting.length - 1)];
  if (chosen === undefined) throw new Error(`the file has no movement left to plant on (${taken.size} are taken)`);
  return chosen;
}

/** No movement of the file has that amount. */
function oddAmount(draw: Draw): bigint {
  return 100_000_000n + BigInt(draw(1, 9_999_999));
}

// ── What is right ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function bookRest(account: Account, draw: Draw, names: Namer): void {
  const right = account.movements.filter((movement) => !account.withheld.has(movement));
  const amounts = Map.groupBy(account.movements, ({ amount }) => amount);
  for (const [day, movements] of Map.groupBy(right, (movement) => movement.day)) {
    const isWhole = movements.length === account.movements.filter((movement) => movement.day === day).length;
    const isOneWay = new Set(movements.map(({ amount }) => amount > 0n)).size === 1;
    if (isWhole && isOneWay && movements.length > 1 && draw(1, PACKED_EVERY) === 1) {
      account.bookings.push(packed(movements, names.next()));
      continue;
    }
    for (const movement of movements) {
      const late = draw(0, Math.min(BANK_DAYS, account.last - day));
      const booked = { ...booking(movement, names.next()), day: day + late, valueDay: day };
      const isAlone = amounts.get(movement.amount)?.length === 1;
      const isNameless = isAlone && draw(1, NAMELESS_EVERY) === 1;
      account.bookings.push(isNameless ? { ...booked, references: [] } : booked);
    }
  }
}

function booking({ transfer, amount, day }: Movement, id: string): Booking {
  return { amount, day, valueDay: day, references: [shortReference(transfer)], id, isReversal: false };
}

/** All of a day in one sum, without any reference. */
function packed(movements: readonly Movement[], id: string): Booking {
  const day = movements[0]?.day ?? 0;
  const amount = movements.reduce((sum, movement) => sum + movement.amount, 0n);
  return { amount, day, valueDay: day, references: [], id, isReversal: false };
}

/** An end-to-end id has 35 characters at most, a UUID 36. */
function shortReference(transfer: string): string {
  return transfer.replaceAll('-', '');
}

// ── camt.053 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function document(accounts: readonly Account[]): string {
  const statements = accounts.map((account, i) => statement(account, i + 1)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt><GrpHdr><MsgId>MADE-UP</MsgId><CreDtTm>${dateOf(accounts[0]?.last ?? 0)}T20:00:00</CreDtTm></GrpHdr>
${statements}</BkToCstmrStmt></Document>
`;
}

function statement({ name, bookings, first, last }: Account, number: number): string {
  const sorted = bookings.toSorted((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1));
  const closing = sorted.reduce((sum, { amount }) => sum + amount, 0n);
  const to = Math.max(last, sorted.at(-1)?.day ?? last);
  const balances = `${balance('OPBD', 0n, first)}${balance('CLBD', closing, to)}`;
  return `<Stmt><Id>${number}</Id><CreDtTm>${dateOf(to)}T20:00:00</CreDtTm><Acct><Id><Othr><Id>${escaped(name)}</Id></Othr></Id><Ccy>${BANK_CURRENCY}</Ccy></Acct>
${balances}${sorted.map(entry).join('')}</Stmt>
`;
}

function balance(code: string, amount: bigint, day: number): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${money(amount)}<Dt><Dt>${dateOf(day)}</Dt></Dt></Bal>\n`;
}

function entry({ amount, day, valueDay, references, id, isReversal }: Booking): string {
  const reversal = isReversal ? '<RvslInd>true</RvslInd>' : '';
  const dates = `<BookgDt><Dt>${dateOf(day)}</Dt></BookgDt><ValDt><Dt>${dateOf(valueDay)}</Dt></ValDt>`;
  const end = `<EndToEndId>${references[0] ?? 'NOTPROVIDED'}</EndToEndId>`;
  const details = `<NtryDtls><TxDtls><Refs>${end}</Refs></TxDtls></NtryDtls>`;
  return `<Ntry>${money(amount)}${reversal}<Sts><Cd>BOOK</Cd></Sts>${dates}<AcctSvcrRef>${id}</AcctSvcrRef>${details}</Ntry>\n`;
}

function money(amount: bigint): string {
  const magnitude = formatAmount(amount < 0n ? -amount : amount, BANK_CURRENCY);
  return `<Amt Ccy="${BANK_CURRENCY}">${magnitude}</Amt><CdtDbtInd>${amount < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      breaks: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'statement.xml' },
    },
  });
  const plan = await readBankFile(positionals[0] ?? samplePath);
  const { xml, planted } = makeCamt(plan, { seed: Number(values.seed), breaks: Number(values.breaks) });
  await writeFile(values.out, xml);
  await writeFile(`${values.out}.planted.json`, `${JSON.stringify(planted, undefined, 2)}\n`);
  console.log(`${values.out}: ${planted.length} wrongs, listed in ${values.out}.planted.json`);
}

if (import.meta.main) await main();
