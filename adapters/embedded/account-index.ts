/**
 * Where the commits of each account stand in the wallet's file. Only the newest and its way back are in memory; each commit names
 * the place of the one before it, and of one further back, so that any version is some forty reads away at most.
 *
 *   version 13 = 1101b ──> 12 = 1100b ──> 8 = 1000b ──> 0      (each step clears the lowest set bit)
 */

interface AccountEnd {
  version: number;
  /** Places of the newest commit and of every commit on its way to the start, oldest first. */
  readonly trail: number[];
}

/** What a new commit has to name. */
export interface WayBack {
  readonly before: number;
  readonly skip: number;
}

export class AccountIndex {
  private readonly ends = new Map<string, AccountEnd>();

  /** Version of the newest commit; 0 if there is none. */
  newestVersion(account: string): number {
    return this.ends.get(account)?.version ?? 0;
  }

  /** Place of the newest commit, or undefined if there is none. */
  newestPlace(account: string): number | undefined {
    return this.ends.get(account)?.trail.at(-1);
  }

  /** What the commit with the next version has to name as its way back. */
  wayBack(account: string): WayBack {
    const end = this.ends.get(account);
    if (end === undefined) return { before: 0, skip: 0 };
    const kept = end.trail.length - trailingZeros(end.version + 1);
    return { before: end.trail.at(-1) ?? 0, skip: end.trail[kept - 1] ?? 0 };
  }

  /** Takes the commit with the next version. */
  push(account: string, place: number): void {
    const end = this.ends.get(account);
    if (end === undefined) {
      this.ends.set(account, { version: 1, trail: [place] });
      return;
    }
    end.version += 1;
    end.trail.length -= trailingZeros(end.version);
    end.trail.push(place);
  }

  keys(): readonly string[] {
    return [...this.ends.keys()];
  }

  /** All of it, for a snapshot. */
  entries(): readonly (readonly [account: string, version: number, trail: readonly number[]])[] {
    return [...this.ends].map(([account, { version, trail }]) => [account, version, trail]);
  }

  restore(account: string, version: number, trail: readonly number[]): void {
    this.ends.set(account, { version, trail: [...trail] });
  }
}

/** The version that a commit's `skip` leads to. */
export function skippedTo(version: number): number {
  return version & (version - 1);
}

function trailingZeros(version: number): number {
  return 31 - Math.clz32(version & -version);
}
