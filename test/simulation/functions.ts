/**
 * The functions of the simulated world: environments that stay warm between invocations, with their caches and their wrong clocks,
 * and die of crashes and timeouts.
 */
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { AccountCache } from '../../core/flows/account-cache.ts';
import type { ProcessorPorts } from '../../core/flows/process-shard.ts';
import type { Clock, CommandStream, SagaStarter } from '../../core/ports.ts';
import { clockOf, drawSkew, type Ground, Process } from './process.ts';
import {
  SimulatedLog,
  SimulatedOpenWork,
  SimulatedQuarantine,
  SimulatedTransfers,
  SimulatedViews,
  type Stores,
} from './stores.ts';

export type FunctionName = 'intake' | 'processor' | 'saga' | 'projector' | 'query' | 'check-back' | 'operator';

/** Lambda ends whatever takes longer; it bounds zombies. */
export const FUNCTION_TIMEOUT_MS = 60_000;
/** Probability that an invocation comes to an environment that was used before, if one is free. */
const WARM = 0.85;

/** All ports, as one process reaches them. */
export interface Ports extends ProcessorPorts {
  readonly process: Process;
  readonly commands: CommandStream;
  readonly views: SimulatedViews;
  readonly clock: Clock;
}

/** What became of an invocation. A process that died, or went on for too long, answers nothing. */
export type Invocation<Result> =
  | { readonly kind: 'done'; readonly value: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'killed' };

interface Environment {
  readonly process: Process;
  readonly ports: Ports;
  busy: boolean;
}

/** Ways into the world that are not stores. */
export interface Gateways {
  commandsFor(process: Process): CommandStream;
  sagasFor(process: Process): SagaStarter;
}

export class Functions {
  readonly meter = new CountingMeter();
  /** Told of every function that failed, and why. */
  onFailure: (name: FunctionName, error: unknown) => void = () => {};
  private readonly ground: Ground;
  private readonly stores: Stores;
  private readonly gateways: Gateways;
  private readonly environments = new Map<FunctionName, Environment[]>();
  private made = 0;

  constructor(ground: Ground, stores: Stores, gateways: Gateways) {
    this.ground = ground;
    this.stores = stores;
    this.gateways = gateways;
  }

  /**
   * Runs a function once. The invocation ends when the function does, or dies, or after the timeout.
   *
   * @param concerns identities of what it works on
   */
  invoke<Result>(
    name: FunctionName,
    concerns: readonly string[],
    run: (ports: Ports) => Promise<Result>,
  ): Promise<Invocation<Result>> {
    const environment = this.environmentFor(name);
    const { process, ports } = environment;
    environment.busy = true;
    process.concerns = concerns;
    return new Promise((resolve) => {
      let over = false;
      const end = (invocation: Invocation<Result>): void => {
        over = true;
        environment.busy = false;
        resolve(invocation);
      };
      process.onDeath = () => end({ kind: 'killed' });
      this.ground.scheduler.after(FUNCTION_TIMEOUT_MS, () => (over ? undefined : process.kill()));
      run(ports).then(
        (value) => end({ kind: 'done', value }),
        (error: unknown) => {
          this.onFailure(name, error);
          end({ kind: 'failed', error });
        },
      );
    });
  }

  private environmentFor(name: FunctionName): Environment {
    const known = (this.environments.get(name) ?? []).filter(({ process }) => process.alive);
    const free = known.filter(({ busy }) => !busy);
    if (free.length > 0 && this.ground.random.chance(WARM)) return this.ground.random.pick(free);
    this.made += 1;
    const process = new Process(`${name}-${this.made}`, drawSkew(this.ground));
    const environment = { process, ports: this.portsFor(process), busy: false };
    this.environments.set(name, [...known, environment]);
    return environment;
  }

  private portsFor(process: Process): Ports {
    const { ground, stores, gateways } = this;
    return {
      process,
      log: new SimulatedLog(ground, process, stores),
      transfers: new SimulatedTransfers(ground, process, stores),
      openWork: new SimulatedOpenWork(ground, process, stores),
      quarantine: new SimulatedQuarantine(ground, process, stores),
      views: new SimulatedViews(ground, process, stores),
      commands: gateways.commandsFor(process),
      sagas: gateways.sagasFor(process),
      clock: clockOf(ground, process),
      digest: sha256,
      meter: this.meter,
      journal: new SilentJournal(),
      cache: new AccountCache(),
    };
  }
}
