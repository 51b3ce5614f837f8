/**
 * Notes on local disk. A note goes to disk with the frame that is open, and what is sent after it with that frame or a later one,
 * so nobody has to wait: whoever is told of the transfer can rely on its note. Nothing may be sent after it, as for a transfer that is
 * known; a turn ends the frame then too, for another turn may be in it already, and who sent that one waits.
 */
import { decodeNote, encodeNote, type KeptNote, type Note } from '../../core/contracts/note.ts';
import type { NoteStore } from '../../core/ports.ts';
import { kinds } from './entries.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedNoteStore implements NoteStore {
  private readonly store: WalletStore;
  private readonly onPut: () => void;

  /** @param onPut called when the open frame holds a note that no turn has ended yet */
  constructor(store: WalletStore, onPut: () => void = () => {}) {
    this.store = store;
    this.onPut = onPut;
  }

  async put(notes: readonly KeptNote[]): Promise<void> {
    const before = this.store.count(kinds.note);
    for (const { key, note } of notes)
      if (!this.store.has(kinds.note, key)) this.store.put(kinds.note, key, encodeNote(note));
    if (this.store.count(kinds.note) > before) this.onPut();
  }

  async get(keys: readonly string[]): Promise<ReadonlyMap<string, Note>> {
    const found = keys.flatMap((key): [string, Note][] => {
      const text = this.store.get(kinds.note, key);
      return text === undefined ? [] : [[key, decodeNote(text)]];
    });
    return new Map(found);
  }
}
