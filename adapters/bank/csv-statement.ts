/** Statements in a bank's own CSV, read as a mapping of its columns says. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import * as z from 'zod/mini';
import type { CsvMapping } from '../../core/contracts/csv-mapping.ts';
import type { BankStatement } from '../../core/domain/bank-statement.ts';
import { readDate } from '../../core/domain/day.ts';
import { exponentOf } from '../../core/domain/money.ts';
import {
  decodeText,
  nameLines,
  readDecimal,
  type StatementFault,
  StatementFileError,
  type UnnamedLine,
} from './statement-file.ts';

const recordsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));
type CsvRecord = z.output<typeof recordsSchema>[number];
type Column = string | number;

/** Columns that a plain export may leave out; a mapping that somebody wrote means what it says. */
const mayBeAbsent: readonly Column[] = [
  'value_date',
  'currency',
  'id',
  'reference',
  'end_to_end_id',
  'text',
  'balance',
];

export interface CsvOptions {
  /** Stands for the statement where it has no name of its own. */
  readonly name: string;
  readonly mapping: CsvMapping;
  /** Headings of the mapping may be missing in the file: it was not written for this file. */
  readonly isPlain: boolean;
}

/** Reads the statements of a file, one per account. @throws {StatementFileError} that names the lines; nothing is used then. */
export function readCsvStatement(bytes: Uint8Array, options: CsvOptions): readonly BankStatement[] {
  const { mapping } = options;
  const records = readRecords(decodeText(bytes, mapping.encoding), mapping);
  const [header, ...rest] = records;
  const rows = mapping.headings ? rest : records;
  if (rows.length === 0) throw new StatementFileError([{ place: 'file', reason: 'holds no booking' }]);
  const columns = new Columns(mapping.headings ? (header?.record ?? []) : undefined, options);
  const reader = new RowReader(mapping, columns);
  const read = rows.flatMap((row) => reader.read(row));
  if (reader.faults.length > 0) throw new StatementFileError(reader.faults);
  return [...Map.groupBy(read, ({ account }) => account)].map(([account, lines]) =>
    statementOf(options.name, account, lines),
  );
}

interface ReadLine {
  readonly account: string;
  readonly currency: string;
  readonly line: UnnamedLine;
}

function statementOf(name: string, account: string, read: readonly ReadLine[]): BankStatement {
  const days = read.map(({ line }) => line.bookingDay).sort((a, b) => a - b);
  const currencies = [...new Set(read.map(({ currency }) => currency))];
  if (currencies.length > 1) {
    const reason = `account ${JSON.stringify(account)} has bookings in ${currencies.join(' and ')}`;
    throw new StatementFileError([{ place: 'file', reason }]);
  }
  return {
    id: name,
    bankAccount: account,
    currency: currencies[0] ?? '',
    from: days[0] ?? 0,
    to: days.at(-1) ?? 0,
    opening: undefined,
    closing: undefined,
    lines: nameLines(read.map(({ line }) => line)),
  };
}

function readRecords(text: string, { delimiter, skipLines }: CsvMapping): readonly CsvRecord[] {
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      delimiter,
      from_line: skipLines + 1,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return recordsSchema.parse(parsed);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    throw new StatementFileError([{ place: `line ${line}`, reason: error.message }], { cause: error });
  }
}

/** Where the columns are. */
class Columns {
  private readonly headings: readonly string[] | undefined;
  private readonly isPlain: boolean;

  constructor(headings: readonly string[] | undefined, { mapping, isPlain }: CsvOptions) {
    this.headings = headings;
    this.isPlain = isPlain;
    const missing = columnsOf(mapping).filter((column) => this.indexOf(column) === undefined && !this.mayLack(column));
    if (missing.length > 0) {
      const reason = `has no column ${missing.map((column) => JSON.stringify(column)).join(', ')}`;
      throw new StatementFileError([{ place: `line ${mapping.skipLines + 1}`, reason }]);
    }
  }

  /** Undefined where the file has no such column. */
  indexOf(column: Column): number | undefined {
    if (typeof column === 'number') return column - 1;
    const index = this.headings?.indexOf(column) ?? -1;
    return index < 0 ? undefined : index;
  }

  private mayLack(column: Column): boolean {
    return this.isPlain && mayBeAbsent.includes(column);
  }
}

function columnsOf({ columns }: CsvMapping): readonly Column[] {
  const { references, text, amount, ...single } = columns;
  const amounts =
    typeof amount !== 'object'
      ? [amount]
      : 'credit' in amount
        ? [amount.credit, amount.debit]
        : [amount.amount, amount.direction];
  return [...Object.values(single), ...references, ...text, ...amounts].filter((column) => column !== undefined);
}

/** Reads rows one by one, and gathers what is wrong with them. */
class RowReader {
  readonly faults: StatementFault[] = [];
  private readonly mapping: CsvMapping;
  private readonly columns: Columns;
  private readonly readDay: (text: string) => number | undefined;

  constructor(mapping: CsvMapping, columns: Columns) {
    this.mapping = mapping;
    this.columns = columns;
    this.readDay = dayReader(mapping);
  }

  read({ record, info }: CsvRecord): readonly ReadLine[] {
    const { columns } = this.mapping;
    const place = `line ${info.lines}`;
    const before = this.faults.length;
    const cell = (column: Column | undefined): string => {
      const index = column === undefined ? undefined : this.columns.indexOf(column);
      return index === undefined ? '' : (record[index] ?? '');
    };
    const currency = cell(columns.currency) || (this.mapping.currency ?? '');
    if (exponentOf(currency) === undefined) this.fault(place, 'currency', `${JSON.stringify(currency)} is no currency`);
    const bookingDay = this.day(cell(columns.bookingDate), place, 'bookingDate');
    const valueText = cell(columns.valueDate);
    const valueDay = valueText === '' ? bookingDay : this.day(valueText, place, 'valueDate');
    const amount = this.amount(cell, currency, place);
    const balanceText = cell(columns.balance);
    const balance = balanceText === '' ? undefined : this.signed(balanceText, currency, place, 'balance');
    if (this.faults.length > before) return [];
    const references = columns.references.map(cell).filter((reference) => reference !== '');
    const line: UnnamedLine = {
      place,
      bankId: cell(columns.id) || undefined,
      references:
        this.mapping.referenceNamespace === undefined ? references : [this.derived(references[0] ?? ''), ...references],
      amount,
      bookingDay,
      valueDay,
      text: columns.text
        .map(cell)
        .filter((text) => text !== '')
        .join(' '),
      reversal: false,
      ...(balance === undefined ? {} : { balance }),
    };
    return [{ account: cell(columns.account), currency, line }];
  }

  private amount(cell: (column: Column) => string, currency: string, place: string): bigint {
    const { amount } = this.mapping.columns;
    if (typeof amount !== 'object') return this.signed(cell(amount), currency, place, 'amount');
    if ('credit' in amount) {
      const [credit, debit] = [cell(amount.credit), cell(amount.debit)];
      if ((credit === '') === (debit === ''))
        return this.fault(place, 'amount', 'needs exactly one of credit and debit');
      return credit === ''
        ? -this.signed(debit, currency, place, 'debit')
        : this.signed(credit, currency, place, 'credit');
    }
    const word = cell(amount.direction);
    const minor = this.signed(cell(amount.amount), currency, place, 'amount');
    if (amount.creditWords.includes(word)) return minor;
    if (amount.debitWords.includes(word)) return -minor;
    return this.fault(place, 'direction', `${JSON.stringify(word)} is neither credit nor debit`);
  }

  /** A sign may stand before or after, as some banks write it. */
  private signed(text: string, currency: string, place: string, field: string): bigint {
    const { decimal, thousands } = this.mapping;
    const [, before = '', digits = '', after = ''] = /^([+-]?)\s*([0-9.,' \u00a0]*[0-9])\s*([+-]?)$/.exec(text) ?? [];
    const ungrouped = thousands === '' ? digits : digits.replaceAll('\u00a0', ' ').replaceAll(thousands, '');
    const plain = decimal === ',' ? ungrouped.replaceAll('.', '?').replace(',', '.') : ungrouped;
    const minor = readDecimal(plain, currency);
    if (minor === undefined || (before !== '' && after !== ''))
      return this.fault(place, field, `${JSON.stringify(text)} is no amount`);
    return before + after === '-' ? -minor : minor;
  }

  private day(text: string, place: string, field: string): number {
    return (
      this.readDay(text) ??
      Number(this.fault(place, field, `${JSON.stringify(text)} is no date written ${this.mapping.dateFormat}`))
    );
  }

  /** A transfer's identity that was made from the reference (RFC 9562, section 5.5). */
  private derived(reference: string): string {
    const namespace = Buffer.from((this.mapping.referenceNamespace ?? '').replaceAll('-', ''), 'hex');
    const hash = createHash('sha1').update(namespace).update(reference).digest().subarray(0, 16);
    hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
    hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
    return hash.toString('hex');
  }

  /** Zero, which nobody uses: a file with a fault is not used at all. */
  private fault(place: string, field: string, reason: string): bigint {
    this.faults.push({ place: `${place}, ${field}`, reason });
    return 0n;
  }
}

/** Reads dates of a format: its letters are digits, all else stands for itself. */
function dayReader({ dateFormat, century }: CsvMapping): (text: string) => number | undefined {
  const pattern = dateFormat.replaceAll('.', '\\.').replace('YYYY', '(?<y>[0-9]{4})').replace('YY', '(?<y>[0-9]{2})');
  const whole = new RegExp(`^${pattern.replace('MM', '(?<m>[0-9]{2})').replace('DD', '(?<d>[0-9]{2})')}$`);
  return (text) => {
    const { y = '', m = '', d = '' } = whole.exec(text)?.groups ?? {};
    const year = y.length === 2 ? String(century + Number(y)) : y;
    return readDate(`${year}-${m}-${d}`);
  };
}
