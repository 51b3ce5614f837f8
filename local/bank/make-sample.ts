/**
 * Invents a small bank: forty people with salaries, pensions, rents, cards and cash over three months, written in the format of
 * the bank's file. It is drawn from a seed and from nothing else, so it holds nobody's data and every machine writes the same
 * bytes. `npx node local/bank/make-sample.ts` writes the sample that the repository ships; `npm start` uses it when no file is given.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bankColumns, formatBankAmount } from './movements.ts';

/** Where the shipped sample lies. */
export const samplePath = fileURLToPath(new URL('../sample/bank-sample.csv', import.meta.url));

const SEED = 20_240_229;
const CUSTOMERS = 40;
/** January to March: long enough for standing orders to repeat, short enough to be moved in a minute. */
const MONTHS = 3;
const YEAR = 99;
/** Far above the numbers of the real bank, so that both files can be moved in one wallet without meeting. */
const FIRST_ACCOUNT = 900_001;
const FIRST_TRANSACTION = 90_000_001;
/** One customer in so many lives beyond their means, which takes the account below zero. */
const SPENDTHRIFT_EVERY = 8;

/** Amounts, in minor units. */
const FEE = 14_60;
const PENALTY = 35_00;
/** Interest of a month, in ten-thousandths of the balance. */
const MONTHLY_INTEREST = 20;

const banks = ['AB', 'CD', 'GH', 'KL', 'QR', 'YZ'] as const;

/** Draws whole numbers from `low` to `high`, both included. */
export type Draw = (low: number, high: number) => number;

/** Minor units fit a number here, because no invented amount comes near 2^53. */
interface Drawn {
  readonly account: number;
  readonly day: number;
  readonly kind: Kind;
  readonly amountMinor: number;
  readonly partner: { readonly bank: string; readonly account: string };
}

interface Kind {
  readonly type: 'PRIJEM' | 'VYDAJ' | 'VYBER';
  readonly operation: string;
  readonly symbol: string;
}

const kinds = {
  deposit: { type: 'PRIJEM', operation: 'VKLAD', symbol: '' },
  salary: { type: 'PRIJEM', operation: 'PREVOD Z UCTU', symbol: '' },
  pension: { type: 'PRIJEM', operation: 'PREVOD Z UCTU', symbol: 'DUCHOD' },
  interest: { type: 'PRIJEM', operation: '', symbol: 'UROK' },
  household: { type: 'VYDAJ', operation: 'PREVOD NA UCET', symbol: 'SIPO' },
  insurance: { type: 'VYDAJ', operation: 'PREVOD NA UCET', symbol: 'POJISTNE' },
  fee: { type: 'VYDAJ', operation: 'VYBER', symbol: 'SLUZBY' },
  penalty: { type: 'VYDAJ', operation: 'VYBER', symbol: 'SANKC. UROK' },
  card: { type: 'VYDAJ', operation: 'VYBER KARTOU', symbol: '' },
  cash: { type: 'VYDAJ', operation: 'VYBER', symbol: '' },
  cashAtPartner: { type: 'VYBER', operation: 'VYBER', symbol: '' },
} as const satisfies Record<string, Kind>;

const nobody = { bank: '', account: '' };

interface Customer {
  readonly account: number;
  readonly income: Kind;
  readonly incomeMinor: number;
  readonly incomeDay: number;
  readonly rentMinor: number;
  readonly insured: boolean;
  readonly hasCard: boolean;
  readonly spendthrift: boolean;
  readonly employer: Drawn['partner'];
  readonly landlord: Drawn['partner'];
}

/** The text of the sample, always the same. */
export function makeSample(): string {
  const draw = drawFrom(SEED);
  const drawn = Array.from({ length: CUSTOMERS }, (_, at) => lifeOf(drawCustomer(at, draw), draw)).flat();
  const rows = drawn.sort((a, b) => a.day - b.day || a.account - b.account);
  const balances = new Map<number, number>();
  const lines = rows.map((row, at) => {
    const balanceMinor = (balances.get(row.account) ?? 0) + signed(row);
    balances.set(row.account, balanceMinor);
    return lineOf(row, FIRST_TRANSACTION + at, balanceMinor);
  });
  return `${[bankColumns.join(), ...lines].join('\n')}\n`;
}

/**
 * A linear congruential generator modulo 2^32 (multiplier and increment of Numerical Recipes): poor randomness, but exact
 * integers on every machine, and it cannot change under us as a package's or a runtime's could.
 */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (low, high) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a generator repeat soon, so only the upper half is used.
    return low + ((state >>> 16) % (high - low + 1));
  };
}

function drawCustomer(at: number, draw: Draw): Customer {
  const retired = draw(1, 4) === 1;
  return {
    account: FIRST_ACCOUNT + at,
    income: retired ? kinds.pension : kinds.salary,
    incomeMinor: retired ? draw(4_200, 7_900) * 100 : draw(8_000, 29_000) * 100 + draw(0, 9) * 10,
    incomeDay: draw(5, 14),
    rentMinor: draw(1_400, 4_800) * 100,
    insured: draw(1, 3) === 1,
    hasCard: draw(1, 3) === 1,
    spendthrift: at % SPENDTHRIFT_EVERY === SPENDTHRIFT_EVERY - 1,
    employer: drawPartner(draw),
    landlord: drawPartner(draw),
  };
}

function drawPartner(draw: Draw): Drawn['partner'] {
  const account = `${draw(1_000, 9_999)}${draw(1_000, 9_999)}`;
  return { bank: banks[draw(0, banks.length - 1)] ?? banks[0], account };
}

/** All that happens on one account, oldest first. */
function lifeOf(customer: Customer, draw: Draw): Drawn[] {
  const opening = draw(5, 30) * 10_000;
  const firstMonth = draw(0, 1);
  const rows: Drawn[] = [entry(customer, dayOf(firstMonth, draw(1, 4)), kinds.deposit, opening)];
  let balanceMinor = opening;
  for (let month = firstMonth; month < MONTHS; month += 1) {
    const ordinary = monthOf(customer, month, draw);
    balanceMinor += ordinary.reduce((sum, row) => sum + signed(row), 0);
    const closing = endOfMonth(customer, month, balanceMinor);
    balanceMinor += closing.reduce((sum, row) => sum + signed(row), 0);
    rows.push(...ordinary, ...closing);
  }
  return rows;
}

function monthOf(customer: Customer, month: number, draw: Draw): Drawn[] {
  const { income, incomeMinor, incomeDay, rentMinor, employer, landlord } = customer;
  const rent = Math.min(rentMinor, Math.floor(incomeMinor / 2));
  const left = incomeMinor - rent;
  const share = customer.spendthrift ? draw(90, 140) : draw(30, 80);
  const spent = Math.floor((left * share) / 100 / 1_000) * 1_000;
  const rows = [
    entry(customer, dayOf(month, incomeDay), income, incomeMinor, employer),
    entry(customer, dayOf(month, incomeDay + 1), kinds.household, rent, landlord),
    ...spending(customer, month, spent, draw),
  ];
  if (customer.insured) rows.push(entry(customer, dayOf(month, incomeDay + 2), kinds.insurance, 300_00, landlord));
  return rows.sort((a, b) => a.day - b.day);
}

/** Cash once or twice a month, the second time by card for those who have one. */
function spending(customer: Customer, month: number, spentMinor: number, draw: Draw): Drawn[] {
  if (spentMinor < 2_000) return [];
  const first = dayOf(month, draw(16, 20));
  const withdrawal = draw(1, 6) === 1 ? kinds.cashAtPartner : kinds.cash;
  if (draw(1, 4) === 1) return [entry(customer, first, withdrawal, spentMinor)];
  const half = Math.floor(spentMinor / 2);
  const second = customer.hasCard
    ? entry(customer, dayOf(month, draw(21, 27)), kinds.card, half - draw(1, 99))
    : undefined;
  return [
    entry(customer, first, withdrawal, half),
    second ?? entry(customer, dayOf(month, draw(21, 27)), kinds.cash, half),
  ];
}

/** The last of the month: interest for those who have money, penalty for those who owe it, and the fee for all. */
function endOfMonth(customer: Customer, month: number, balanceMinor: number): Drawn[] {
  const last = dayOf(month, lastDay(month));
  const interest = Math.floor((balanceMinor * MONTHLY_INTEREST) / 10_000);
  const first = interest > 0 ? entry(customer, last, kinds.interest, interest) : undefined;
  return [first ?? entry(customer, last, kinds.penalty, PENALTY), entry(customer, last, kinds.fee, FEE)];
}

function entry(customer: Customer, day: number, kind: Kind, amountMinor: number, partner = nobody): Drawn {
  return { account: customer.account, day, kind, amountMinor, partner };
}

function signed({ kind, amountMinor }: Drawn): number {
  return kind.type === 'PRIJEM' ? amountMinor : -amountMinor;
}

/** A day as the file writes it, YYMMDD, which also sorts. */
function dayOf(month: number, day: number): number {
  return YEAR * 10_000 + (month + 1) * 100 + Math.min(day, lastDay(month));
}

function lastDay(month: number): number {
  return new Date(Date.UTC(1900 + YEAR, month + 1, 0)).getUTCDate();
}

function lineOf(
  { account, day, kind, amountMinor, partner }: Drawn,
  transaction: number,
  balanceMinor: number,
): string {
  const amounts = [amountMinor, balanceMinor].map((minor) => formatBankAmount(BigInt(minor)));
  const fields = [
    transaction,
    account,
    day,
    kind.type,
    kind.operation,
    ...amounts,
    kind.symbol,
    partner.bank,
    partner.account,
  ];
  return fields.join();
}

if (import.meta.main) await writeFile(samplePath, makeSample());
