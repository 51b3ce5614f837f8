/**
 * How values of the domain become JSON and come back. Amounts are bigints inside and decimal digits in a string in JSON, so that
 * no reader's floating point numbers can touch them.
 */
import * as z from 'zod/mini';
import { exponentOf } from '../domain/money.ts';
import { reasons } from '../domain/reason.ts';

/** JSON text of a value of the domain; properties keep the order in which they were made. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? member.toString() : member));
}

/** A signed number of minor units, as digits. */
export const minorUnits = z.pipe(
  z.string().check(z.regex(/^-?[0-9]{1,38}$/)),
  z.transform((digits) => BigInt(digits)),
);
/** A positive number of minor units. */
export const positiveMinorUnits = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]{0,17}$/)),
  z.transform((digits) => BigInt(digits)),
);
/** UTC milliseconds. */
export const milliseconds = z.int().check(z.nonnegative());
export const version = z.int().check(z.positive());
export const scopeName = z.string().check(z.regex(/^[a-z0-9_-]{1,32}$/));
/** What an account's id looks like; also for schemas that have a message of their own. */
export const ACCOUNT_ID = /^[a-z0-9:_-]{1,64}$/;
export const accountId = z.string().check(z.regex(ACCOUNT_ID));
export const requestId = z.string().check(z.regex(/^[A-Za-z0-9:_.-]{1,64}$/));
/** Identities of the wallet's own requests begin so; a client's must not, or it could stand in their way. */
export const OWN_REQUEST_PREFIX = 'finish-';
/** What stands for a note: 64 hexadecimal digits. */
export const noteMark = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** UUID in lower case (RFC 9562). */
export const transferId = z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));
export const currencyCode = z
  .string()
  .check(z.refine((code) => exponentOf(code) !== undefined, 'not a currency of ISO 4217'));
export const accountKind = z.enum(['customer', 'settlement']);
/** Anything printable of at most 64 bytes; the owner and the actor are names that others give. */
export const PARTY_NAME = /^[\x20-\x7e]{1,64}$/;
export const partyName = z.string().check(z.regex(PARTY_NAME));
export const reason = z.enum(reasons);
/** Names of the commands that are requests; they are storage format. */
export const requestCommands = [
  'OpenAccount',
  'ChangeLimits',
  'FreezeAccount',
  'UnfreezeAccount',
  'CloseAccount',
  'FinishClose',
] as const;
export const eventRef = z.object({ version, index: z.int().check(z.nonnegative()) });
export const trace = z.object({
  debitedAt: milliseconds,
  payerBalance: minorUnits,
  creditSentAt: milliseconds,
  refusedAt: z.exactOptional(milliseconds),
  refusal: z.exactOptional(reason),
  refundSentAt: z.exactOptional(milliseconds),
});
