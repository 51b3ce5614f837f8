/**
 * The bank's file, row by row: a CSV with one movement of one account per row, newest last. Nothing of a file is used before
 * all of it was found valid, because a file that is half moved is harder to explain than one that was refused.
 */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { formatAmount, parseAmount, parseLimit } from '../../core/domain/money.ts';

/** The bank keeps all its accounts in Czech korunas; the file has no column for it. */
export const BANK_CURRENCY = 'CZK';

/** The columns, by name and in this order, as the first line of the file must have them. */
export const bankColumns = [
  'trans_id',
  'account_id',
  'date',
  'type',
  'operation',
  'amount',
  'balance',
  'k_symbol',
  'bank',
  'account',
] as const;

/** One movement on one account of the bank. */
export interface Movement {
  /** Line of the file, from 1 for the header; named in messages. */
  readonly line: number;
  readonly transId: string;
  /** The bank's own number of the account. */
  readonly bankAccount: string;
  /** Calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly direction: 'credit' | 'debit';
  /** Minor units, not negative. */
  readonly amountMinor: bigint;
  /** What the bank says the account holds afterwards, minor units. The bank rounds in secret, so this is a hint only. */
  readonly balanceMinor: bigint;
  /** Wallet account that stands for the other side. */
  readonly partner: string;
}

/** One thing that is wrong with the file. */
export interface FileFault {
  readonly line: number;
  /** Name of the column, or `row` when the line as a whole is wrong. */
  readonly field: string;
  readonly reason: string;
}

/** As many faults as a person reads at once; the rest is counted only. */
const FAULTS_SHOWN = 20;

/** The file is not what it should be. `faults` names every line, field and reason. */
export class BankFileError extends Error {
  override readonly name = 'BankFileError';
  readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[], options?: ErrorOptions) {
    const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `line ${fault.line}, ${fault.field}: ${fault.reason}`);
    const hidden = faults.length - shown.length;
    if (hidden > 0) shown.push(`and ${hidden} more`);
    super(`The bank file cannot be used:\n  ${shown.join('\n  ')}`, options);
    this.faults = faults;
  }
}

const creditTypes: readonly string[] = ['PRIJEM'];
const debitTypes: readonly string[] = ['VYDAJ', 'VYBER'];
const interestSymbols: readonly string[] = ['UROK', 'SANKC. UROK'];
const feeSymbols: readonly string[] = ['SLUZBY'];
const cashOperations: readonly string[] = ['VKLAD', 'VYBER'];
const cardOperations: readonly string[] = ['VYBER KARTOU'];
const bankOperations: readonly string[] = ['PREVOD Z UCTU', 'PREVOD NA UCET'];
const operations: readonly string[] = ['', ...cashOperations, ...cardOperations, ...bankOperations];

/** All years of the bank's history lie in one century, and the file has two digits for them. */
const CENTURY = '19';

const number = z.string().regex(/^[0-9]{1,18}$/, 'is not a number of 1 to 18 digits');

const rowSchema = z.object({
  trans_id: number,
  account_id: number,
  date: z.string().transform(readDay),
  type: z.string().refine((type) => [...creditTypes, ...debitTypes].includes(type), 'is not PRIJEM, VYDAJ or VYBER'),
  operation: z.string().refine((operation) => operations.includes(operation), 'is not an operation of the bank'),
  amount: z.string().transform(readAmount),
  balance: z.string().transform(readBalance),
  k_symbol: z.string(),
  bank: z.string().regex(/^[A-Za-z0-9]{0,8}$/, 'is not a bank code of at most 8 letters and digits'),
  account: z.string(),
});
type Row = z.infer<typeof rowSchema>;

const recordsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));
type CsvRecord = z.infer<typeof recordsSchema>[number];

/**
 * Reads the text of a bank file.
 *
 * @returns its movements in the file's order.
 * @throws {BankFileError} with every fault of the file, unless the text is no CSV at all: then with the first.
 */
export function readMovements(text: string): Movement[] {
  const [header, ...records] = readRecords(text);
  if (header?.record.join() !== bankColumns.join()) {
    throw new BankFileError([{ line: 1, field: 'row', reason: `the header is not ${bankColumns.join()}` }]);
  }
  if (records.length === 0)
    throw new BankFileError([{ line: 1, field: 'row', reason: 'no movement follows the header' }]);
  const faults: FileFault[] = [];
  const movements: Movement[] = [];
  for (const record of records) {
    const read = readRecord(record);
    if (Array.isArray(read)) faults.push(...read);
    else movements.push(read);
  }
  faults.push(...repeatedIds(movements));
  if (faults.length > 0) throw new BankFileError(faults);
  return movements;
}

function readRecords(text: string): CsvRecord[] {
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return recordsSchema.parse(parsed);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    throw new BankFileError([{ line, field: 'row', reason: error.message }], { cause: error });
  }
}

/** A record as a movement, or what is wrong with it. */
function readRecord({ record, info }: CsvRecord): Movement | FileFault[] {
  const line = info.lines;
  if (record.length !== bankColumns.length) {
    return [{ line, field: 'row', reason: `has ${record.length} fields, not ${bankColumns.length}` }];
  }
  const named = Object.fromEntries(bankColumns.map((column, at) => [column, record[at]]));
  const row = rowSchema.safeParse(named);
  if (!row.success) {
    return row.error.issues.map((issue) => {
      const field = String(issue.path[0]);
      return { line, field, reason: `${JSON.stringify(named[field])} ${issue.message}` };
    });
  }
  const partner = partnerOf(row.data);
  if (partner === undefined)
    return [{ line, field: 'operation', reason: 'is empty, and k_symbol and bank name no partner' }];
  return {
    line,
    transId: row.data.trans_id,
    bankAccount: row.data.account_id,
    day: row.data.date,
    direction: creditTypes.includes(row.data.type) ? 'credit' : 'debit',
    amountMinor: row.data.amount,
    balanceMinor: row.data.balance,
    partner,
  };
}

/**
 * The settlement account on the other side. The symbol goes first, because the bank books fees and penalty interest as cash;
 * then the partner's bank, and only then the operation.
 */
function partnerOf(row: Row): string | undefined {
  if (interestSymbols.includes(row.k_symbol)) return 'settlement:interest';
  if (feeSymbols.includes(row.k_symbol)) return 'settlement:fees';
  if (row.bank !== '') return `settlement:bank:${row.bank.toLowerCase()}`;
  if (cashOperations.includes(row.operation)) return 'settlement:cash';
  if (cardOperations.includes(row.operation)) return 'settlement:card';
  // The bank left the code out, but the operation says that there was another bank.
  if (bankOperations.includes(row.operation)) return 'settlement:bank:unknown';
  return undefined;
}

function readDay(text: string, context: z.RefinementCtx): string {
  const match = /^([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(text);
  const day = match === null ? '' : `${CENTURY}${match[1]}-${match[2]}-${match[3]}`;
  const time = Date.parse(`${day}T00:00:00Z`);
  // A day past the end of its month would be read as one of the next month, so it is written back and compared.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(day)) return day;
  context.addIssue({ code: 'custom', message: 'is not a day written YYMMDD' });
  return z.NEVER;
}

/** Zero is let through: the bank books interest of nothing, and a movement of nothing is left out later. */
function readAmount(text: string, context: z.RefinementCtx): bigint {
  const parsed = parseLimit(text, BANK_CURRENCY);
  if (parsed.ok) return parsed.minor;
  context.addIssue({ code: 'custom', message: `is not an amount (${parsed.fault})` });
  return z.NEVER;
}

function readBalance(text: string, context: z.RefinementCtx): bigint {
  const minor = parseBankBalance(text);
  if (minor !== undefined) return minor;
  context.addIssue({ code: 'custom', message: 'is not a balance' });
  return z.NEVER;
}

/** A number that comes twice would be one transfer in the wallet: the second row would be lost as a duplicate. */
function repeatedIds(movements: readonly Movement[]): FileFault[] {
  const firstLines = new Map<string, number>();
  const faults: FileFault[] = [];
  for (const { transId, line } of movements) {
    const first = firstLines.get(transId);
    if (first === undefined) firstLines.set(transId, line);
    else faults.push({ line, field: 'trans_id', reason: `${transId} was used in line ${first} already` });
  }
  return faults;
}

/** Writes minor units as the bank's file and the wallet's API both write them. */
export function formatBankAmount(minor: bigint): string {
  return formatAmount(minor, BANK_CURRENCY);
}

/** Reads a balance, which unlike an amount may be zero or below, as minor units; undefined when it is none. */
export function parseBankBalance(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const parsed = negative ? parseAmount(text.slice(1), BANK_CURRENCY) : parseLimit(text, BANK_CURRENCY);
  if (!parsed.ok) return undefined;
  return negative ? -parsed.minor : parsed.minor;
}
