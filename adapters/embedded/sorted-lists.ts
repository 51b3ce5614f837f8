/** Sorted lists of keys by name, in memory. A key that comes in order costs next to nothing, any other moves those behind it. */
export class SortedLists {
  private readonly lists = new Map<string, string[]>();

  /** Adds a key to a list; one that is there already is not added again. */
  add(name: string, key: string): void {
    const list = this.lists.get(name);
    if (list === undefined) {
      this.lists.set(name, [key]);
      return;
    }
    const at = firstNotBelow(list, key);
    if (list[at] !== key) list.splice(at, 0, key);
  }

  /** At most so many keys of a list, in order: from its beginning, or behind a key. */
  after(name: string, key: string | undefined, most: number): readonly string[] {
    const list = this.lists.get(name) ?? [];
    const at = key === undefined ? 0 : firstNotBelow(list, key);
    const from = key !== undefined && list[at] === key ? at + 1 : at;
    return list.slice(from, from + most);
  }
}

function firstNotBelow(list: readonly string[], key: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
