/**
 * What happened on a simulated day, for people. It is kept only when a seed is replayed, and told about the one transfer or
 * account that a violation is about.
 */

export interface Entry {
  readonly step: number;
  /** Milliseconds since the beginning of the day. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
  /** Transfers, requests and accounts that it concerns. */
  readonly concerns: readonly string[];
}

export class History {
  readonly entries: Entry[] = [];
  private readonly kept: boolean;

  constructor(kept: boolean) {
    this.kept = kept;
  }

  /** @param tell makes the entry; called only if entries are kept */
  note(tell: () => Entry): void {
    if (this.kept) this.entries.push(tell());
  }

  /** The entries that concern one of these, as lines. */
  about(subjects: readonly string[]): readonly string[] {
    const wanted = new Set(subjects);
    return this.entries.filter(({ concerns }) => concerns.some((one) => wanted.has(one))).map(lineOf);
  }

  lines(): readonly string[] {
    return this.entries.map(lineOf);
  }
}

function lineOf({ step, at, who, what }: Entry): string {
  return `${String(step).padStart(7)} ${(at / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(16)} ${what}`;
}
