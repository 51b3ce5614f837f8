/** Notes in memory. */
import type { KeptNote, Note } from '../../core/contracts/note.ts';
import type { NoteStore } from '../../core/ports.ts';

export class MemoryNoteStore implements NoteStore {
  readonly notes = new Map<string, Note>();

  async put(notes: readonly KeptNote[]): Promise<void> {
    for (const { key, note } of notes) if (!this.notes.has(key)) this.notes.set(key, note);
  }

  async get(keys: readonly string[]): Promise<ReadonlyMap<string, Note>> {
    const found = keys.flatMap((key): [string, Note][] => {
      const note = this.notes.get(key);
      return note === undefined ? [] : [[key, note]];
    });
    return new Map(found);
  }
}
