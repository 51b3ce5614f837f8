/**
 * The ledger's stream: every commit comes to the projector at least once, as late and in as strange an order as different items
 * may come.
 */
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { project } from '../../core/flows/project.ts';
import type { Functions } from './functions.ts';
import type { Operators } from './operators.ts';
import type { Ground } from './process.ts';
import { Signal } from './scheduler.ts';
import { identitiesIn } from './stores.ts';

const MOST_COMMITS = 12;
const LONGEST_PAUSE_MS = 400;
const LATEST_COMMIT_MS = 240_000;
/** Projectors that work at the same time. */
const PARALLEL_PROJECTORS = 2;

export class TableStream {
  /** Commits that are to be projected and were not yet, wherever they are. */
  open = 0;
  private readonly ground: Ground;
  private readonly functions: Functions;
  private readonly operators: Operators;
  private readonly pending: StoredCommit[] = [];
  private readonly arrived = new Signal();

  constructor(ground: Ground, functions: Functions, operators: Operators) {
    this.ground = ground;
    this.functions = functions;
    this.operators = operators;
  }

  begin(): void {
    for (let i = 0; i < PARALLEL_PROJECTORS; i += 1) void this.read();
  }

  add(commit: StoredCommit): void {
    const { faults, scheduler, random } = this.ground;
    this.open += 1;
    const isLate = faults.strikes('projection_late', identitiesIn(commit.events));
    scheduler.after(random.between(1, isLate ? LATEST_COMMIT_MS : LONGEST_PAUSE_MS), () => {
      this.pending.push(commit);
      this.arrived.raise();
    });
  }

  private async read(): Promise<void> {
    const { scheduler, random } = this.ground;
    for (;;) {
      if (this.pending.length === 0) await this.arrived.wait();
      await scheduler.sleep(random.between(10, LONGEST_PAUSE_MS));
      const mixed = random.shuffled(this.pending.splice(0));
      const batch = mixed.splice(0, random.between(1, MOST_COMMITS));
      this.pending.push(...mixed);
      if (batch.length > 0) await this.project(batch);
    }
  }

  private async project(batch: readonly StoredCommit[]): Promise<void> {
    const { faults } = this.ground;
    const transfers = batch.flatMap(({ events }) => identitiesIn(events));
    const { kind } = await this.functions.invoke('projector', transfers, (ports) => project(ports, batch));
    this.open -= batch.length;
    if (kind === 'done') {
      for (const commit of batch)
        if (faults.strikes('projection_repeated', identitiesIn(commit.events))) this.add(commit);
    } else if (faults.strikes('projection_given_up', transfers)) {
      this.operators.commitsGivenUp(batch.map(({ account, version }) => ({ account, version })));
    } else for (const commit of batch) this.add(commit);
  }
}
