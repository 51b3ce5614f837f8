/**
 * The pollers that bring the stream's records to processors, shard by shard and batch by batch: again after a failure, in halves,
 * twice, to a second processor while the first still works, and to the quarantine's neighbour when they give a batch up. A shard's
 * records come after those of the shards that it was made of.
 */
import { processShard } from '../../core/flows/process-shard.ts';
import type { StreamRecord } from '../../core/flows/read-batch.ts';
import type { Functions, Invocation } from './functions.ts';
import { LANES } from './gateways.ts';
import type { Operators } from './operators.ts';
import type { Ground } from './process.ts';
import { identitiesIn } from './stores.ts';
import type { Shard, SimulatedStream } from './stream.ts';

const MOST_RECORDS = 30;
const LONGEST_PAUSE_MS = 1_200;
const LONGEST_BACK_OFF_MS = 20_000;
/** A poller that gives its first processor up does so within this time; the processor then lives for up to 60 s more. */
const GIVEN_UP_WITHIN_MS = 40_000;
/** Records that a new poller may begin before the point that was reached, where that point was not written down. */
const MOST_STEPS_BACK = 12;

type Outcome = 'done' | 'failed' | 'taken over';

export class Pollers {
  private readonly ground: Ground;
  private readonly stream: SimulatedStream;
  private readonly functions: Functions;
  private readonly operators: Operators;

  constructor(ground: Ground, stream: SimulatedStream, functions: Functions, operators: Operators) {
    this.ground = ground;
    this.stream = stream;
    this.functions = functions;
    this.operators = operators;
  }

  /** Reads a shard from its beginning to its end. */
  async read(shard: Shard): Promise<void> {
    const { scheduler, random, faults } = this.ground;
    while (!shard.drained) {
      const isBlocked = shard.parents.some(({ drained }) => !drained);
      const batch = isBlocked ? [] : shard.records.slice(shard.read, shard.read + random.between(1, MOST_RECORDS));
      if (batch.length > 0) {
        const outcome = await this.deliver(shard, batch, 0);
        const isAgain = outcome === 'taken over' || faults.strikes('redelivered', identitiesOf(batch));
        shard.read = isAgain ? Math.max(0, shard.read - random.between(0, MOST_STEPS_BACK)) : shard.read + batch.length;
      } else if (!isBlocked && shard.closed) {
        shard.drained = true;
        this.stream.changed.raise();
      } else await this.stream.changed.wait();
      await scheduler.sleep(random.between(50, LONGEST_PAUSE_MS));
    }
  }

  /** Delivers a batch until it is done, given up, or taken over. */
  private async deliver(shard: Shard, batch: readonly StreamRecord[], failures: number): Promise<Outcome> {
    const { scheduler, random, faults } = this.ground;
    const outcome = await this.process(shard, batch);
    if (outcome !== 'failed') return outcome;
    if (faults.strikes('given_up', identitiesOf(batch))) {
      this.operators.givenUp(batch.map(({ data }) => data));
      return 'done';
    }
    await scheduler.sleep(Math.min(random.between(100, 400) * 2 ** failures, LONGEST_BACK_OFF_MS));
    if (batch.length === 1 || !faults.strikes('bisected', identitiesOf(batch)))
      return this.deliver(shard, batch, failures + 1);
    const middle = batch.length >> 1;
    const first = await this.deliver(shard, batch.slice(0, middle), failures);
    return first === 'done' ? this.deliver(shard, batch.slice(middle), failures) : first;
  }

  private async process(shard: Shard, batch: readonly StreamRecord[]): Promise<Outcome> {
    const { scheduler, random, faults } = this.ground;
    const transfers = identitiesOf(batch);
    const settings = { lanes: LANES, epoch: shard.epoch };
    const run = this.functions.invoke('processor', transfers, (ports) => processShard(ports, settings, batch));
    if (!faults.strikes('zombie', transfers)) return outcomeOf(await run);
    const takenOver = scheduler.sleep(random.between(1, GIVEN_UP_WITHIN_MS)).then((): Outcome => 'taken over');
    return Promise.race([run.then(outcomeOf), takenOver]);
  }
}

function outcomeOf({ kind }: Invocation<void>): Outcome {
  return kind === 'done' ? 'done' : 'failed';
}

function identitiesOf(batch: readonly StreamRecord[]): readonly string[] {
  return batch.flatMap(({ data }) => identitiesIn(new TextDecoder().decode(data)));
}
