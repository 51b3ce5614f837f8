/** Throws if two members of one call have the same key, which the ports forbid. */
export function assertDistinct(keys: readonly string[], what: string): void {
  if (new Set(keys).size === keys.length) return;
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  throw new Error(`${what} ${twice} stands twice in one call`);
}
