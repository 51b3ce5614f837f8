/**
 * Which faults strike, how often, and whom. Every seed has its own mixture: some kinds are left out and others are frequent, for
 * a day on which everything fails a little finds other bugs than one on which a single thing fails all the time.
 */
import type { Random } from './random.ts';

/** Every kind of fault, with how often it strikes, per occasion, on an ordinary bad day. */
const usualRates = {
  /** A call is refused before it had any effect. */
  throttled: 0.02,
  /** A call has no answer; what it asked for may have happened, all of it, a part or nothing. */
  timed_out: 0.02,
  /** A write that has no answer happens long after its caller gave it up. */
  landed_late: 0.3,
  /** A write is repeated by its adapter after a lost answer, and meets what the first try did. */
  met_own_write: 0.02,
  /** A call takes seconds. */
  slow: 0.02,
  /** The process dies before, during or after a call. */
  crashed: 0.008,
  /** An eventually consistent read is answered with an old state. */
  stale_read: 0.3,
  /** The clock of a process jumps, by seconds or minutes. */
  clock_jump: 0.02,
  /** A record's arrival is off by up to a quarter of an hour. */
  arrival_jump: 0.03,
  /** A record is put twice. */
  repeated_put: 0.03,
  /** A copy of a record arrives up to six minutes after the record. */
  late_put: 0.03,
  /** A batch that succeeded is delivered again. */
  redelivered: 0.05,
  /** A second processor begins with a shard whose first goes on for up to 60 s. */
  zombie: 0.04,
  /** A batch that failed is cut in halves. */
  bisected: 0.5,
  /** A batch that failed is given up and put aside. */
  given_up: 0.05,
  /** A shard is split. */
  split: 0.5,
  /** Two shards become one. */
  merged: 0.5,
  /** The stream is replaced by another, whose sequence numbers begin anew. */
  stream_replaced: 0.2,
  /** A saga is started twice. */
  saga_doubled: 0.1,
  /** A saga that should start never does. */
  saga_lost: 0.03,
  /** An execution vanishes between two steps. */
  saga_vanished: 0.02,
  /** An execution waits for much longer than it was told. */
  saga_stalled: 0.05,
  /** A step of a saga is taken twice at the same time. */
  step_doubled: 0.05,
  /** The ledger's stream delivers a commit again. */
  projection_repeated: 0.1,
  /** The ledger's stream delivers a commit minutes late, after later ones. */
  projection_late: 0.05,
  /** Commits are given up by the projector and put aside. */
  projection_given_up: 0.05,
  /** Bytes that are no command get into the stream. */
  poison: 0.1,
  /** The log of an account cannot be read for some time. */
  damaged: 0.5,
  /** An operator sends again what did not ask for it. */
  wrong_redrive: 0.2,
  /** An operator cancels a transfer that is on its way. */
  cancelled: 0.1,
  /** An operator starts a saga of the past again. */
  saga_repeated: 0.1,
} as const;

export type FaultKind = keyof typeof usualRates;

/** Share of the kinds that are left out on a day. */
const LEFT_OUT = 0.25;
const WILD_DAYS = 0.3;
/** No fault strikes more often than this, or nothing would ever be done. */
const HIGHEST_RATE = 0.6;

export class Faults {
  /** False once the faults of the day are over. */
  on = true;
  readonly counts = new Map<FaultKind, number>();
  /** Transfers that were on their way where a fault struck. */
  readonly hit = new Set<string>();
  /**
   * True on days on which clocks and arrivals are wrong by more than any alarm lets pass, up to a quarter of an hour. No money may
   * go wrong then either; a trial balance in the midst of it may, for its cut is made by time.
   */
  readonly wildClocks: boolean;
  private readonly random: Random;
  private readonly rates = new Map<FaultKind, number>();

  constructor(random: Random) {
    this.random = random;
    this.wildClocks = random.chance(WILD_DAYS);
    const badness = random.pick([0.3, 1, 1, 2, 4]);
    for (const kind of faultKinds()) {
      const factor = random.chance(LEFT_OUT) ? 0 : badness * random.pick([0.3, 1, 1, 3]);
      this.rates.set(kind, Math.min(usualRates[kind] * factor, HIGHEST_RATE));
    }
  }

  /** Whether a fault of this kind strikes now. */
  strikes(kind: FaultKind, transfers: Iterable<string> = []): boolean {
    if (!this.on || !this.random.chance(this.rates.get(kind) ?? 0)) return false;
    this.tell(kind, transfers);
    return true;
  }

  /** Counts a fault that struck. */
  tell(kind: FaultKind, transfers: Iterable<string> = []): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    for (const transfer of transfers) this.hit.add(transfer);
  }
}

/** All kinds of faults, in the order in which reports list them. */
export function faultKinds(): readonly FaultKind[] {
  return Object.keys(usualRates).filter(isFaultKind);
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(usualRates, name);
}
