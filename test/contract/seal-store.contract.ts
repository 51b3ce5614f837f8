/** What every store of seals must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { SealStore } from '../../core/ports.ts';

export function describeSealStore(name: string, makeStore: () => Promise<SealStore>): void {
  describe(`seal store: ${name}`, () => {
    let seals: SealStore;
    beforeAll(async () => {
      seals = await makeStore();
    });

    it('has nothing before something is put', async () => {
      expect(await seals.get('seals/2026-01-01')).toBeUndefined();
      expect(await Array.fromAsync(seals.list('seals/'))).toEqual([]);
    });

    it('gives back exactly what was put', async () => {
      const text = '{"a":"\u{1f4b6} \\u0000"}\n';
      await seals.put([{ name: 'seals/2026-01-02', text }]);
      expect(await seals.get('seals/2026-01-02')).toBe(text);
    });

    it('keeps what stands under a name, whatever is put there later', async () => {
      await seals.put([{ name: 'seals/2026-01-03', text: 'first' }]);
      await seals.put([{ name: 'seals/2026-01-03', text: 'second' }]);
      expect(await seals.get('seals/2026-01-03')).toBe('first');
    });

    it('lists names in order, those of the prefix alone', async () => {
      for (const day of ['12', '10', '11']) await seals.put([{ name: `heads/2026-01-${day}`, text: '[]' }]);
      const names = await Array.fromAsync(seals.list('heads/'));
      expect(names).toEqual(['heads/2026-01-10', 'heads/2026-01-11', 'heads/2026-01-12']);
    });

    it('lets one of many writers of a name stand', async () => {
      const texts = Array.from({ length: 8 }, (_, n) => `writer ${n}`);
      await Promise.all(texts.map((text) => seals.put([{ name: 'seals/2026-01-20', text }])));
      expect(texts).toContain(await seals.get('seals/2026-01-20'));
    });
  });
}
