/** What every archive must do, whatever holds it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../core/ports.ts';

export function describeArchive(name: string, makeArchive: () => Promise<Archive>): void {
  describe(`archive: ${name}`, () => {
    let archive: Archive;
    beforeAll(async () => {
      archive = await makeArchive();
    });

    async function names(prefix: string): Promise<readonly string[]> {
      return Array.fromAsync(archive.list(prefix));
    }

    it('gives back every character', async () => {
      const texts = [
        { name: 'raw/2026-01-01/one', text: '\u{1f4b6} \u0000 \n"line"\n' },
        { name: 'raw/2026-01-01/two', text: '' },
        { name: 'raw/2026-01-02/large', text: 'x'.repeat(3_000_000) },
      ];
      await archive.put(texts);
      for (const { name: put, text } of texts) expect(await archive.get(put)).toBe(text);
    });

    it('keeps what stands under a name', async () => {
      await archive.put([{ name: 'manifests/2026-01-01', text: 'first' }]);
      await archive.put([{ name: 'manifests/2026-01-01', text: 'second' }]);
      expect(await archive.get('manifests/2026-01-01')).toBe('first');
    });

    it('has nothing under other names', async () => {
      expect(await archive.get('manifests/1999-12-31')).toBeUndefined();
      expect(await archive.get('raw/2026-01-01')).toBeUndefined();
      expect(await names('nothing/')).toEqual([]);
    });

    it('lists names that begin so, in order', async () => {
      await archive.put(['b', 'a', 'ab', 'c'].map((last) => ({ name: `listed/2026-01-01/${last}`, text: last })));
      await archive.put([{ name: 'listed/2026-01-02/a', text: '' }]);
      expect(await names('listed/2026-01-01/')).toEqual(['a', 'ab', 'b', 'c'].map((n) => `listed/2026-01-01/${n}`));
      expect(await names('listed/2026-01-01/a')).toEqual(['listed/2026-01-01/a', 'listed/2026-01-01/ab']);
      expect(await names('listed/')).toHaveLength(5);
    });

    it('removes texts, and nothing else', async () => {
      await archive.put(['a', 'b'].map((last) => ({ name: `removed/${last}`, text: last })));
      await archive.remove(['removed/a', 'removed/never']);
      await archive.remove([]);
      expect(await names('removed/')).toEqual(['removed/b']);
      expect(await archive.get('removed/a')).toBeUndefined();
    });

    it('takes many at once, and the same from many at once', async () => {
      const texts = Array.from({ length: 40 }, (_, n) => ({
        name: `many/${String(n).padStart(3, '0')}`,
        text: `${n}`,
      }));
      await Promise.all([archive.put(texts), archive.put(texts), archive.put([])]);
      expect(await names('many/')).toEqual(texts.map((text) => text.name));
      expect(await archive.get('many/017')).toBe('17');
    });
  });
}
