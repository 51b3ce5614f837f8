/** The generations of the views in memory. */
import { firstGeneration, type ViewGenerations } from '../../core/domain/view-generations.ts';
import type { GenerationPointer } from '../../core/ports.ts';
import { type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryGenerationPointer implements GenerationPointer {
  readonly hooks: WriteHooks<ViewGenerations>;
  private generations = firstGeneration;

  constructor(hooks: WriteHooks<ViewGenerations> = {}) {
    this.hooks = hooks;
  }

  async read(): Promise<ViewGenerations> {
    return this.generations;
  }

  async replace(generations: ViewGenerations): Promise<boolean> {
    return writeWithHooks(this.hooks, generations, () => {
      const isNext = generations.revision === this.generations.revision + 1;
      if (isNext) this.generations = generations;
      return isNext;
    });
  }
}
