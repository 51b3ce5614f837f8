/** A break as it is stored, with its history, and the runs of the reconciliation: JSON, with amounts as digits. */
import * as z from 'zod/mini';
import type { KeptBreak } from '../domain/kept-break.ts';
import { breakCauses } from '../domain/reconciliation.ts';
import { milliseconds, minorUnits, toJson } from './json.ts';

export const BREAK_VERSION = 1;

/**
 * Most lines, and most entries, that a break is kept with: a batch whose sum is wrong may have thousands. With what a line is kept
 * with at most, all of it stays below the 400 KB of a DynamoDB item, and no person reads more.
 */
export const MAX_BREAK_PARTS = 100;
/** Most references that a line is kept with, and most characters of each and of its text (ISO 20022 has 140 in a line of text). */
export const MAX_KEPT_REFERENCES = 5;
export const MAX_KEPT_CHARACTERS = 140;

const day = z.int();

const lineSchema = z.object({
  id: z.string(),
  place: z.string(),
  references: z.array(z.string()),
  amount: minorUnits,
  bookingDay: day,
  valueDay: day,
  text: z.string(),
  reversal: z.boolean(),
  balance: z.exactOptional(minorUnits),
});
const entrySchema = z.object({
  id: z.string(),
  transfer: z.string(),
  reference: z.exactOptional(z.string()),
  counterparty: z.string(),
  amount: minorUnits,
  at: milliseconds,
  day,
  standing: z.enum(['due', 'outside', 'settled']),
});

const cause = z.enum(breakCauses);
const ofBreak = { at: milliseconds, by: z.string() };
const resolution = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('adjusted'), transfer: z.string() }),
  z.object({ kind: z.literal('accepted_as_timing') }),
]);
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Found'), ...ofBreak, statement: z.string(), cause }),
  z.object({ type: z.literal('CameBack'), ...ofBreak, statement: z.string(), cause }),
  z.object({ type: z.literal('Cleared'), ...ofBreak, statement: z.string() }),
  z.object({ type: z.literal('Assigned'), ...ofBreak, to: z.string() }),
  z.object({ type: z.literal('Resolved'), ...ofBreak, resolution, note: z.string() }),
]);
const breakSchema = z.object({
  v: z.literal(BREAK_VERSION),
  id: z.string(),
  account: z.string(),
  currency: z.string(),
  lines: z.array(lineSchema),
  entries: z.array(entrySchema),
  difference: minorUnits,
  history: z.array(eventSchema).check(z.minLength(1)),
});

/** A statement that was reconciled: what of the ledger it settled, so that the next one does not ask for it again. */
export interface ReconciledPeriod {
  /** Key of the account. */
  readonly account: string;
  /** First and last day. */
  readonly from: number;
  readonly to: number;
  readonly statement: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Ids of what it matched across an end of the period: a line or an entry beyond it, and what that belongs to. */
  readonly crossed: { readonly lines: readonly string[]; readonly entries: readonly string[] };
}
const periodSchema = z.object({
  v: z.literal(BREAK_VERSION),
  account: z.string(),
  from: day,
  to: day,
  statement: z.string(),
  at: milliseconds,
  crossed: z.object({ lines: z.array(z.string()), entries: z.array(z.string()) }),
});

export function encodeBreak(kept: KeptBreak): string {
  return toJson({ v: BREAK_VERSION, ...kept });
}

/** Reads a stored break; throws on anything else. */
export function decodeBreak(text: string): KeptBreak {
  const { v: _, ...kept } = breakSchema.parse(JSON.parse(text));
  return kept;
}

export function encodePeriod(period: ReconciledPeriod): string {
  return toJson({ v: BREAK_VERSION, ...period });
}

/** Reads a stored period; throws on anything else. */
export function decodePeriod(text: string): ReconciledPeriod {
  const { v: _, ...period } = periodSchema.parse(JSON.parse(text));
  return period;
}
