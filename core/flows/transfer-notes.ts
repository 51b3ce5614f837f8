/** What clients write beside transfers: kept before the transfer is sent, and found again by its record. */

import type { TransferOnRecord } from '../contracts/http-answers.ts';
import { type KeptNote, markOf, type Note, noteKey } from '../contracts/note.ts';
import type { DebitAccount } from '../domain/account.ts';
import type { Digest, NoteStore } from '../ports.ts';

/** A transfer that is asked for, with its note. */
export interface NotedDebit {
  readonly debit: DebitAccount;
  readonly note: Note | undefined;
}

/**
 * Keeps notes, and gives back the debits, each with the mark of its note. Debits without one, which are almost all, cost nothing.
 * A note whose transfer is then refused as a conflict stays behind, under a key that nobody asks for.
 */
export async function keepNotes(
  { notes, digest }: { readonly notes: NoteStore; readonly digest: Digest },
  asked: readonly NotedDebit[],
): Promise<readonly DebitAccount[]> {
  const kept: KeptNote[] = [];
  const debits = asked.map(({ debit, note }): DebitAccount => {
    if (note === undefined) return debit;
    const mark = markOf(note, digest);
    kept.push({ key: noteKey(debit.scope, debit.transfer, mark), note });
    return { ...debit, note: mark };
  });
  if (kept.length > 0) await notes.put(kept);
  return debits;
}

/** A transfer and what is on record of it; undefined where nothing is. */
export interface RecordedTransfer {
  readonly transfer: string;
  readonly record: Pick<TransferOnRecord, 'subject'> | undefined;
}

/** Notes of transfers by their ids, in one read; none is made where no transfer has one. */
export async function readNotes(
  notes: NoteStore,
  scope: string,
  transfers: readonly RecordedTransfer[],
): Promise<ReadonlyMap<string, Note>> {
  const keys = new Map<string, string>();
  for (const { transfer, record } of transfers)
    if (record?.subject.note !== undefined) keys.set(transfer, noteKey(scope, transfer, record.subject.note));
  if (keys.size === 0) return new Map();
  const found = await notes.get([...keys.values()]);
  return new Map(
    [...keys].flatMap(([transfer, key]): [string, Note][] => {
      const note = found.get(key);
      return note === undefined ? [] : [[transfer, note]];
    }),
  );
}
