/**
 * A simulated process and its calls to the world. A call goes out, has its effect (or not) and is answered (or not), each in an
 * event of its own, so anything may come in between. A process that dies stops for ever at the call it is in; what it asked for
 * may still happen.
 *
 *   process ──asks──┐            ┌──answer──> goes on
 *                   └─ effects ──┘
 */
import type { Clock } from '../../core/ports.ts';
import type { Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What everything in the simulation stands on. */
export interface Ground {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly history: History;
}

/** When the simulated days begin, UTC milliseconds. */
export const DAWN = Date.UTC(2026, 0, 1);
/** An ordinary way to a service and back. */
const ORDINARY_CALL_MS = 15;
const SLOW_CALL_MS = 20_000;
/** A client gives a call up after this time. */
const CALL_TIMEOUT_MS = 5_000;
/** What was given up may still happen that much later. */
const LATEST_LANDING_MS = 30_000;
/** Probability that a request that was on its way when its process died, or that had no answer, has its effect. */
const LANDS = 0.5;

/** Trouble of the infrastructure, as a port throws it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export class Process {
  alive = true;
  /** How far its clock is ahead, milliseconds. */
  skewMs: number;
  /** Identities of what it works on, for the figures and the history. */
  concerns: readonly string[] = [];
  /** Called once when it dies. */
  onDeath: () => void = () => {};
  readonly name: string;

  constructor(name: string, skewMs: number) {
    this.name = name;
    this.skewMs = skewMs;
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.onDeath();
  }
}

/** A call to the world: what is asked, item by item, and whom it concerns. */
export interface Call<Item> {
  readonly name: string;
  readonly items: readonly Item[];
  readonly concerns?: (item: Item) => readonly string[];
  /** True if every item has an answer of its own, so that some may be known and others not. */
  readonly answersEach?: boolean;
}

/** What is known of one item's effect. */
export type Answer<Result> = { readonly value: Result } | 'unknown';

type Fate = 'answered' | 'throttled' | 'timed_out' | 'crashed';

/** Makes a call for a process. Rejects with trouble of the infrastructure; never settles if the process dies. */
export function callEach<Item, Result>(
  ground: Ground,
  process: Process,
  call: Call<Item>,
  effect: (item: Item) => Result | Promise<Result>,
): Promise<readonly Answer<Result>[]> {
  if (!process.alive) return new Promise(() => {});
  const { random, scheduler } = ground;
  const concerns = (): readonly string[] => concernsOf(process, call);
  const fate = fateOf(ground, concerns);
  note(ground, process, () => `${call.name}${fate === 'answered' ? '' : ` (${fate})`}`, concerns);
  const span = ground.faults.strikes('slow') ? random.between(ORDINARY_CALL_MS, SLOW_CALL_MS) : ORDINARY_CALL_MS;
  const answers: Answer<Result>[] = call.items.map(() => 'unknown');
  const failures: unknown[] = [];
  const perform = (index: number, item: Item): void => {
    void Promise.resolve()
      .then(() => effect(item))
      .then(
        (value) => {
          answers[index] = { value };
        },
        (failure: unknown) => failures.push(failure),
      );
  };
  const diesAt = fate === 'crashed' ? random.between(0, span) : Number.POSITIVE_INFINITY;
  for (const [index, item] of call.items.entries()) {
    const at = momentOf(ground, fate, span);
    if (at === undefined) continue;
    scheduler.after(at, () => {
      if ((process.alive && at <= diesAt) || random.chance(LANDS)) perform(index, item);
    });
  }
  if (fate === 'crashed') scheduler.after(diesAt, () => process.kill());
  return answered(ground, process, call, { fate, span, answers, failures });
}

/** A call for one thing. */
export async function callOne<Result>(
  ground: Ground,
  process: Process,
  name: string,
  effect: () => Result | Promise<Result>,
  concerns: readonly string[] = [],
): Promise<Result> {
  const [answer] = await callEach(ground, process, { name, items: [undefined], concerns: () => concerns }, effect);
  if (answer === undefined || answer === 'unknown') throw new Unavailable(`${name}: no answer`);
  return answer.value;
}

interface Outcome<Result> {
  readonly fate: Fate;
  readonly span: number;
  readonly answers: readonly Answer<Result>[];
  readonly failures: readonly unknown[];
}

function answered<Item, Result>(
  { random, scheduler }: Ground,
  process: Process,
  call: Call<Item>,
  { fate, span, answers, failures }: Outcome<Result>,
): Promise<readonly Answer<Result>[]> {
  const answersAll = fate === 'answered' || (fate === 'timed_out' && call.answersEach === true && random.chance(0.5));
  return new Promise((resolve, reject) => {
    scheduler.after(fate === 'timed_out' ? CALL_TIMEOUT_MS : span + random.between(1, ORDINARY_CALL_MS), () => {
      if (!process.alive) return;
      if (failures.length > 0) reject(failures[0]);
      else if (answersAll) resolve([...answers]);
      else reject(new Unavailable(`${call.name}: ${fate}`));
    });
  });
}

function fateOf({ faults }: Ground, concerns: () => readonly string[]): Fate {
  for (const kind of ['crashed', 'throttled', 'timed_out'] as const) {
    if (!faults.strikes(kind)) continue;
    for (const one of concerns()) faults.hit.add(one);
    return kind;
  }
  return 'answered';
}

/** When an item's effect happens; undefined if it never does. */
function momentOf({ random, faults }: Ground, fate: Fate, span: number): number | undefined {
  if (fate === 'throttled') return undefined;
  if (fate === 'timed_out') {
    if (random.chance(LANDS)) return undefined;
    if (faults.strikes('landed_late')) return random.between(CALL_TIMEOUT_MS, LATEST_LANDING_MS);
  }
  return random.between(1, span);
}

function concernsOf<Item>(process: Process, { items, concerns }: Call<Item>): readonly string[] {
  return concerns === undefined ? process.concerns : items.flatMap(concerns);
}

/** Writes down what a process does. */
export function note(ground: Ground, process: Process, what: () => string, concerns: () => readonly string[]): void {
  const { scheduler, history } = ground;
  history.note(() => {
    return { step: scheduler.steps, at: scheduler.now, who: process.name, what: what(), concerns: concerns() };
  });
}

/** The clock of a process: wrong by its skew, which jumps now and then. */
export function clockOf(ground: Ground, process: Process): Clock {
  const { scheduler, faults } = ground;
  return {
    now: () => {
      if (faults.strikes('clock_jump')) process.skewMs = drawSkew(ground);
      return DAWN + scheduler.now + process.skewMs;
    },
    sleep: (ms) => new Promise((resolve) => scheduler.after(ms, () => (process.alive ? resolve() : undefined))),
  };
}

/** How wrong a clock is, milliseconds: mostly well below a second, sometimes a minute or two, on wild days more. */
export function drawSkew({ random, faults }: Pick<Ground, 'random' | 'faults'>): number {
  const most = random.pick([50, 50, 500, 3_000, 45_000, faults.wildClocks ? 400_000 : 120_000]);
  return random.between(-most, most);
}
