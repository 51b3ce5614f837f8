/**
 * Generations of the views. One is read; while views are built anew another one stands beside it, and what is projected goes into
 * both. Who reads asks once, who writes asks before and after: so nothing depends on how long anybody remembers an answer.
 *
 *   live 0 ──begin──> live 0, building 1 ──swap──> live 1
 *                              └────────abandon──> live 0
 *
 * A number is given once. Rows of a generation that is neither are litter, whoever left them there, and can be removed.
 */

/** A generation that is being built. */
export interface Building {
  readonly generation: number;
  /** Parts into which the accounts are divided, and those that are copied. */
  readonly parts: number;
  readonly copied: readonly number[];
}

export interface ViewGenerations {
  /** Rises by one with each change; 0 if there was none. */
  readonly revision: number;
  readonly live: number;
  /** When it became so, UTC milliseconds. */
  readonly liveSince: number;
  readonly building: Building | null;
  /** The highest number that was given. */
  readonly last: number;
}

/** As long as nobody ever built views anew. */
export const firstGeneration: ViewGenerations = { revision: 0, live: 0, liveSince: 0, building: null, last: 0 };

/** The generations that whatever is projected goes into. */
export function writtenGenerations({ live, building }: ViewGenerations): readonly number[] {
  return building === null ? [live] : [live, building.generation];
}

/** Begins the next generation; none may be under way. */
export function beginGeneration(generations: ViewGenerations, parts: number): ViewGenerations {
  if (generations.building !== null) throw new Error(`generation ${generations.building.generation} is being built`);
  const generation = generations.last + 1;
  return changed(generations, { building: { generation, parts, copied: [] }, last: generation });
}

/** Notes that a part of the generation that is being built is copied. */
export function partCopied(generations: ViewGenerations, building: Building, part: number): ViewGenerations {
  const copied = [...new Set([...building.copied, part])].sort((a, b) => a - b);
  return changed(generations, { building: { ...building, copied } });
}

/** The generation that is being built becomes the one that is read. */
export function swapGenerations(generations: ViewGenerations, { generation }: Building, now: number): ViewGenerations {
  return changed(generations, { live: generation, liveSince: now, building: null });
}

export function abandonGeneration(generations: ViewGenerations): ViewGenerations {
  return changed(generations, { building: null });
}

function changed(generations: ViewGenerations, change: Partial<ViewGenerations>): ViewGenerations {
  return { ...generations, ...change, revision: generations.revision + 1 };
}
