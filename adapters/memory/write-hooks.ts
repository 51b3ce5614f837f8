/**
 * Trouble on order: a test lets a store fail before or after one of its single writes. What a hook throws is thrown to the
 * caller, as if the process had died or the store had failed there; writes made so far stay made.
 */
export interface WriteHooks<Write> {
  /** Called before each single write; the write is not made if this throws. */
  beforeWrite?: (write: Write) => Promise<void> | void;
  /** Called after each single write; the write stays made if this throws. */
  afterWrite?: (write: Write) => Promise<void> | void;
}

/** Thrown by a hook to say that the answer of a write was lost, before or after the write was made. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

/** Makes one write between its hooks. */
export async function writeWithHooks<Write, Result>(
  hooks: WriteHooks<Write>,
  write: Write,
  make: () => Result,
): Promise<Result> {
  await hooks.beforeWrite?.(write);
  const result = make();
  await hooks.afterWrite?.(write);
  return result;
}

/** Throws if two members of one call have the same key, which the ports forbid. */
export function assertDistinct(keys: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new Error(`${what} ${key} stands twice in one call`);
    seen.add(key);
  }
}
