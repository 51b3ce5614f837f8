/** The archive in memory, by name. */
import type { Archive, ArchivedText } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryArchive implements Archive {
  readonly hooks: WriteHooks<ArchivedText>;
  readonly texts = new Map<string, string>();

  constructor(hooks: WriteHooks<ArchivedText> = {}) {
    this.hooks = hooks;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    for (const written of texts) {
      await writeWithHooks(this.hooks, written, () => {
        if (!this.texts.has(written.name)) this.texts.set(written.name, written.text);
      });
    }
  }

  async get(name: string): Promise<string | undefined> {
    return this.texts.get(name);
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.texts.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) this.texts.delete(name);
  }
}
