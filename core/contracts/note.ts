/**
 * What a client writes beside a transfer: a description, and metadata. The wallet decides nothing by it, so it travels in neither
 * command nor commit; these carry its hash, which makes it a part of what the transfer's identity stands for. It is kept under a key
 * that names its content:
 *
 *   scope#transfer#note#hash        the same key is always the same note, so nobody can replace one, or add one to another's transfer
 *
 * It is kept before the command is sent, so whoever finds a hash in a claim finds the note too.
 */
import * as z from 'zod/mini';
import type { TransferContent } from '../domain/account.ts';
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

/** Most bytes of a note's text in UTF-8: four write units of DynamoDB. */
export const MOST_NOTE_BYTES = 4_000;

/** The text whose SHA-256 is the note's hash: the same for the same note, in whatever order its metadata came. */
export function noteText({ description, metadata = {} }: Note): string {
  const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return toJson(['note.1', description ?? null, sorted]);
}

/** @param hash SHA-256 of the note's text, hexadecimal */
export function noteKey(scope: string, transfer: string, hash: string): string {
  return `${scope}#${transfer}#note#${hash}`;
}

/** The key of the note that a transfer's claim names; undefined if it has none. */
export function noteKeyOf(
  scope: string,
  { transfer, note }: Pick<TransferContent, 'transfer'> & { readonly note?: string },
): string | undefined {
  return note === undefined ? undefined : noteKey(scope, transfer, note);
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

/** In which fields two notes differ. */
export function differingNotes(a: Note | undefined, b: Note | undefined): readonly string[] {
  const isSame = (x: Note, y: Note) => noteText(x) === noteText(y);
  return [
    ...(a?.description === b?.description ? [] : ['description']),
    ...(isSame({ metadata: a?.metadata ?? {} }, { metadata: b?.metadata ?? {} }) ? [] : ['metadata']),
  ];
}
