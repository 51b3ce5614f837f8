/** Generations of views in memory. */
import type { Shelf } from '../../core/ports.ts';

export class MemoryShelf<View extends { clear(): number }> implements Shelf<View> {
  private readonly make: () => View;
  private readonly views = new Map<number, View>();

  constructor(make: () => View) {
    this.make = make;
  }

  generation(generation: number): View {
    const known = this.views.get(generation);
    if (known !== undefined) return known;
    const view = this.make();
    this.views.set(generation, view);
    return view;
  }

  async sweep(last: number, kept: readonly number[]): Promise<number> {
    let rows = 0;
    for (const [generation, view] of this.views)
      if (generation <= last && !kept.includes(generation)) rows += view.clear();
    return rows;
  }
}
