/**
 * Size of an item as DynamoDB counts it for capacity, in bytes: the names and values of its attributes, strings in UTF-8, numbers
 * one byte per two significant digits and one more, a list or map three bytes and one per member
 * (Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats").
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** A write unit pays for this many bytes of an item, begun ones counting whole. */
export const WRITE_UNIT_BYTES = 1_024;
/** A strongly consistent read unit; an eventually consistent read costs half. */
export const READ_UNIT_BYTES = 4_096;

export function itemBytes(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value)));
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

export function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.L !== undefined) return 3 + sum(value.L.map((member) => 1 + valueBytes(member)));
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.SS !== undefined) return sum(value.SS.map((member) => Buffer.byteLength(member)));
  return 1;
}

function numberBytes(digits: string): number {
  const significant = digits.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1 + (digits.startsWith('-') ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
