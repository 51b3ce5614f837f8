/**
 * The operators: they redrive what was set aside or given up, at the right moment and at the wrong one, cancel transfers that are
 * on their way, and start sagas of the past again.
 */
import type { CreditAccount } from '../../core/domain/account.ts';
import type { SagaItem } from '../../core/domain/transfer.ts';
import { COMMIT_PREFIX } from '../../core/flows/decode-commits.ts';
import { type CommitRef, type Redriven, redrive, type SetAside, type SetAsideStore } from '../../core/flows/redrive.ts';
import type { Executions } from './executions.ts';
import type { Functions } from './functions.ts';
import { callOne, type Ground, type Process } from './process.ts';
import { identitiesIn, type Stores } from './stores.ts';
import type { SimulatedStream } from './stream.ts';

/** Stands in whatever nobody will ever be able to read, so that the operators know what to throw away. */
export const POISON = 'poison';
const LONGEST_IDLE_MS = 60_000;
const QUARANTINE_PREFIX = 'quarantine/';

export interface OperatorsWorld {
  readonly stores: Stores;
  readonly stream: SimulatedStream;
  readonly executions: Executions;
  readonly functions: Functions;
  /** Told of a transfer that an operator asks to cancel. */
  readonly onCancel: (transfer: string) => void;
}

export class Operators {
  private readonly ground: Ground;
  private readonly world: OperatorsWorld;
  /** Batches that were given up, and copies of records that an operator sends again without need. */
  private readonly objects = new Map<string, SetAside>();
  private named = 0;

  constructor(ground: Ground, world: OperatorsWorld) {
    this.ground = ground;
    this.world = world;
  }

  /** Records of the stream that their poller gave up, whole. */
  givenUp(records: readonly Uint8Array[]): void {
    this.keep({ kind: 'commands', records });
  }

  /** Commits that the projector's poller gave up. */
  commitsGivenUp(commits: readonly CommitRef[]): void {
    this.keep({ kind: 'commits', commits });
  }

  /** What waits for an operator. */
  get open(): number {
    return this.objects.size + this.world.stores.quarantine.records.size;
  }

  /** Works at random moments while the faults go on. */
  async workAtAnyTime(): Promise<void> {
    const { scheduler, random, faults } = this.ground;
    while (faults.on) {
      await scheduler.sleep(random.between(1_000, LONGEST_IDLE_MS));
      const names = this.names();
      if (names.length > 0 && random.chance(0.5)) void this.redriveOne(random.pick(names));
      if (faults.strikes('wrong_redrive')) this.redriveWithoutNeed();
      if (faults.strikes('saga_repeated')) this.startOfThePast();
      if (faults.strikes('cancelled')) void this.cancel();
    }
  }

  /** Redrives everything there is, one after the other. */
  async redriveAll(): Promise<void> {
    for (const name of this.names()) await this.redriveOne(name);
  }

  private keep(object: SetAside): void {
    this.named += 1;
    this.objects.set(`aws/${this.named}`, object);
  }

  private names(): readonly string[] {
    const quarantined = [...this.world.stores.quarantine.records.keys()].map((key) => QUARANTINE_PREFIX + key);
    return [...this.objects.keys(), ...quarantined];
  }

  private async redriveOne(name: string): Promise<void> {
    const object = this.object(name);
    const isPoison = object?.kind === 'commands' && object.records.some((data) => textOf(data).includes(POISON));
    const concerns = object?.kind === 'commands' ? object.records.flatMap((data) => identitiesIn(textOf(data))) : [];
    const run = await this.world.functions.invoke('operator', concerns, (ports): Promise<Redriven> => {
      return redrive({ ...ports, setAside: this.storeFor(ports.process) }, name);
    });
    // What could be read of it was sent; the rest is thrown away by hand.
    if (run.kind === 'done' && isPoison) this.remove(name);
  }

  /** Sends records again that went their way long ago, or are still on it. */
  private redriveWithoutNeed(): void {
    const { random } = this.ground;
    const records = this.world.stream.shards.flatMap((shard) => shard.records);
    if (records.length === 0) return;
    this.givenUp([random.pick(records).data]);
  }

  private startOfThePast(): void {
    const { past } = this.world.executions;
    if (past.length > 0) this.world.executions.start(this.ground.random.pick(past));
  }

  private async cancel(): Promise<void> {
    const { past } = this.world.executions;
    const items = past.flatMap((chunk) => chunk.items);
    if (items.length === 0) return;
    const item = this.ground.random.pick(items);
    this.world.onCancel(item.transfer);
    await this.world.functions.invoke('operator', [item.transfer], (ports) =>
      ports.commands.send([cancellationOf(item)]),
    );
  }

  private storeFor(process: Process): SetAsideStore {
    const { ground } = this;
    return {
      list: async function* () {},
      read: (name) =>
        callOne(ground, process, `read what was set aside: ${name}`, () => {
          const object = this.object(name);
          if (object === undefined) throw new Error(`${name} is not there any more`);
          return object;
        }),
      remove: (name) => callOne(ground, process, `remove what was set aside: ${name}`, () => this.remove(name)),
    };
  }

  private object(name: string): SetAside | undefined {
    if (!name.startsWith(QUARANTINE_PREFIX)) return this.objects.get(name);
    const record = this.world.stores.quarantine.records.get(name.slice(QUARANTINE_PREFIX.length));
    if (record === undefined) return undefined;
    if (!record.key.startsWith(COMMIT_PREFIX)) return { kind: 'commands', records: [record.data] };
    return { kind: 'commits', commits: [{ account: record.partitionKey, version: Number(record.sequence) }] };
  }

  private remove(name: string): void {
    this.objects.delete(name);
    this.world.stores.quarantine.records.delete(name.slice(QUARANTINE_PREFIX.length));
  }
}

/** A recheck of the credit that refuses it unless it has happened. */
function cancellationOf(item: SagaItem): CreditAccount {
  const { scope, transfer, from, to, amount, currency, issuedAt, debitRef, debitedAt, payerBalance } = item;
  const trace = { debitedAt, payerBalance, creditSentAt: debitedAt };
  const content = { scope, transfer, from, to, amount, currency };
  return { type: 'CreditAccount', ...content, issuedAt, debitRef, trace, recheck: true, cancel: true };
}

function textOf(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}
