/** How a bank's CSV is to be read: which column is what, and how dates and amounts are written. A JSON file says it. */
import * as z from 'zod/mini';

/** A column by its heading, or by its number from 1 where there are no headings. */
const column = z.union([z.string().check(z.minLength(1)), z.int().check(z.positive())]);
const words = z.array(z.string()).check(z.minLength(1));

const amount = z.union([
  /** One column with a sign. */
  column,
  /** Two columns, of which one is filled. */
  z.strictObject({ credit: column, debit: column }),
  /** An amount without a sign, and a column that says which way it went. */
  z.strictObject({ amount: column, direction: column, creditWords: words, debitWords: words }),
]);

const mappingSchema = z.strictObject({
  delimiter: z._default(z.string().check(z.length(1)), ','),
  /** As the WHATWG Encoding Standard names it. */
  encoding: z._default(z.string(), 'utf-8'),
  /** Lines before the headings, or before the first booking where there are none. */
  skipLines: z._default(z.int().check(z.nonnegative()), 0),
  headings: z._default(z.boolean(), true),
  decimal: z._default(z.enum(['.', ',']), '.'),
  thousands: z._default(z.enum(['', '.', ',', ' ', "'"]), ''),
  /** `YYYY` or `YY`, `MM`, `DD`, and what stands between them. */
  dateFormat: z._default(z.string().check(z.regex(/^(?=.*YY)(?=.*MM)(?=.*DD)[YMD./ -]+$/)), 'YYYY-MM-DD'),
  /** Two digits of a year are of this century. */
  century: z._default(z.int().check(z.multipleOf(100)), 2000),
  /** Of all amounts; a column may say it of each. */
  currency: z.optional(z.string()),
  columns: z.strictObject({
    bookingDate: column,
    valueDate: z.optional(column),
    amount,
    currency: z.optional(column),
    /** The bank's own id of the booking. */
    id: z.optional(column),
    references: z._default(z.array(column), []),
    text: z._default(z.array(column), []),
    /** The account's balance after the booking. */
    balance: z.optional(column),
    /** Where one file holds several accounts: which one it is. */
    account: z.optional(column),
  }),
  /** Where transfers have identities that follow from the first reference: the namespace of these (UUID version 5, RFC 9562). */
  referenceNamespace: z.optional(z.uuid()),
});
export type CsvMapping = z.output<typeof mappingSchema>;

/** The columns of a plain export, for a file that comes without a mapping. */
export const plainMapping: CsvMapping = mappingSchema.parse({
  columns: {
    bookingDate: 'booking_date',
    valueDate: 'value_date',
    amount: 'amount',
    currency: 'currency',
    id: 'id',
    references: ['reference', 'end_to_end_id'],
    text: ['text'],
    balance: 'balance',
  },
});

/** Reads a mapping; gives back what is wrong with it, and where, if it is none. */
export function readCsvMapping(value: unknown): CsvMapping | readonly string[] {
  const read = mappingSchema.safeParse(value);
  if (read.success) return read.data;
  return read.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'mapping'}: ${message}`);
}
