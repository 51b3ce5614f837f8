/** How values become attributes of items, and how attributes are read: by schemas, since a store can be changed by other hands. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Position } from '../../core/domain/position.ts';
import { DamagedItem } from './failures.ts';
import type { Item } from './item-size.ts';

export function text(value: string): AttributeValue {
  return { S: value };
}

/** DynamoDB's numbers have 38 digits, so an amount of money fits exactly. */
export function number(value: number | bigint): AttributeValue {
  return { N: value.toString() };
}

/** Hexadecimal digits as bytes, which take half the room. */
export function bytesOfHex(hex: string): AttributeValue {
  return { B: Buffer.from(hex, 'hex') };
}

export const textAttribute = z.pipe(
  z.object({ S: z.string() }),
  z.transform(({ S }) => S),
);
export const integerAttribute = z.pipe(
  z.object({ N: z.string().check(z.regex(/^-?[0-9]{1,15}$/)) }),
  z.transform(({ N }) => Number(N)),
);
export const bigintAttribute = z.pipe(
  z.object({ N: z.string().check(z.regex(/^-?[0-9]{1,38}$/)) }),
  z.transform(({ N }) => BigInt(N)),
);
/** Bytes as hexadecimal digits. Lambda hands the records of a table's stream over as JSON, with bytes in base64. */
export const hexAttribute = z.pipe(
  z.object({ B: z.union([z.instanceof(Uint8Array), z.base64()]) }),
  z.transform(({ B }) => (typeof B === 'string' ? Buffer.from(B, 'base64') : Buffer.from(B)).toString('hex')),
);

/** Digits of 4 bytes in hexadecimal. */
const WORD = 8;

/**
 * A position as bytes: 4 of the epoch, 4 of the index, then the sequence number, all big-endian. As digits it would take twice the
 * room, and a commit that holds a refund would not fit one write unit.
 */
export function bytesOfPosition({ epoch, sequence, index }: Position): AttributeValue {
  const digits = sequence.toString(16);
  const whole = digits.length % 2 === 0 ? digits : `0${digits}`;
  return bytesOfHex(epoch.toString(16).padStart(WORD, '0') + index.toString(16).padStart(WORD, '0') + whole);
}

export const positionAttribute = z.pipe(
  hexAttribute.check(z.minLength(2 * WORD + 2)),
  z.transform((hex): Position => {
    const epoch = Number.parseInt(hex.slice(0, WORD), 16);
    const index = Number.parseInt(hex.slice(WORD, 2 * WORD), 16);
    return { epoch, sequence: BigInt(`0x${hex.slice(2 * WORD)}`), index };
  }),
);

/** Reads an item by its schema; throws {@link DamagedItem} with the name of the first member that is not as it should be. */
export function readItem<Schema extends z.core.$ZodType>(
  schema: Schema,
  item: unknown,
  what: string,
): z.output<Schema> {
  const parsed = z.safeParse(schema, item);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  throw new DamagedItem(`${what} cannot be read: ${place}: ${issue?.message}`, { cause: parsed.error });
}

/** Leaves out members without a value, since an item has none such. */
export function present(attributes: Record<string, AttributeValue | undefined>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) item[name] = value;
  return item;
}
