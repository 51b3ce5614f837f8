/**
 * What a client writes beside a transfer: a description, and metadata. The wallet decides nothing by it, so it travels in neither
 * command nor commit; the command carries its mark, which makes it a part of what the transfer's identity stands for. It is kept under a key
 * that names its content:
 *
 *   scope#transfer#note#mark        the same key is always the same note, so nobody can replace one, or add one to another's transfer
 *
 * It is kept before the command is sent, so whoever finds a mark in a claim finds the note too.
 */
import * as z from 'zod/mini';
import { toJson } from './json.ts';

export interface Note {
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A note with the key that it is kept under. */
export interface KeptNote {
  readonly key: string;
  readonly note: Note;
}

/** Most bytes of a note as it is kept, in UTF-8: four write units of DynamoDB. */
export const MOST_NOTE_BYTES = 4_000;
/** Hexadecimal digits of each half of a note's mark: 128 bits. */
const HALF = 32;
const ABSENT = '0'.repeat(HALF);

/**
 * The mark of a note: half of it stands for the description and half for the metadata, so that of two marks one can tell in which
 * of them the notes differ. The same note has the same mark, in whatever order its metadata came.
 *
 * @param digest SHA-256 of a text, hexadecimal
 */
export function markOf({ description, metadata = {} }: Note, digest: (text: string) => string): string {
  const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const half = (text: string) => digest(text).slice(0, HALF);
  const first = description === undefined ? ABSENT : half(toJson(['description.1', description]));
  return first + (sorted.length === 0 ? ABSENT : half(toJson(['metadata.1', sorted])));
}

/** What a mark says, by field; a transfer without a note has neither. */
export function markedFields(mark = ABSENT + ABSENT): { readonly description: string; readonly metadata: string } {
  return { description: mark.slice(0, HALF), metadata: mark.slice(HALF) };
}

export function noteKey(scope: string, transfer: string, mark: string): string {
  return `${scope}#${transfer}#note#${mark}`;
}

const noteSchema = z.object({
  description: z.exactOptional(z.string()),
  metadata: z.exactOptional(z.record(z.string(), z.string())),
});

/** JSON text of a note, as it is kept. */
export function encodeNote(note: Note): string {
  return toJson(note);
}

/** Reads a note; throws on a text that is none. */
export function decodeNote(text: string): Note {
  return noteSchema.parse(JSON.parse(text));
}
