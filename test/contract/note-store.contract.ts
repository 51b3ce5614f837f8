/** What every store of notes must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { KeptNote } from '../../core/contracts/note.ts';
import type { NoteStore } from '../../core/ports.ts';

let made = 0;
function kept(note: KeptNote['note']): KeptNote {
  made += 1;
  return { key: `default#transfer-${made}#note#${made}`, note };
}

export function describeNoteStore(name: string, makeStore: () => Promise<NoteStore>): void {
  describe(`note store: ${name}`, () => {
    let store: NoteStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    it('gives back what was kept, and leaves out what was not', async () => {
      const both = kept({
        description: 'Rent, \u201eMay\u201c \u{1f3e0}',
        metadata: { invoice: '2026-05', 'a.b-c_1': '' },
      });
      const bare = kept({ metadata: {} });
      await store.put([both, bare]);
      const found = await store.get([both.key, bare.key, 'default#nobody#note#0']);
      expect(found).toEqual(new Map([both, bare].map(({ key, note }) => [key, note])));
      expect(await store.get([])).toEqual(new Map());
    });

    it('keeps a note once, however often and in whatever company it comes', async () => {
      const [first, second] = [kept({ description: 'first' }), kept({ description: 'second' })];
      await store.put([first, first]);
      await store.put([first, second]);
      await store.put([]);
      expect(await store.get([first.key, second.key, second.key])).toEqual(
        new Map([first, second].map(({ key, note }) => [key, note])),
      );
    });

    it('keeps and finds more than one request takes', async () => {
      const many = Array.from({ length: 120 }, (_, n) =>
        kept({ description: `note ${n}`, metadata: { n: String(n) } }),
      );
      await store.put(many);
      expect((await store.get(many.map(({ key }) => key))).size).toBe(120);
    });
  });
}
