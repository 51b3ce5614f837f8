/**
 * The clients: they open accounts, fund them, and move money between few hot and many cold ones; they repeat themselves, reuse
 * identities for other contents, pay those who are frozen, closed, missing or held in another currency, and freeze and close
 * accounts in mid-flight. What they ask and what they are told, the auditor hears.
 */
import { type ClaimableCommand, claimIdOf } from '../../core/contracts/claim.ts';
import type { DebitAccount, OpenAccount, RequestCommand } from '../../core/domain/account.ts';
import { type Acceptance, acceptCommands } from '../../core/flows/accept-commands.ts';
import { computeTrialBalance } from '../../core/flows/compute-trial-balance.ts';
import { readAccount } from '../../core/flows/read-account.ts';
import { readTransfer } from '../../core/flows/read-transfer.ts';
import type { Auditor } from './auditor.ts';
import type { Functions } from './functions.ts';
import type { Ground } from './process.ts';

export const SCOPE = 'default';
const CUSTOMERS = 9;
const SETTLEMENTS = { USD: 'settlement:usd', EUR: 'settlement:eur' } as const;
/** Tries of a client whose request failed. */
const CLIENT_TRIES = 4;
/** Transfers of a batch. */
const MOST_IN_BATCH = 12;
const LONGEST_WAIT_MS = 5_000;

type Currency = keyof typeof SETTLEMENTS;

export class Clients {
  private readonly ground: Ground;
  private readonly functions: Functions;
  private readonly auditor: Auditor;
  private readonly customers: readonly string[];
  private readonly asked: ClaimableCommand[] = [];
  private busy = 0;
  private made = 0;

  constructor(ground: Ground, functions: Functions, auditor: Auditor) {
    this.ground = ground;
    this.functions = functions;
    this.auditor = auditor;
    this.customers = Array.from({ length: CUSTOMERS }, (_, i) => `c${i}`);
  }

  get areDone(): boolean {
    return this.busy === 0;
  }

  /** A day of requests, which takes about this long. */
  async work(actions: number, forMs: number): Promise<void> {
    this.busy += 1;
    const { scheduler, random } = this.ground;
    await this.openAll();
    for (let i = 0; i < actions; i += 1) {
      await scheduler.sleep(random.between(0, (2 * forMs) / actions));
      void this.act();
    }
    this.busy -= 1;
  }

  /** A transfer that a client asks for and never hears of, for the world to lose on the way. */
  unheardTransfer(): DebitAccount {
    const transfer = this.transfer();
    this.hear(transfer);
    return transfer;
  }

  private async openAll(): Promise<void> {
    const { random, scheduler } = this.ground;
    await this.ask([this.opening(SETTLEMENTS.USD, 'USD'), this.opening(SETTLEMENTS.EUR, 'EUR')]);
    for (const [i, account] of this.customers.entries()) {
      const opening = this.opening(account, i === CUSTOMERS - 1 ? 'EUR' : 'USD');
      // The last but one opens in the middle of the day, or never.
      if (i === CUSTOMERS - 2) scheduler.after(random.between(10_000, 900_000), () => void this.ask([opening]));
      else await this.ask([opening]);
    }
    const funded = this.customers.filter(() => random.chance(0.8));
    await this.ask(funded.map((account) => this.transfer({ from: this.bankOf(account), to: account, amount: 1_000n })));
  }

  private act(): Promise<void> {
    const { random } = this.ground;
    const action = random.unit();
    if (action < 0.45) return this.ask([this.transfer()]);
    if (action < 0.6) return this.ask(Array.from({ length: random.between(2, MOST_IN_BATCH) }, () => this.transfer()));
    if (action < 0.7) return this.askAgain();
    if (action < 0.75) return this.askOtherwise();
    if (action < 0.82) return this.ask([this.accountRequest()]);
    if (action < 0.85) return this.emptyAndClose();
    if (action < 0.91) return this.lookAtAccount();
    return action < 0.97 ? this.lookAtTransfer() : this.lookAtTrialBalance();
  }

  /** Pays everything out and closes while the money is still on its way. */
  private async emptyAndClose(): Promise<void> {
    const { random, scheduler } = this.ground;
    const from = random.pick(this.customers);
    const amount = this.auditor.balanceOf(from);
    if (amount > 0n) await this.ask([this.transfer({ from, currency: this.currencyOf(from), amount })]);
    await scheduler.sleep(random.between(0, LONGEST_WAIT_MS));
    this.made += 1;
    await this.ask([{ type: 'CloseAccount', scope: SCOPE, recheck: false, request: `r-${this.made}`, account: from }]);
  }

  // ── Asking ──

  private async ask(commands: readonly ClaimableCommand[]): Promise<void> {
    this.busy += 1;
    for (const command of commands) this.hear(command);
    this.asked.push(...commands);
    for (let tries = 0; tries < CLIENT_TRIES; tries += 1) {
      if (await this.tell(commands)) break;
      await this.ground.scheduler.sleep(this.ground.random.between(100, 20_000));
    }
    this.busy -= 1;
  }

  private hear(command: ClaimableCommand): void {
    if (command.type === 'DebitAccount') this.auditor.askedTransfer(command.transfer, command);
    else this.auditor.askedRequest(command.request, command);
  }

  /** One request to the entrance; false if there was no answer. */
  private async tell(commands: readonly ClaimableCommand[]): Promise<boolean> {
    const waitMs = this.ground.random.between(0, LONGEST_WAIT_MS);
    const answer = await this.functions.invoke('intake', commands.map(identityOf), (ports) =>
      acceptCommands(ports, commands, ports.clock.now() + waitMs),
    );
    if (answer.kind !== 'done') return false;
    for (const [i, acceptance] of answer.value.entries()) this.hearAnswer(commands[i], acceptance);
    return true;
  }

  private hearAnswer(command: ClaimableCommand | undefined, acceptance: Acceptance): void {
    if (command === undefined || acceptance.kind === 'conflict') return;
    this.auditor.acknowledged(identityOf(command));
    if (acceptance.kind === 'recorded') this.auditor.told(identityOf(command), acceptance.record);
  }

  private async askAgain(): Promise<void> {
    if (this.asked.length > 0) await this.ask([this.ground.random.pick(this.asked)]);
  }

  /** The same identity with another content, long after the first or at the same time. */
  private async askOtherwise(): Promise<void> {
    if (this.ground.random.chance(0.5)) {
      const first = this.transfer();
      await Promise.all([this.ask([first]), this.ask([this.transfer({ transfer: first.transfer })])]);
      return;
    }
    const transfers = this.asked.filter((command) => command.type === 'DebitAccount');
    if (transfers.length === 0) return;
    const { transfer } = this.ground.random.pick(transfers);
    await this.ask([this.transfer({ transfer })]);
  }

  // ── Looking ──

  private async lookAtAccount(): Promise<void> {
    const account = this.ground.random.pick(this.customers);
    const before = this.auditor.versionOf(account);
    const read = await this.functions.invoke('query', [account], (ports) =>
      readAccount(ports, { scope: SCOPE, account }),
    );
    if (read.kind !== 'done' || read.value === undefined) return;
    const { version, state } = read.value;
    this.auditor.readBalance(account, before, version, state.balance, state.status);
  }

  private async lookAtTransfer(): Promise<void> {
    const [known] = this.ground.random.shuffled(this.asked).filter((command) => command.type === 'DebitAccount');
    if (known === undefined) return;
    const { transfer } = known;
    const read = await this.functions.invoke('query', [transfer], (ports) =>
      readTransfer(ports.transfers, SCOPE, transfer),
    );
    if (read.kind === 'done' && read.value !== undefined) this.auditor.told(transfer, read.value);
  }

  /** Also at the end of the day. In the midst of it the answer counts only while times are as right as they must be. */
  async lookAtTrialBalance(): Promise<void> {
    const read = await this.functions.invoke('query', [], (ports) => computeTrialBalance(ports, SCOPE));
    const { faults } = this.ground;
    const timesAreRight = !faults.wildClocks && !faults.counts.has('arrival_jump') && !faults.counts.has('late_put');
    const counts = !faults.on || timesAreRight;
    if (counts && read.kind === 'done' && read.value !== undefined) this.auditor.readTrialBalance(read.value);
  }

  // ── What is asked ──

  private transfer(given: Partial<DebitAccount> = {}): DebitAccount {
    const { random } = this.ground;
    this.made += 1;
    const transfer = `00000000-0000-4000-8000-${String(this.made).padStart(12, '0')}`;
    const from = this.party();
    const to = random.chance(0.03) ? from : this.party();
    const currency =
      given.from === undefined || random.chance(0.03)
        ? random.pickSkewed(['USD', 'USD', 'EUR'])
        : this.currencyOf(given.to);
    const amount = BigInt(random.pick([random.between(1, 50), random.between(1, 50), random.between(1, 1_500)]));
    return { type: 'DebitAccount', scope: SCOPE, recheck: false, transfer, from, to, amount, currency, ...given };
  }

  /** Mostly one of the first customers, now and then somebody who does not exist, or the bank. */
  private party(): string {
    const { random } = this.ground;
    if (random.chance(0.03)) return `nobody-${random.between(0, 2)}`;
    return random.chance(0.1) ? SETTLEMENTS.USD : random.pickSkewed(this.customers);
  }

  private accountRequest(): RequestCommand {
    const { random } = this.ground;
    const account = random.pick(this.customers);
    const type = random.pick([
      'FreezeAccount',
      'UnfreezeAccount',
      'UnfreezeAccount',
      'CloseAccount',
      'OpenAccount',
    ] as const);
    if (type === 'OpenAccount') return this.opening(account, this.currencyOf(account));
    this.made += 1;
    return { type, scope: SCOPE, recheck: false, request: `r-${this.made}`, account };
  }

  private opening(account: string, currency: Currency): OpenAccount {
    this.made += 1;
    const kind = account.startsWith('settlement:') ? 'settlement' : 'customer';
    const overdraftLimit = account === 'c1' ? 200n : 0n;
    const properties = { kind, currency, owner: 'owner', overdraftLimit } as const;
    return { type: 'OpenAccount', scope: SCOPE, recheck: false, request: `r-${this.made}`, account, ...properties };
  }

  private currencyOf(account: string | undefined): Currency {
    return account === `c${CUSTOMERS - 1}` ? 'EUR' : 'USD';
  }

  private bankOf(account: string): string {
    return SETTLEMENTS[this.currencyOf(account)];
  }
}

/** The identity as events and requests name it, without its scope. */
function identityOf(command: ClaimableCommand): string {
  const id = claimIdOf(command);
  return id.slice(id.lastIndexOf('#') + 1);
}
