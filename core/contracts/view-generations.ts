/** How the generations of the views are stored, as JSON: see core/domain/view-generations.ts. */
import * as z from 'zod/mini';
import type { ViewGenerations } from '../domain/view-generations.ts';
import { milliseconds } from './json.ts';

const VERSION = 1;

const count = z.int().check(z.nonnegative());
const generationsSchema = z.object({
  v: z.literal(VERSION),
  revision: count,
  live: count,
  liveSince: milliseconds,
  building: z.nullable(z.object({ generation: count, parts: count, copied: z.array(count) })),
  last: count,
});

export function encodeGenerations(generations: ViewGenerations): string {
  return JSON.stringify({ v: VERSION, ...generations });
}

/** Reads what {@link encodeGenerations} wrote; throws on anything else. */
export function decodeGenerations(text: string): ViewGenerations {
  const { v: _, ...generations } = generationsSchema.parse(JSON.parse(text));
  return generations;
}
