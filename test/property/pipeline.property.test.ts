/**
 * Shows that no transfer is lost, doubled or half done, whatever goes wrong on the way. Random transfers among few accounts run
 * through the real processor, saga step and projection on memory adapters, while writes fail before or after they are made,
 * answers get lost, processors die and batches come again, other processors work on the same batch at the same time, records
 * arrive late or twice, clocks differ, sagas run again from old chunks, the check-back comes at any moment, and commits are projected out of order.
 *
 * A run is a list of actions and a seed for the dice that throw faults, so a failure replays from what fast-check prints. After
 * every action the trial balance has to be zero, and no transfer that ended may change. At the end faults stop, and with
 * no help but the check-back's every transfer has to end, every invariant to hold, and no open work to be left.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LostAnswer, type WriteHooks } from '../../adapters/memory/write-hooks.ts';
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import { isTerminal } from '../../core/domain/outcome.ts';
import { LONGEST_CHECK_MS } from '../../core/flows/check-back.ts';
import { computeTrialBalance } from '../../core/flows/compute-trial-balance.ts';
import { violations } from '../invariants.ts';
import { debit, MemoryWallet, openAccount, type Processor, request, SCOPE, transferId } from '../memory-wallet.ts';

/** More on request; one run takes some 30 ms. */
const RUNS = Number(process.env['PIPELINE_RUNS'] ?? 150);
const TIMEOUT_MS = 60_000 + RUNS * 200;

const bank = 'settlement:bank';
const customers = ['alice', 'bob', 'carol'] as const;
/** Dave is opened somewhere on the way, or never. */
const everyone = [bank, ...customers, 'dave'] as const;

type Action =
  | {
      readonly do: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly amount: bigint;
      readonly id: number;
      readonly recheck: boolean;
    }
  | { readonly do: 'request'; readonly type: 'freeze' | 'unfreeze' | 'close' | 'open'; readonly account: string }
  | { readonly do: 'process'; readonly records: number; readonly restart: boolean }
  | { readonly do: 'repeat'; readonly from: number; readonly records: number; readonly processor: number }
  | { readonly do: 'step'; readonly chunk: number }
  | { readonly do: 'project'; readonly from: number; readonly commits: number }
  | { readonly do: 'late' }
  | { readonly do: 'check' }
  | { readonly do: 'pass'; readonly ms: number };

const anyone = fc.constantFrom(...everyone);
const transfer = fc.record({
  do: fc.constant('transfer' as const),
  from: fc.oneof({ weight: 2, arbitrary: fc.constant(bank) }, { weight: 3, arbitrary: anyone }),
  to: anyone,
  amount: fc.bigInt({ min: 1n, max: 40n }),
  // Few identities, so that some are sent twice, with the same content or another.
  id: fc.integer({ min: 1, max: 40 }),
  /** An operator sends it again. */
  recheck: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: transfer },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      type: fc.constantFrom(
        'freeze' as const,
        'unfreeze' as const,
        'unfreeze' as const,
        'close' as const,
        'open' as const,
      ),
      account: fc.constantFrom(...customers, 'dave'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('process' as const),
      records: fc.integer({ min: 1, max: 8 }),
      restart: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('repeat' as const),
      from: fc.nat(),
      records: fc.integer({ min: 1, max: 8 }),
      processor: fc.nat(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('step' as const), chunk: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('project' as const),
      from: fc.nat(),
      commits: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('late' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('check' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1_000, 12_000, 35_000, 70_000, 200_000),
    }),
  },
);

/** Throws of dice that depend on the seed alone (a linear congruential generator, modulus 2^32). */
class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number below n. */
  below(n: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
}

/** Clocks of senders and writers are this far apart at most, in either direction. */
const CLOCK_ERROR_MS = 10_000;
/** One write in so many fails before it is made, and as many after it. */
const FAULT_ODDS = 24;
/** One record in so many is not sent or sent later, one is sent once more later, one is sent without an answer. */
const SENDING_ODDS = 6;
/** One append in so many waits while another processor works on the same records. */
const ZOMBIE_ODDS = 8;

class TroubledWallet {
  readonly wallet = new MemoryWallet();
  private readonly dice: Dice;
  private readonly processors: Processor[] = [this.wallet.processor(), this.wallet.processor()];
  private readonly chunks: SagaChunk[] = [];
  /** Bytes that a sender gave up on and that arrive later. */
  private readonly travelling: { readonly partitionKey: string; readonly data: Uint8Array }[] = [];
  /** Records before it were processed; it moves on only when a batch succeeds. */
  private checkpoint = 0;
  private chunksSeen = 0;
  private requests = 0;
  private readonly startedAt: number;
  private trueTime: number;
  private zombies = 0;

  constructor(seed: number) {
    this.dice = new Dice(seed);
    this.startedAt = this.wallet.clock.now();
    this.trueTime = this.startedAt;
  }

  async open(): Promise<void> {
    await this.wallet.send(openAccount(bank), ...customers.map((name) => openAccount(name, { overdraftLimit: 15n })));
    await this.processAll();
  }

  makeTrouble(): void {
    const { transfers, log, openWork, sagas, commands } = this.wallet;
    this.fail(openWork.hooks, () => new Error('infrastructure'));
    this.fail(transfers.hooks, () => new Error('infrastructure'));
    this.fail(sagas.hooks, () => new Error('infrastructure'));
    this.fail(log.hooks, () => (this.dice.oneIn(2) ? new LostAnswer('lost') : new Error('infrastructure')));
    const failing = log.hooks.beforeWrite;
    log.hooks.beforeWrite = async (commit) => {
      await this.letZombieWork();
      await failing?.(commit);
    };
    commands.hooks.beforeWrite = ({ partitionKey, data }) => {
      if (!this.dice.oneIn(SENDING_ODDS)) return;
      if (this.dice.oneIn(2)) this.travelling.push({ partitionKey, data });
      throw new Error('the answer of the stream is missing');
    };
    commands.hooks.afterWrite = ({ partitionKey, data }) => {
      if (this.dice.oneIn(SENDING_ODDS)) this.travelling.push({ partitionKey, data });
      if (this.dice.oneIn(SENDING_ODDS)) throw new Error('the answer of the stream was lost');
    };
  }

  makePeace(): void {
    const { transfers, log, openWork, sagas, commands } = this.wallet;
    for (const { hooks } of [transfers, log, openWork, sagas, commands]) {
      delete hooks.beforeWrite;
      delete hooks.afterWrite;
    }
  }

  async act(action: Action): Promise<unknown> {
    this.trueTime += 100;
    this.wallet.clock.set(this.trueTime + this.dice.below(2 * CLOCK_ERROR_MS) - CLOCK_ERROR_MS);
    switch (action.do) {
      case 'transfer':
        return this.attempt(() => this.sendTransfer(action));
      case 'request':
        return this.attempt(() => this.sendRequest(action));
      case 'process':
        return this.process(action.records, action.restart);
      case 'repeat':
        return this.repeat(action);
      case 'step':
        return this.step(action.chunk);
      case 'project':
        return this.attempt(() => this.project(action));
      case 'late':
        return this.arriveLate();
      case 'check':
        return this.attempt(() => this.wallet.checkBack());
      case 'pass':
        this.trueTime += action.ms;
        return undefined;
      default:
        return action satisfies never;
    }
  }

  /** Brings everything to its end, as the stream's redelivery and the check-back do; sagas that nobody missed are lost. */
  async settle(): Promise<void> {
    this.makePeace();
    while (this.travelling.length > 0) await this.arriveLate();
    for (let round = 0; round < 20; round += 1) {
      this.trueTime += LONGEST_CHECK_MS;
      this.wallet.clock.set(this.trueTime);
      await this.processAll();
      await this.wallet.project();
      if (this.openTransfers().length === 0 && this.openChunks() === 0) return;
      this.chunksSeen = this.wallet.sagas.started.length;
      await this.wallet.checkBack();
      await this.runSagas();
    }
    throw new Error(`still open: ${this.openTransfers()} and ${this.openChunks()} chunks`);
  }

  /** Transfers that ended, as far as their statuses tell, with their ends. */
  ends(): ReadonlyMap<string, string> {
    const ended = [...this.wallet.transfers.records.values()].filter(({ status }) => isTerminal(status));
    return new Map(ended.map(({ id, status, reason }) => [id, `${status} ${reason}`]));
  }

  /** @param share of the time that passed; 1 is now */
  async trialBalance(share = 1) {
    const at = Math.round(this.startedAt + share * (this.trueTime - this.startedAt));
    const trial = await computeTrialBalance(this.wallet, SCOPE, share === 1 ? undefined : at);
    return trial ?? expect.fail('given up');
  }

  /** Every transfer of which some copy is in the stream. */
  sent(): ReadonlySet<string> {
    const texts = this.wallet.commands.records.map(({ data }) => new TextDecoder().decode(data));
    const debits = texts.flatMap((text) => [...text.matchAll(/"type":"DebitAccount".*?"transfer":"(.*?)"/g)]);
    return new Set(debits.map(([, id = '']) => id));
  }

  private openTransfers(): readonly string[] {
    return [...this.wallet.transfers.records.values()].flatMap(({ id, subject, status }) => {
      return subject.type !== 'transfer' || isTerminal(status) ? [] : [id];
    });
  }

  private openChunks(): number {
    return [...this.wallet.openWork.records.values()].filter(({ kind }) => kind === 'chunk').length;
  }

  private fail<Write>(hooks: WriteHooks<Write>, error: () => Error): void {
    const mayFail = (): void => {
      if (this.dice.oneIn(FAULT_ODDS)) throw error();
    };
    hooks.beforeWrite = mayFail;
    hooks.afterWrite = mayFail;
  }

  /** What fails is tried again, or not: that is up to the actions that follow. */
  private async attempt(run: () => Promise<unknown>): Promise<boolean> {
    return run().then(
      () => true,
      () => false,
    );
  }

  private sendTransfer({ from, to, amount, id, recheck }: Extract<Action, { do: 'transfer' }>): Promise<unknown> {
    return this.wallet.send(debit(transferId(id), from, to, amount, { recheck }));
  }

  private sendRequest({ type, account }: Extract<Action, { do: 'request' }>): Promise<unknown> {
    this.requests += 1;
    const id = `request-${this.requests}`;
    switch (type) {
      case 'open':
        return this.wallet.send(openAccount(account, { overdraftLimit: 15n, request: id }));
      case 'freeze':
        return this.wallet.send(request('FreezeAccount', account, id));
      case 'unfreeze':
        return this.wallet.send(request('UnfreezeAccount', account, id));
      case 'close':
        return this.wallet.send(request('CloseAccount', account, id));
      default:
        return type satisfies never;
    }
  }

  /** The stream delivers the next records; the same again, perhaps in a smaller batch, until they are processed. */
  private async process(most: number, restart: boolean): Promise<void> {
    if (restart) this.processors[0] = this.wallet.processor();
    const batch = this.wallet.commands.records.slice(this.checkpoint, this.checkpoint + most);
    if (batch.length === 0) return;
    if (await this.attempt(() => this.wallet.deliver(batch, this.processors[0]))) this.checkpoint += batch.length;
  }

  private async processAll(): Promise<void> {
    const batch = this.wallet.commands.records.slice(this.checkpoint);
    if (batch.length > 0) await this.wallet.deliver(batch, this.processors[0]);
    this.checkpoint += batch.length;
  }

  /** Records that were processed come again, to a processor that may remember old states. */
  private async repeat({ from, records, processor }: Extract<Action, { do: 'repeat' }>): Promise<void> {
    if (this.checkpoint === 0) return;
    const start = from % this.checkpoint;
    const batch = this.wallet.commands.records.slice(start, Math.min(start + records, this.checkpoint));
    await this.attempt(() => this.wallet.deliver(batch, this.processors[processor % this.processors.length]));
  }

  /** While a processor is about to append, another one works on records up to those that are being processed. */
  private async letZombieWork(): Promise<void> {
    if (this.zombies > 0 || !this.dice.oneIn(ZOMBIE_ODDS)) return;
    this.zombies += 1;
    const start = Math.max(0, this.checkpoint - this.dice.below(6));
    const batch = this.wallet.commands.records.slice(start, this.checkpoint + this.dice.below(3));
    if (batch.length > 0) await this.attempt(() => this.wallet.deliver(batch, this.processors[1]));
    this.zombies -= 1;
  }

  /** A saga takes a step from any chunk that there ever was, old ones too; recovery if it is handed on. */
  private async step(choice: number): Promise<void> {
    this.chunks.push(...this.wallet.sagas.started.slice(this.chunksSeen));
    this.chunksSeen = this.wallet.sagas.started.length;
    // Newer chunks are chosen more often, or most transfers would never get on.
    const back = Math.floor(choice % 7 === 0 ? choice / 7 : choice % 3);
    const chunk = this.chunks[this.chunks.length - 1 - (back % Math.max(this.chunks.length, 1))];
    if (chunk === undefined) return;
    await this.attempt(async () => {
      const advanced = await this.wallet.step(chunk, this.dice.oneIn(4) ? 'recovery' : 'saga');
      if (advanced.items.length > 0) this.chunks.push(advanced);
    });
  }

  private async project({ from, commits }: Extract<Action, { do: 'project' }>): Promise<void> {
    const all = this.wallet.log.commits();
    const start = from % Math.max(all.length, 1);
    await this.wallet.project(all.slice(start, start + commits).reverse());
  }

  private async arriveLate(): Promise<void> {
    const late = this.travelling.shift();
    if (late !== undefined) await this.attempt(() => this.wallet.commands.put(late.partitionKey, late.data));
  }

  /** Runs the sagas that were started last until each is done or hands on. */
  private async runSagas(): Promise<void> {
    await this.processAll();
    let open = this.wallet.sagas.started.slice(this.chunksSeen);
    this.chunksSeen = this.wallet.sagas.started.length;
    for (let look = 0; open.length > 0 && look < 30; look += 1) {
      const advanced = await Promise.all(open.map((chunk) => this.wallet.step(chunk)));
      open = advanced.filter(({ next_action }) => next_action === 'wait');
      await this.processAll();
      await this.wallet.project();
      this.trueTime += 1_000;
      this.wallet.clock.set(this.trueTime);
    }
  }
}

describe('whatever goes wrong', () => {
  test(
    'every transfer ends once, and no money is made or lost',
    async () => {
      const runs = fc.tuple(fc.array(actions, { minLength: 20, maxLength: 150, size: 'max' }), fc.integer());
      await fc.assert(
        fc.asyncProperty(runs, async ([list, seed]) => {
          const troubled = new TroubledWallet(seed);
          await troubled.open();
          troubled.makeTrouble();
          let ends = troubled.ends();
          for (const action of list) {
            await troubled.act(action);
            expect(await troubled.trialBalance()).toMatchObject({ balanced: true });
            const endsAfter = troubled.ends();
            for (const [id, end] of ends) expect(endsAfter.get(id)).toBe(end);
            ends = endsAfter;
          }
          await troubled.settle();
          const { log, transfers, quarantine, meter } = troubled.wallet;
          expect(violations(log.commits(), transfers.records.values())).toEqual([]);
          for (const id of troubled.sent())
            expect(isTerminal(transfers.records.get(`${SCOPE}#${id}`)?.status ?? 'claimed')).toBe(true);
          const { currencies } = await troubled.trialBalance();
          expect(currencies).toEqual([
            { currency: 'USD', balances: 0n, inFlight: 0n, sum: 0n, accounts: expect.any(Number) },
          ]);
          for (const share of [0.1, 0.3, 0.5, 0.7, 0.9])
            expect(await troubled.trialBalance(share)).toMatchObject({ balanced: true });
          expect([...quarantine.records.keys()]).toEqual([]);
          expect(meter.sum('OrderBroken')).toBe(0);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
