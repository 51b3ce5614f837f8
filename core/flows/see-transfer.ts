/**
 * What of a transfer may be shown to whom. Operators see all of it, and so does who asked for it or owns the payer's account; who
 * owns the payee's account sees it without the payer's balance; for everybody else it does not exist.
 */
import { type Caller, isOperator } from '../contracts/caller.ts';
import type { TransferOnRecord } from '../contracts/http-answers.ts';
import { decodeState } from '../contracts/stored-commit.ts';
import type { AccountRef } from '../domain/account.ts';
import { accountKey } from '../domain/lane.ts';
import type { EventLog } from '../ports.ts';

/** Owners kept in memory; about 100 bytes each. */
const MOST_OWNERS = 20_000;

/** Whose an account is: the operators' (a settlement account), nobody's (never opened), or a customer's. */
export type Holder =
  | { readonly kind: 'operators' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'customer'; readonly owner: string };

const nobody: Holder = { kind: 'nobody' };
const operators: Holder = { kind: 'operators' };

/** Whose accounts are. An owner never changes once an account is open, so it is read once: the newest commit, one read unit. */
export class AccountHolders {
  private readonly log: Pick<EventLog, 'newest'>;
  private readonly most: number;
  private readonly known = new Map<string, Holder>();

  constructor(log: Pick<EventLog, 'newest'>, most = MOST_OWNERS) {
    this.log = log;
    this.most = most;
  }

  async holderOf(ref: AccountRef): Promise<Holder> {
    const key = accountKey(ref);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const commit = await this.log.newest(key);
    const state = commit === undefined ? undefined : decodeState(commit.state);
    if (state === undefined || state.status === 'unopened') return nobody;
    const holder: Holder = state.kind === 'settlement' ? operators : { kind: 'customer', owner: state.owner };
    this.keep(key, holder);
    return holder;
  }

  async isOwner({ scope, subject }: Caller, account: string): Promise<boolean> {
    const holder = await this.holderOf({ scope, account });
    return holder.kind === 'customer' && holder.owner === subject;
  }

  private keep(key: string, holder: Holder): void {
    this.known.set(key, holder);
    if (this.known.size <= this.most) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }
}

export type TransferView = 'whole' | 'payee' | 'none';

/** What a caller may see of a transfer of the caller's tenant. Who asked for it is told by its record, without another read. */
export async function viewOfTransfer(
  holders: AccountHolders,
  caller: Caller,
  { by, subject }: Pick<TransferOnRecord, 'by' | 'subject'>,
): Promise<TransferView> {
  if (isOperator(caller) || by === caller.subject) return 'whole';
  const [isPayer, isPayee] = await Promise.all([
    holders.isOwner(caller, subject.from),
    holders.isOwner(caller, subject.to),
  ]);
  if (isPayer) return 'whole';
  return isPayee ? 'payee' : 'none';
}
