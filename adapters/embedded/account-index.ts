/**
 * Where the commits of each account stand in the wallet's file. Only the newest and its way back are in memory; each commit names
 * the place of the one before it, and of one further back, so that any version is some forty reads away at most.
 *
 *   version 13 = 1101b ──> 12 = 1100b ──> 8 = 1000b ──> 0      (each step clears the lowest set bit)
 */

/** What a new commit has to name. */
export interface WayBack {
  readonly before: number;
  readonly skip: number;
}

/** The end of one account's log. */
export class AccountEnd {
  /** Version of the newest commit; 0 if there is none. */
  version: number;
  /** Places of the newest commit and of every commit on its way to the start, oldest first. */
  private readonly trail: number[];

  constructor(version = 0, trail: readonly number[] = []) {
    this.version = version;
    this.trail = [...trail];
  }

  /** Place of the newest commit, or undefined if there is none. */
  get newestPlace(): number | undefined {
    return this.trail.at(-1);
  }

  get places(): readonly number[] {
    return this.trail;
  }

  /** What the commit with the next version has to name as its way back. */
  wayBack(): WayBack {
    const kept = this.trail.length - trailingZeros(this.version + 1);
    return { before: this.trail.at(-1) ?? 0, skip: this.trail[kept - 1] ?? 0 };
  }

  /** Takes the commit with the next version. */
  push(place: number): void {
    this.version += 1;
    this.trail.length -= trailingZeros(this.version);
    this.trail.push(place);
  }
}

export class AccountIndex {
  private readonly ends = new Map<string, AccountEnd>();

  get(account: string): AccountEnd | undefined {
    return this.ends.get(account);
  }

  /** The end of an account's log, which begins now if there was none. */
  endOf(account: string): AccountEnd {
    const known = this.ends.get(account);
    if (known !== undefined) return known;
    const end = new AccountEnd();
    this.ends.set(account, end);
    return end;
  }

  /** Accounts that have a log; one that was only looked at has none. */
  keys(): readonly string[] {
    return [...this.ends].flatMap(([account, { version }]) => (version === 0 ? [] : [account]));
  }

  /** All of it, for a snapshot. */
  entries(): readonly (readonly [account: string, version: number, trail: readonly number[]])[] {
    return [...this.ends].flatMap(([account, { version, places }]) =>
      version === 0 ? [] : [[account, version, places] as const],
    );
  }

  restore(account: string, version: number, trail: readonly number[]): void {
    this.ends.set(account, new AccountEnd(version, trail));
  }
}

/** The version that a commit's `skip` leads to. */
export function skippedTo(version: number): number {
  return version & (version - 1);
}

function trailingZeros(version: number): number {
  return 31 - Math.clz32(version & -version);
}
