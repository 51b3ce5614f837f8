/**
 * Statements in ISO 20022 camt.053 (BankToCustomerStatement), versions 2 to 13. Of the hundreds of elements those that tell money
 * are read, by schemas that name the element that is wrong; the rest may be what it likes.
 *
 * The text comes from outside: a document type declaration is refused before anything is parsed, so there are no entities but
 * those of XML itself; numbers stay text until they are minor units.
 */
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { type BankStatement, statementGap } from '../../core/domain/bank-statement.ts';
import { readDate } from '../../core/domain/day.ts';
import { formatAmount } from '../../core/domain/money.ts';
import {
  decodeText,
  MAX_STATEMENT_BYTES,
  nameLines,
  readDecimal,
  type StatementFault,
  StatementFileError,
  type UnnamedLine,
} from './statement-file.ts';

const NAMESPACE = /xmlns(?::[\w-]+)?\s*=\s*["']urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.([0-9]{2})["']/;
const OLDEST_VERSION = 2;
const NEWEST_VERSION = 13;
/** Where the declaration and the root element stand. */
const HEAD_BYTES = 16_384;
/** camt.053 nests some twenty elements. */
const MAX_DEPTH = 60;
/** Elements that may come several times; all others come once. */
const repeated = new Set(['Stmt', 'Bal', 'Ntry', 'NtryDtls', 'TxDtls', 'Ustrd', 'Strd']);

/** An element's text, whatever attributes it has. */
const text = z.pipe(
  z.union([z.string(), z.object({ '#text': z.string() })], 'is missing, or comes several times'),
  z.transform((element) => (typeof element === 'string' ? element : element['#text'])),
);
const optionalText = z.optional(text);
const direction = z.pipe(text, z.enum(['CRDT', 'DBIT'], 'is neither CRDT nor DBIT'));
const date = z.pipe(
  z.union([z.object({ Dt: text }), z.object({ DtTm: text })], 'has neither Dt nor DtTm'),
  z.transform((choice, context) => {
    const written = 'Dt' in choice ? choice.Dt : choice.DtTm;
    const day = readDate(written.slice(0, 10));
    if (day !== undefined) return day;
    context.issues.push({ code: 'custom', message: `${JSON.stringify(written)} is no date`, input: written });
    return z.NEVER;
  }),
);
const amount = z.object({ '#text': z.string(), '@Ccy': z.string() }, 'is no amount with a currency');

const transactionSchema = z.object({
  Refs: z.optional(
    z.object({
      EndToEndId: optionalText,
      TxId: optionalText,
      InstrId: optionalText,
      UETR: optionalText,
      PmtInfId: optionalText,
      MsgId: optionalText,
      AcctSvcrRef: optionalText,
    }),
  ),
  Amt: z.optional(amount),
  AmtDtls: z.optional(z.object({ TxAmt: z.optional(z.object({ Amt: amount })) })),
  CdtDbtInd: z.optional(direction),
  RmtInf: z.optional(
    z.object({
      Ustrd: z.optional(z.array(text)),
      Strd: z.optional(z.array(z.object({ CdtrRefInf: z.optional(z.object({ Ref: optionalText })) }))),
    }),
  ),
});
type Transaction = z.output<typeof transactionSchema>;

const entrySchema = z.object({
  NtryRef: optionalText,
  Amt: amount,
  CdtDbtInd: direction,
  RvslInd: optionalText,
  /** A code up to version 7, an element with a code or a proprietary word since. */
  Sts: z.optional(z.union([text, z.object({ Cd: text }), z.object({ Prtry: text })])),
  BookgDt: z.optional(date),
  ValDt: z.optional(date),
  AcctSvcrRef: optionalText,
  NtryDtls: z.optional(z.array(z.union([z.literal(''), z.object({ TxDtls: z.optional(z.array(transactionSchema)) })]))),
  AddtlNtryInf: optionalText,
});
type Entry = z.output<typeof entrySchema>;

const balanceSchema = z.object({
  Tp: z.object({ CdOrPrtry: z.union([z.object({ Cd: text }), z.object({ Prtry: text })]) }),
  Amt: amount,
  CdtDbtInd: direction,
  Dt: date,
});

const statementSchema = z.object({
  Id: text,
  FrToDt: z.optional(z.object({ FrDtTm: text })),
  Acct: z.object({
    Id: z.union([z.object({ IBAN: text }), z.object({ Othr: z.object({ Id: text }) })], 'has neither IBAN nor Othr'),
    Ccy: optionalText,
  }),
  Bal: z.array(balanceSchema),
  Ntry: z.optional(z.array(entrySchema)),
});
type Statement = z.output<typeof statementSchema>;

const documentSchema = z.object({
  Document: z.object({ BkToCstmrStmt: z.object({ Stmt: z.array(statementSchema) }) }),
});

/** Reads all statements of a file. @throws {StatementFileError} that names the element; nothing of the file is used then. */
export function readCamt053(bytes: Uint8Array): readonly BankStatement[] {
  const xml = decodeText(bytes, encodingOf(bytes));
  refuseForeign(xml);
  const read = documentSchema.safeParse(parseXml(xml));
  if (!read.success) throw new StatementFileError(read.error.issues.map(faultOfIssue));
  const faults: StatementFault[] = [];
  const statements = read.data.Document.BkToCstmrStmt.Stmt.map((statement, i) =>
    new StatementReader(statement, `Stmt[${i + 1}]`, faults).read(),
  );
  if (faults.length > 0) throw new StatementFileError(faults);
  return statements.flatMap((statement) => statement ?? []);
}

function encodingOf(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));
  return /^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ?? 'utf-8';
}

function refuseForeign(xml: string): void {
  const fault = (reason: string): StatementFileError => new StatementFileError([{ place: 'Document', reason }]);
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw fault('has a document type declaration, which no statement needs');
  const version = Number(NAMESPACE.exec(xml.slice(0, HEAD_BYTES))?.[1] ?? 0);
  if (version < OLDEST_VERSION || version > NEWEST_VERSION)
    throw fault(`is no camt.053.001 of version ${OLDEST_VERSION} to ${NEWEST_VERSION}`);
}

function parseXml(xml: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    isArray: (name) => repeated.has(name),
    // Without a document type the only entities are those of XML and numbers of characters.
    htmlEntities: true,
    processEntities: { enabled: true, maxExpandedLength: MAX_STATEMENT_BYTES },
    maxNestedTags: MAX_DEPTH,
  });
  try {
    return parser.parse(xml, true);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StatementFileError([{ place: 'file', reason: `is not well-formed XML: ${reason}` }], { cause });
  }
}

/** `Stmt[1]/Ntry[3]/Amt`, counted from 1 as in XPath. */
function faultOfIssue({ path, message }: z.core.$ZodIssue): StatementFault {
  const place = path.slice(2).map((part) => (typeof part === 'number' ? `[${part + 1}]` : `/${String(part)}`));
  return { place: place.join('').replace(/^\//, '') || 'Document', reason: message };
}

/** Turns one statement's elements into bookings, and gathers what is wrong. */
class StatementReader {
  private readonly statement: Statement;
  private readonly place: string;
  private readonly faults: StatementFault[];
  private readonly currency: string;

  constructor(statement: Statement, place: string, faults: StatementFault[]) {
    this.statement = statement;
    this.place = place;
    this.faults = faults;
    this.currency = statement.Acct.Ccy ?? statement.Bal[0]?.Amt['@Ccy'] ?? '';
  }

  read(): BankStatement | undefined {
    const { Id, Acct, FrToDt } = this.statement;
    const opening = this.balance(['OPBD', 'PRCD']);
    const closing = this.balance(['CLBD']);
    if (opening === undefined || closing === undefined) return undefined;
    const read: BankStatement = {
      id: Id,
      bankAccount: 'IBAN' in Acct.Id ? Acct.Id.IBAN : Acct.Id.Othr.Id,
      currency: this.currency,
      from: readDate(FrToDt?.FrDtTm.slice(0, 10) ?? '') ?? opening.firstDay,
      to: closing.day,
      opening: opening.amount,
      closing: closing.amount,
      lines: nameLines(
        (this.statement.Ntry ?? []).flatMap((entry, i) => this.linesOf(entry, `${this.place}/Ntry[${i + 1}]`)),
      ),
    };
    this.checkBalances(read);
    return read;
  }

  private checkBalances(read: BankStatement): void {
    const gap = statementGap(read) ?? 0n;
    if (gap === 0n || this.faults.length > 0) return;
    const by = formatAmount(gap, this.currency);
    this.fault(`${this.place}/Bal`, `the closing balance is ${by} more than the opening balance and all entries give`);
  }

  /** The opening balance of a day may be told as the closing one of the day before. */
  private balance(codes: readonly string[]) {
    for (const [i, { Tp, Amt, CdtDbtInd, Dt }] of this.statement.Bal.entries()) {
      const code = 'Cd' in Tp.CdOrPrtry ? Tp.CdOrPrtry.Cd : Tp.CdOrPrtry.Prtry;
      if (!codes.includes(code)) continue;
      const minor = this.amount(Amt, CdtDbtInd, `${this.place}/Bal[${i + 1}]/Amt`);
      return { amount: minor ?? 0n, day: Dt, firstDay: code === 'PRCD' ? Dt + 1 : Dt };
    }
    this.fault(`${this.place}/Bal`, `no balance has the code ${codes.join(' or ')}`);
    return undefined;
  }

  /** Only what is booked counts; what is pending or for information is in no balance. */
  private linesOf(entry: Entry, place: string): readonly UnnamedLine[] {
    if (statusOf(entry) !== 'BOOK') return [];
    const whole = this.amount(entry.Amt, entry.CdtDbtInd, `${place}/Amt`);
    const bookingDay = entry.BookgDt ?? entry.ValDt;
    if (bookingDay === undefined) this.fault(place, 'has neither BookgDt nor ValDt');
    if (whole === undefined || bookingDay === undefined) return [];
    const common = {
      bookingDay,
      valueDay: entry.ValDt ?? bookingDay,
      reversal: entry.RvslInd === 'true' || entry.RvslInd === '1',
    };
    const transactions = (entry.NtryDtls ?? []).flatMap((details) => (details === '' ? [] : (details.TxDtls ?? [])));
    const parts = this.partsOf(transactions, entry, whole);
    const bankId = entry.AcctSvcrRef ?? transactions[0]?.Refs?.AcctSvcrRef ?? entry.NtryRef;
    if (parts === undefined)
      return [
        {
          ...common,
          place,
          bankId,
          amount: whole,
          references: transactions.flatMap(referencesOf),
          text: textOf(entry, transactions),
        },
      ];
    return transactions.map((transaction, i) => ({
      ...common,
      place: `${place}/TxDtls[${i + 1}]`,
      bankId: transaction.Refs?.AcctSvcrRef ?? bankId,
      amount: parts[i] ?? 0n,
      references: referencesOf(transaction),
      text: textOf(entry, [transaction]),
    }));
  }

  /** Amounts of a batch's transactions, where each tells one and they sum to the entry's; else the entry stands as a whole. */
  private partsOf(transactions: readonly Transaction[], entry: Entry, whole: bigint): readonly bigint[] | undefined {
    if (transactions.length < 2) return undefined;
    const parts = transactions.map(({ Amt, AmtDtls, CdtDbtInd }) => {
      const told = Amt ?? AmtDtls?.TxAmt?.Amt;
      if (told === undefined || told['@Ccy'] !== this.currency) return undefined;
      return signed(readDecimal(told['#text'], this.currency), CdtDbtInd ?? entry.CdtDbtInd);
    });
    const known = parts.filter((part) => part !== undefined);
    const sum = known.reduce((total, part) => total + part, 0n);
    return known.length === parts.length && sum === whole ? known : undefined;
  }

  private amount(amt: z.output<typeof amount>, indicator: 'CRDT' | 'DBIT', place: string): bigint | undefined {
    const { '#text': written, '@Ccy': currency } = amt;
    if (currency !== this.currency) this.fault(place, `is in ${currency}, the account in ${this.currency}`);
    const minor = signed(readDecimal(written, currency), indicator);
    if (minor === undefined) this.fault(place, `${JSON.stringify(written)} is no amount of ${currency}`);
    return currency === this.currency ? minor : undefined;
  }

  private fault(place: string, reason: string): void {
    this.faults.push({ place, reason });
  }
}

function signed(minor: bigint | undefined, indicator: 'CRDT' | 'DBIT'): bigint | undefined {
  return minor === undefined || indicator === 'CRDT' ? minor : -minor;
}

function statusOf({ Sts }: Entry): string {
  if (Sts === undefined || typeof Sts === 'string') return Sts ?? 'BOOK';
  return 'Cd' in Sts ? Sts.Cd : Sts.Prtry;
}

/** The payment's own references first, those of its batch last. */
function referencesOf({ Refs, RmtInf }: Transaction): readonly string[] {
  const structured = RmtInf?.Strd?.map(({ CdtrRefInf }) => CdtrRefInf?.Ref) ?? [];
  const own = [Refs?.EndToEndId, Refs?.TxId, Refs?.InstrId, Refs?.UETR, ...structured];
  return [...own, ...(RmtInf?.Ustrd ?? []), Refs?.PmtInfId, Refs?.MsgId].filter((reference) => isTold(reference));
}

function isTold(reference: string | undefined): reference is string {
  return reference !== undefined && reference !== '';
}

function textOf({ AddtlNtryInf }: Entry, transactions: readonly Transaction[]): string {
  return [...transactions.flatMap(({ RmtInf }) => RmtInf?.Ustrd ?? []), AddtlNtryInf].filter(isTold).join(' ');
}
