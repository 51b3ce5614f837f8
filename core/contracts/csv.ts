/**
 * Tables as CSV (RFC 4180): a header row, fields in quotes where they need them, lines that end with CR LF.
 *
 * Spreadsheets run what begins like a formula. Texts that somebody else chose get an apostrophe before such a beginning, which
 * spreadsheets take for "this is text"; amounts are written by the wallet itself and may begin with a minus.
 */
import { formatAmount } from '../domain/money.ts';

/** What a spreadsheet may take for the beginning of a formula, also in the wide forms that some of them read as the same. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A cell: a text of anybody's, or one that the wallet has made. */
export type Cell = { readonly text: string } | { readonly own: string };

export function amountCell(minor: bigint, currency: string): Cell {
  return { own: formatAmount(minor, currency) };
}

export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header.map(quoted), ...rows.map((row) => row.map((cell) => quoted(contentOf(cell))))];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

function contentOf(cell: Cell): string {
  if ('own' in cell) return cell.own;
  return FORMULA.test(cell.text) ? `'${cell.text}` : cell.text;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
