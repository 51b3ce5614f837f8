/**
 * References as banks hand them on: cut to 35 characters (ISO 20022, Max35Text), so that a UUID loses its hyphens, in capitals,
 * with blanks, or somewhere in a text. Two that differ in nothing else are the same.
 */

/** A transfer's identity without its hyphens, standing alone. */
const TRANSFER_ID = /^[0-9a-f]{32}$/;
/** The same within a text. */
const ID_IN_TEXT = /\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b/gi;
/** What banks write where a payment carries no reference (EPC rulebooks). */
const NO_REFERENCE = 'notprovided';

/** The form in which references are compared; empty for a reference that says nothing. */
export function normalReference(text: string): string {
  const normal = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return normal === NO_REFERENCE ? '' : normal;
}

/** The references of a booking in the form in which they are compared, each once, then the transfers that its text names. */
export function normalReferences(references: readonly string[], text: string): readonly string[] {
  const inText = text.match(ID_IN_TEXT) ?? [];
  const all = [...references, ...inText].map(normalReference);
  return [...new Set(all)].filter((reference) => reference !== '');
}

/** Whether a reference, in the form in which they are compared, can only be a transfer's identity. */
export function namesTransfer(reference: string): boolean {
  return TRANSFER_ID.test(reference);
}
