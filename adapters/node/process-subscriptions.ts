/**
 * Who waits for which transfers, in the memory of one process. It is for clients that are connected to that process: what is here
 * ends with it, as they do.
 */
import type { Connection } from '../../core/contracts/outcome-socket.ts';
import type { SubscriptionStore } from '../../core/ports.ts';

interface Kept {
  readonly connection: Connection;
  readonly waits: Set<string>;
}

export class ProcessSubscriptions implements SubscriptionStore {
  private readonly kept = new Map<string, Kept>();
  private readonly ofCaller = new Map<string, Set<string>>();
  /** Ids of connections by what they wait for. */
  private readonly waiters = new Map<string, Set<string>>();

  async connect(connection: Connection, most: number, now: number): Promise<boolean> {
    const own = entryOf(this.ofCaller, callerKey(connection));
    const others = [...own].filter((id) => id !== connection.id && (this.kept.get(id)?.connection.until ?? 0) > now);
    if (others.length >= most) return false;
    own.add(connection.id);
    this.kept.set(connection.id, { connection, waits: new Set() });
    return true;
  }

  async connections(ids: readonly string[]): Promise<readonly Connection[]> {
    return ids.flatMap((id) => this.kept.get(id)?.connection ?? []);
  }

  async subscribe({ id }: Connection, ids: readonly string[], most: number): Promise<boolean> {
    const kept = this.kept.get(id);
    if (kept === undefined || new Set([...kept.waits, ...ids]).size > most) return false;
    for (const wait of ids) {
      kept.waits.add(wait);
      entryOf(this.waiters, wait).add(id);
    }
    return true;
  }

  async waiting(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return new Map(
      ids.flatMap((id): [string, readonly string[]][] => {
        const waiters = this.waiters.get(id);
        return waiters === undefined ? [] : [[id, [...waiters]]];
      }),
    );
  }

  /** Whether anybody waits for a transfer: asked of each that ends, so it takes a look at a map. */
  isWaitedFor(id: string): boolean {
    return this.waiters.has(id);
  }

  async release(connection: string, ids: readonly string[]): Promise<void> {
    const waits = this.kept.get(connection)?.waits;
    for (const id of ids) {
      waits?.delete(id);
      drop(this.waiters, id, connection);
    }
  }

  async disconnect(id: string): Promise<void> {
    const kept = this.kept.get(id);
    if (kept === undefined) return;
    for (const wait of kept.waits) drop(this.waiters, wait, id);
    drop(this.ofCaller, callerKey(kept.connection), id);
    this.kept.delete(id);
  }
}

/** A tenant's name has no space in it. */
function callerKey({ caller: { scope, subject } }: Connection): string {
  return `${scope} ${subject}`;
}

function entryOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = new Set<string>();
  sets.set(key, made);
  return made;
}

/** Takes a member out of a set, and the set away with its last one. */
function drop(sets: Map<string, Set<string>>, key: string, member: string): void {
  const set = sets.get(key);
  set?.delete(member);
  if (set?.size === 0) sets.delete(key);
}
