/**
 * A simulated day of the embedded wallet, from a seed: turns of random commands, settled at once where they can be; the process
 * dies during turns, and goes on with what is on disk then. The simulation's auditor replays every commit and knows what was told.
 *
 * On a day of two ways nobody dies: a second wallet gets the same commands, one by one and all of them through the stages of the
 * cloud, and has to end every transfer, and leave every account, in the same way.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedWallet } from '../../../adapters/embedded/embedded-wallet.ts';
import { CountingMeter } from '../../../adapters/memory/counting-meter.ts';
import { ManualClock } from '../../../adapters/memory/manual-clock.ts';
import { SilentJournal } from '../../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../../adapters/node/sha256.ts';
import { claimIdOf, isClaimable } from '../../../core/contracts/claim.ts';
import type { StoredCommit } from '../../../core/contracts/stored-commit.ts';
import type { AccountCommand } from '../../../core/domain/account.ts';
import { SCOPE } from '../../memory-wallet.ts';
import { eventsOf, textIn } from '../../simulation/audited-account.ts';
import { Auditor, type Violation } from '../../simulation/auditor.ts';
import { Random } from '../../simulation/random.ts';
import { BANK, Clients, CUSTOMERS, opening } from './commands.ts';
import { copyFolder, type Death, die } from './crash.ts';

/** Few enough that a day writes several runs and snapshots. */
const RUN_TRANSFERS = 24;
const HOUR_MS = 3_600_000;
/** The stages are taken by a turn that begins with a request; this one is refused, for nobody ever opens the account. */
const STAGES = 'stages';

export interface EmbeddedDayResult {
  readonly seed: number;
  readonly transfers: number;
  readonly commits: number;
  readonly deaths: Readonly<Record<Death, number>>;
  readonly violations: readonly Violation[];
}

export class EmbeddedDay {
  readonly auditor = new Auditor();
  readonly deaths = { before: 0, torn: 0, untold: 0, told: 0 };
  private readonly seed: number;
  private readonly random: Random;
  private readonly clients: Clients;
  private readonly clock = new ManualClock();
  private readonly folder: string;
  private generation = 0;
  private wallet: EmbeddedWallet;
  private readonly twin: EmbeddedWallet | undefined;
  /** Hashes of the commits that the auditor has seen, by account and version. */
  private readonly seen = new Map<string, string>();

  constructor(seed: number) {
    this.seed = seed;
    this.random = new Random(seed);
    this.clients = new Clients(this.random);
    this.folder = mkdtempSync(path.join(tmpdir(), 'wallet-day-'));
    this.wallet = this.open(this.place);
    this.twin = seed % 3 === 0 ? this.open(path.join(this.folder, 'twin')) : undefined;
  }

  async live(): Promise<EmbeddedDayResult> {
    try {
      const openings = [BANK, ...CUSTOMERS.slice(0, 5)].map((account) => opening(account, this.random));
      await this.twin?.commands.send(openings);
      await this.turn(openings);
      for (let turns = this.random.between(8, 16); turns > 0; turns -= 1) await this.step();
      await this.end();
    } catch (error) {
      this.auditor.report(`fails: ${error instanceof Error ? error.message : String(error)}`, []);
    } finally {
      await this.wallet.close().catch(() => {});
      await this.twin?.close().catch(() => {});
      rmSync(this.folder, { recursive: true, force: true });
    }
    const { seed, deaths, auditor } = this;
    const { violations, transfers } = auditor;
    return { seed, transfers: transfers.size, commits: this.seen.size, deaths, violations };
  }

  // ── What happens ──

  private async step(): Promise<void> {
    const { random } = this;
    if (random.chance(0.3)) this.clock.advance(random.between(1, 9 * HOUR_MS));
    const commands = Array.from({ length: random.between(1, 25) }, () => this.clients.transfer());
    if (this.twin !== undefined) return this.bothWays(commands);
    const mixed = commands.map((command) => (random.chance(0.08) ? this.clients.extraordinary() : command));
    if (random.chance(0.35)) return this.dyingTurn(mixed);
    if (random.chance(0.15)) await this.restart();
    return this.turn(mixed);
  }

  private async turn(commands: readonly AccountCommand[]): Promise<void> {
    for (const command of commands) this.ask(command);
    await this.send(commands);
    this.see(commands);
    await this.tell(commands);
  }

  /** What is asked for again by clients who were not told anything is settled then, if it was lost. */
  private async dyingTurn(commands: readonly AccountCommand[]): Promise<void> {
    const death = this.random.pick(['before', 'torn', 'torn', 'untold', 'told'] as const);
    this.deaths[death] += 1;
    const before = path.join(this.folder, 'before');
    copyFolder(this.place, before);
    for (const command of commands) this.ask(command);
    await this.send(commands);
    this.generation += 1;
    copyFolder(this.before, this.place);
    await this.wallet.close();
    die(death, before, this.place, this.random);
    this.wallet = this.open(this.place);
    this.see(commands);
    if (death === 'told') return this.tell(commands);
    if (this.random.chance(0.7)) await this.turn(commands);
  }

  private async restart(): Promise<void> {
    await this.wallet.close();
    this.wallet = this.open(this.place);
  }

  /** An extraordinary command comes last: behind it, all debits of the turn would come before all credits. */
  private async bothWays(commands: readonly AccountCommand[]): Promise<void> {
    const last = this.random.chance(0.5) ? [this.clients.extraordinary()] : [];
    const all = [...commands, ...last];
    for (const [n, command] of all.entries()) {
      const request = `${STAGES}-${this.seen.size}-${n}`;
      const first = { type: 'FreezeAccount', scope: SCOPE, request, account: STAGES, recheck: false } as const;
      await this.twin?.commands.send([first, command]);
    }
    await this.turn(all);
    this.compareWays();
  }

  private async end(): Promise<void> {
    await this.restart();
    this.see([]);
    if (this.twin !== undefined) this.compareWays();
    const rows = await Array.fromAsync(this.wallet.views.accounts(SCOPE));
    this.auditor.finish([...this.wallet.store.transfers()], rows);
  }

  /** Some in one call, some in several that wait for each other in the same turn. */
  private async send(commands: readonly AccountCommand[]): Promise<void> {
    const calls = this.twin === undefined ? this.random.between(1, 3) : 1;
    const size = Math.ceil(commands.length / calls);
    const parts = Array.from({ length: calls }, (_, n) => commands.slice(n * size, (n + 1) * size));
    await Promise.all(parts.map((part) => this.wallet.commands.send(part)));
  }

  // ── What the auditor knows ──

  private ask(command: AccountCommand): void {
    if (command.type === 'DebitAccount') {
      const { transfer, actor, asOwner } = command;
      const customer = asOwner === true && actor !== undefined ? { customer: actor } : {};
      this.auditor.askedTransfer(transfer, { ...command, ...customer });
    } else if ('request' in command) this.auditor.askedRequest(command.request, command);
  }

  /** Who sent was told that it is done, and asks how it ended. */
  private async tell(commands: readonly AccountCommand[]): Promise<void> {
    const ids = commands.filter(isClaimable).map(claimIdOf);
    const records = await this.wallet.transfers.get(ids, { consistent: true });
    for (const id of ids) {
      const identity = id.slice(id.lastIndexOf('#') + 1);
      this.auditor.acknowledged(identity);
      const record = records.get(id);
      if (record === undefined) this.auditor.report(`${identity} was acknowledged and is not known`, [identity]);
      else this.auditor.told(identity, record);
    }
  }

  /** The auditor sees what is new in the ledger; what it saw before has to be there still. */
  private see(commands: readonly AccountCommand[]): void {
    const commits = [...this.wallet.store.commits()];
    const here = new Map(commits.map((commit) => [keyOf(commit), commit.hash]));
    for (const [key, hash] of this.seen)
      if (here.get(key) !== hash) this.auditor.report(`${key} was acknowledged and is another, or gone`, [key]);
    const fresh = commits.filter((commit) => !this.seen.has(keyOf(commit)));
    for (const commit of fresh) this.seen.set(keyOf(commit), commit.hash);
    this.auditor.commits(fresh);
    this.checkOrder(commands, fresh);
  }

  /** An account's commands of one turn are decided in the order in which they were sent; rechecks may be later. */
  private checkOrder(commands: readonly AccountCommand[], fresh: readonly StoredCommit[]): void {
    const order = new Map<string, number>();
    for (const [n, command] of commands.entries()) {
      if (!isClaimable(command)) continue;
      const id = command.type === 'DebitAccount' ? command.transfer : command.request;
      order.set(id, command.recheck ? Number.NaN : (order.get(id) ?? n));
    }
    for (const commitsOfOne of Map.groupBy(fresh, ({ account }) => account).values()) {
      const legs = commitsOfOne.flatMap(eventsOf).filter((event) => !/^(Credit|Refund)/.test(textIn(event, 'type')));
      const places = legs.map(
        (event) => order.get(textIn(event, 'transfer') || textIn(event, 'request')) ?? Number.NaN,
      );
      const known = places.filter((place) => !Number.isNaN(place));
      const isOvertaken = known.some((place, i) => place < (known[i - 1] ?? 0));
      if (isOvertaken) this.auditor.report(`${commitsOfOne[0]?.account} takes commands out of order: ${known}`, []);
    }
  }

  private compareWays(): void {
    const [atOnce, inStages] = [outcomesOf(this.wallet), outcomesOf(this.twin)];
    for (const [key, outcome] of inStages)
      if (atOnce.get(key) !== outcome)
        this.auditor.report(`${key} is ${atOnce.get(key)} at once, in stages ${outcome}`, [key]);
    if (atOnce.size !== inStages.size) this.auditor.report(`${atOnce.size} at once, in stages ${inStages.size}`, []);
  }

  private get place(): string {
    return path.join(this.folder, String(this.generation));
  }

  private get before(): string {
    return path.join(this.folder, String(this.generation - 1));
  }

  private open(folder: string): EmbeddedWallet {
    mkdirSync(folder, { recursive: true });
    const tools = { digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
    return new EmbeddedWallet({ folder, clock: this.clock, ...tools, snapshotEvery: RUN_TRANSFERS });
  }
}

function keyOf({ account, version }: StoredCommit): string {
  return `${account}@${version}`;
}

/** How every transfer and request ended, and how every account stands; not in how many commits. */
function outcomesOf(wallet: EmbeddedWallet | undefined): ReadonlyMap<string, string> {
  const outcomes = new Map<string, string>();
  for (const { id, status, reason, payerBalance, by } of wallet?.store.transfers() ?? [])
    if (!id.includes(`#${STAGES}-`)) outcomes.set(id, [status, reason, payerBalance, by].join(' '));
  for (const account of wallet?.store.accountKeys() ?? []) {
    const state = wallet?.store.newestCommit(account)?.commit.state ?? '';
    if (!account.endsWith(`#${STAGES}`)) outcomes.set(account, state.replace(/"closingVersion":[0-9]+/, ''));
  }
  return outcomes;
}
