/**
 * A simulated day. Everything in it follows from its seed: the wallet's real flows work over simulated parts, clients ask, faults
 * strike; then the faults end, and without any client's help the world must come to rest, with everything as the auditor expects.
 *
 *   faults and clients ──> no more faults, an account still damaged ──> mended ──> at rest ──> the auditor's last check
 */

import { sha256 } from '../../adapters/node/sha256.ts';
import { packRecords } from '../../core/contracts/record-packing.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { checkBack } from '../../core/flows/check-back.ts';
import { Auditor, type Violation } from './auditor.ts';
import { Clients } from './clients.ts';
import { Executions } from './executions.ts';
import { Faults } from './faults.ts';
import { FUNCTION_TIMEOUT_MS, type FunctionName, Functions } from './functions.ts';
import { LANES, SimulatedCommands, SimulatedSagas } from './gateways.ts';
import { History } from './history.ts';
import { Operators, POISON } from './operators.ts';
import { Pollers } from './pollers.ts';
import type { Ground } from './process.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { Stores } from './stores.ts';
import { SimulatedStream } from './stream.ts';
import { TableStream } from './table-stream.ts';

const MINUTE_MS = 60_000;
/** How long faults strike. */
const FAULTS_MS = [3 * MINUTE_MS, 8 * MINUTE_MS] as const;
/** Requests of a day. */
const ACTIONS = [25, 70] as const;
/** Time after the last fault in which everything that has nothing to do with a damaged account must end. */
const END_BESIDE_DAMAGE_MS = 40 * MINUTE_MS;
/** Time after which everything must have ended: the check-back comes at least once an hour, a recovery every ten minutes. */
const END_MS = 150 * MINUTE_MS;
/** Copies that were sent before the last fault may arrive for so long. */
const LATE_COPIES_MS = 7 * MINUTE_MS;
/** Operators look at what was set aside that often. */
const OPERATORS_MS = 5 * MINUTE_MS;
const MOST_SHARDS = 14;
const LONGEST_CALM_MS = 40_000;
/** Steps after which a day is given up: the longest of many thousand days needed a tenth of them. */
const MOST_STEPS = 400_000;

/** What a day was like. */
export interface Day {
  readonly seed: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly transfers: number;
  /** Transfers that a fault struck on their way. */
  readonly hit: number;
  readonly commits: number;
  readonly reshardings: number;
  readonly faults: Readonly<Record<string, number>>;
  /** The first things that were wrong; empty on a good day. */
  readonly violations: readonly Violation[];
}

export class World {
  readonly ground: Ground;
  readonly auditor = new Auditor();
  readonly stores = new Stores();
  private readonly seed: number;
  private readonly stream: SimulatedStream;
  private readonly functions: Functions;
  private readonly executions: Executions;
  private readonly operators: Operators;
  private readonly table: TableStream;
  private readonly clients: Clients;
  private over = false;
  /** From this moment on nothing of the faults goes on in any process. */
  private faultlessFrom = Number.POSITIVE_INFINITY;

  /** @param keepsHistory true to keep what happened, for a report */
  constructor(seed: number, keepsHistory = false) {
    const random = new Random(seed);
    const ground = {
      random,
      scheduler: new Scheduler(random),
      faults: new Faults(random),
      history: new History(keepsHistory),
    };
    this.seed = seed;
    this.ground = ground;
    this.stream = new SimulatedStream(ground);
    this.executions = new Executions(ground, () => this.functions);
    this.functions = new Functions(ground, this.stores, {
      commandsFor: (process) => new SimulatedCommands(ground, process, this.stream),
      sagasFor: (process) => new SimulatedSagas(ground, process, this.executions),
    });
    const { stores, stream, executions, functions, auditor } = this;
    const onCancel = (transfer: string): void => auditor.askedToCancel(transfer);
    this.operators = new Operators(ground, { stores, stream, executions, functions, onCancel });
    this.table = new TableStream(ground, functions, this.operators);
    this.clients = new Clients(ground, functions, auditor);
    const pollers = new Pollers(ground, stream, functions, this.operators);
    stream.onShard = (shard) => void pollers.read(shard);
    stores.onCommit = (commit) => this.seeCommit(commit);
    functions.onFailure = (name, error) => this.seeFailure(name, error);
  }

  /** Lives the day to its end, or to the first violation. */
  async live(): Promise<Day> {
    const { scheduler, random } = this.ground;
    this.stream.begin();
    this.table.begin();
    void this.operators.workAtAnyTime();
    void this.checkBackEveryMinute();
    void this.bringTrouble();
    const faultsMs = random.between(...FAULTS_MS);
    void this.clients.work(random.between(...ACTIONS), faultsMs * 0.9);
    void this.passDay(faultsMs);
    await scheduler.runUntil(() => this.over || this.auditor.violations.length > 0 || scheduler.steps > MOST_STEPS);
    if (scheduler.steps > MOST_STEPS) this.auditor.report('the day does not end', []);
    return this.day();
  }

  private async passDay(faultsMs: number): Promise<void> {
    const { scheduler, faults } = this.ground;
    await scheduler.sleep(faultsMs);
    faults.on = false;
    this.faultlessFrom = scheduler.now + FUNCTION_TIMEOUT_MS;
    void this.operateUntilOver();
    await scheduler.sleep(this.stores.damaged.size > 0 ? END_BESIDE_DAMAGE_MS : LATE_COPIES_MS);
    this.checkBesideDamage();
    this.stores.damaged.clear();
    const end = scheduler.now + END_MS;
    while (!this.isAtRest() && scheduler.now < end) await scheduler.sleep(MINUTE_MS);
    if (!this.isAtRest())
      this.auditor.report(`the world is not at rest: ${this.whatGoesOn()}`, this.auditor.unfinished(new Set()));
    await this.clients.lookAtTrialBalance();
    this.auditor.finish(
      this.stores.transfers.records.values(),
      await Array.fromAsync(this.stores.views.accounts('default')),
    );
    this.over = true;
  }

  private checkBesideDamage(): void {
    const { damaged } = this.stores;
    if (damaged.size === 0) return;
    const stuck = this.auditor.unfinished(new Set(damaged.keys()));
    const names = [...damaged.keys()].join(', ');
    if (stuck.length > 0)
      this.auditor.report(`${stuck.length} transfers wait for ${names}, which they do not touch`, stuck);
  }

  private async operateUntilOver(): Promise<void> {
    while (!this.over) {
      await this.operators.redriveAll();
      await this.ground.scheduler.sleep(OPERATORS_MS);
    }
  }

  private async checkBackEveryMinute(): Promise<void> {
    while (!this.over) {
      await this.ground.scheduler.sleep(MINUTE_MS);
      void this.functions.invoke('check-back', [], (ports) => checkBack(ports));
    }
  }

  private async bringTrouble(): Promise<void> {
    const { scheduler, random, faults } = this.ground;
    while (faults.on) {
      await scheduler.sleep(random.between(1_000, LONGEST_CALM_MS));
      const hasRoom = this.stream.shards.length < MOST_SHARDS;
      if (hasRoom && faults.strikes('split')) this.stream.split();
      if (hasRoom && faults.strikes('merged')) this.stream.merge();
      if (hasRoom && random.chance(0.2) && faults.strikes('stream_replaced')) this.stream.replaceStream();
      if (faults.strikes('poison')) this.poison();
      if (this.stores.damaged.size === 0 && random.chance(0.1) && faults.strikes('damaged')) this.damage();
    }
  }

  /** Bytes that are no record, a command that is none beside one that is, or a command in a foreign lane. */
  private poison(): void {
    const { random } = this.ground;
    const [record] = packRecords([this.clients.unheardTransfer()], { lanes: LANES, digest: sha256 });
    if (record === undefined) return;
    const sound = new TextDecoder().decode(record.data);
    const mixed = sound.replace('"commands":[', `"commands":[{"type":"${POISON}"},`);
    const text = random.pick([POISON, mixed, sound]);
    const lane = text === sound ? String((Number(record.partitionKey) + 1) % LANES) : record.partitionKey;
    this.stream.put(lane, new TextEncoder().encode(text));
  }

  private damage(): void {
    const { random } = this.ground;
    const accounts = new Set(this.stores.log.commits().map(({ account }) => account));
    // Often one whose refusal a saga is about to read: that is when damage can hold up others.
    const refused = [...this.stores.transfers.records.values()].filter(({ status }) => status === 'refused');
    const payees = refused.flatMap(({ ledgerRef }) => ledgerRef?.account ?? []);
    const candidates = payees.length > 0 && random.chance(0.8) ? payees : [...accounts];
    if (candidates.length === 0) return;
    this.stores.damaged.set(random.pick(candidates), random.pick(['rejects', 'garbled']));
  }

  private seeCommit(commit: StoredCommit): void {
    this.auditor.commit(commit);
    this.table.add(commit);
  }

  /** Without faults, without anything damaged and without zombies nothing has a reason to fail, but for operators who race. */
  private seeFailure(name: FunctionName, error: unknown): void {
    const { scheduler, faults } = this.ground;
    const isExcused = faults.on || this.stores.damaged.size > 0 || scheduler.now < this.faultlessFrom;
    if (!isExcused && name !== 'operator') this.auditor.report(`${name} fails without a fault: ${String(error)}`, []);
  }

  private isAtRest(): boolean {
    return this.whatGoesOn() === '';
  }

  /** Everything that is still under way, in words. */
  private whatGoesOn(): string {
    const unread = this.stream.shards.filter(({ records, read }) => read < records.length);
    const work = [...this.stores.openWork.records.values()];
    const closings = work.filter((record) => record.kind === 'closing' && this.auditor.mayClose(record.account));
    const counts: Readonly<Record<string, number>> = {
      'clients wait': this.clients.areDone ? 0 : 1,
      'shards with unread records': unread.length,
      executions: this.executions.running,
      'commits to project': this.table.open,
      'things set aside': this.operators.open,
      'open chunks': work.filter(({ kind }) => kind === 'chunk').length,
      'open closings': closings.length,
      'transfers without an end': this.auditor.unfinished(new Set()).length,
    };
    return Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ');
  }

  private day(): Day {
    const { scheduler, faults } = this.ground;
    const transfers = [...this.auditor.transfers.keys()];
    return {
      seed: this.seed,
      steps: scheduler.steps,
      simulatedMs: scheduler.now,
      transfers: transfers.length,
      hit: transfers.filter((id) => faults.hit.has(id)).length,
      commits: this.stores.log.commits().length,
      reshardings: this.stream.reshardings,
      faults: Object.fromEntries(faults.counts),
      violations: this.auditor.violations,
    };
  }
}
