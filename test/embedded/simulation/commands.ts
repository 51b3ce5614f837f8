/** What the clients of a simulated day ask of the embedded wallet: mostly new transfers, and everything that is not simply new. */
import type { AccountCommand, ChangeLimits, DebitAccount, OpenAccount } from '../../../core/domain/account.ts';
import { debit, openAccount, SCOPE, transferId } from '../../memory-wallet.ts';
import type { Random } from '../../simulation/random.ts';

export const BANK = 'settlement:usd';
export const CUSTOMERS: readonly string[] = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
const OWNERS: readonly string[] = ['ada', '"bo" \\', 'Änne'];

export function ownerOf(account: string): string {
  return OWNERS[Number(account.slice(1)) % OWNERS.length] ?? 'the bank';
}

export function opening(account: string, random: Random): OpenAccount {
  const currency = account === 'c5' ? 'EUR' : 'USD';
  const overdraftLimit = account === 'c1' ? 50n : 0n;
  const limits = account === 'c2' ? { transferLimit: 40n, dailyLimit: 120n } : {};
  const request = `open-${account}-${random.between(0, 1)}`;
  return { ...openAccount(account), request, currency, overdraftLimit, owner: ownerOf(account), ...limits };
}

/** Makes commands; remembers what it made, so that copies and conflicts can be made of it. */
export class Clients {
  readonly debits: DebitAccount[] = [];
  private readonly random: Random;
  private requests = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** A new transfer, or one that is known, with the same or with other content. */
  transfer(): DebitAccount {
    const { random, debits } = this;
    if (debits.length > 0 && random.chance(0.15)) {
      const known = random.pick(debits);
      return random.chance(0.5) ? known : { ...known, amount: known.amount + 1n };
    }
    const made = this.newTransfer();
    debits.push(made);
    return made;
  }

  /** What ends the settling at once of a turn: a request of a holder, or a recheck. */
  extraordinary(): AccountCommand {
    const { random, debits } = this;
    if (debits.length > 0 && random.chance(0.3)) return { ...random.pick(debits), recheck: true };
    const account = random.pick(CUSTOMERS);
    if (random.chance(0.25)) return opening(account, random);
    if (random.chance(0.35)) return this.limits(account);
    const type = random.pick(['FreezeAccount', 'UnfreezeAccount', 'UnfreezeAccount', 'CloseAccount'] as const);
    return { type, scope: SCOPE, request: this.request(), account, recheck: false };
  }

  private newTransfer(): DebitAccount {
    const { random } = this;
    const from = random.chance(0.35) ? BANK : random.pickSkewed([...CUSTOMERS, BANK, 'nobody']);
    const to = random.pickSkewed([...CUSTOMERS, BANK, 'nobody'].filter((account) => account !== from));
    const made = debit(transferId(this.debits.length + 1), from, to, BigInt(random.between(1, 60)));
    if (random.chance(0.3)) return { ...made, actor: 'a "teller" \\' };
    const customer = random.chance(0.8) ? ownerOf(from) : random.pick(OWNERS);
    return random.chance(0.3) && from !== BANK ? { ...made, actor: customer, asOwner: true } : made;
  }

  private limits(account: string): ChangeLimits {
    const { random } = this;
    const limit = (): bigint | null => (random.chance(0.3) ? null : BigInt(random.between(5, 200)));
    const currency = random.chance(0.9) ? 'USD' : 'EUR';
    return {
      type: 'ChangeLimits',
      scope: SCOPE,
      request: this.request(),
      account,
      recheck: false,
      currency,
      ...(random.chance(0.3) ? { overdraftLimit: BigInt(random.between(0, 100)) } : {}),
      ...(random.chance(0.5) ? { transferLimit: limit() } : {}),
      ...(random.chance(0.5) ? { dailyLimit: limit() } : {}),
    };
  }

  private request(): string {
    this.requests += 1;
    return `r-${this.requests}`;
  }
}
