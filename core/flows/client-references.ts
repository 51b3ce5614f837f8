/** What clients call their transfers, for reconciliation: a bank may have booked them under that name. */
import { isTransferOnRecord } from '../contracts/http-answers.ts';
import { transferClaimId } from '../domain/outcome.ts';
import type { NoteStore, TransferStore } from '../ports.ts';
import { readNotes } from './transfer-notes.ts';

/** Key of the metadata that holds a reference; without it the description counts. */
export const REFERENCE_KEY = 'reference';
/** Transfers looked up at a time. */
const AT_ONCE = 1_000;

/** References by transfer, of those that have one. */
export async function clientReferences(
  ports: { readonly transfers: TransferStore; readonly notes: NoteStore },
  scope: string,
  transfers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const references = new Map<string, string>();
  for (let at = 0; at < transfers.length; at += AT_ONCE) {
    const some = transfers.slice(at, at + AT_ONCE);
    for (const [transfer, reference] of await referencesOfSome(ports, scope, some)) references.set(transfer, reference);
  }
  return references;
}

async function referencesOfSome(
  { transfers, notes }: { readonly transfers: TransferStore; readonly notes: NoteStore },
  scope: string,
  some: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  const records = await transfers.get(
    some.map((transfer) => transferClaimId(scope, transfer)),
    { consistent: true },
  );
  const recorded = some.map((transfer) => {
    const record = records.get(transferClaimId(scope, transfer));
    return { transfer, record: record !== undefined && isTransferOnRecord(record) ? record : undefined };
  });
  return [...(await readNotes(notes, scope, recorded))].flatMap(([transfer, { metadata, description }]) => {
    const reference = metadata?.[REFERENCE_KEY] ?? description;
    return reference === undefined ? [] : [[transfer, reference] as const];
  });
}
