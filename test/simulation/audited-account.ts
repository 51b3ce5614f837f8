/**
 * One account, as an auditor replays it from its stored commits: an independent reading of the rules in docs/PROTOCOL.md, which
 * shares no code with the wallet. It hashes, folds and decides for itself, and says where the stored log differs.
 */
import { createHash } from 'node:crypto';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';

/** An event as it is stored, not interpreted yet. */
export type RawEvent = Readonly<Record<string, unknown>>;

/** What the holder of an account asked for, by the request's identity. */
export interface Asked {
  readonly type: string;
  readonly account: string;
  readonly kind?: string;
  readonly currency?: string;
  readonly owner?: string;
  readonly overdraftLimit?: bigint;
  /** Of a change of limits: minor units, null removes one. */
  readonly transferLimit?: bigint | null;
  readonly dailyLimit?: bigint | null;
}

interface Verdict {
  readonly type: string;
  readonly reason?: string;
}

export class AuditedAccount {
  version = 0;
  at = 0;
  balance = 0n;
  status = 'unopened';
  kind = 'customer';
  currency = '';
  owner = '';
  limit = 0n;
  transferLimit: bigint | undefined;
  dailyLimit: bigint | undefined;
  /** Its overdraft limit was made smaller, so it may stand below it without having gone there. */
  wasLowered = false;
  /** What the transfers of the newest day took, while there is a limit of a day. */
  private spent: { readonly day: number; readonly amount: bigint } | undefined;
  openedAt = 0;
  /** Balance after each version. */
  readonly balances = new Map<number, bigint>();
  readonly key: string;
  private closingVersion = 0;
  private hash = '';
  private high = 0;
  private position: readonly [number, bigint, number] = [0, -1n, -1];
  private readonly legs = new Set<string>();

  constructor(key: string) {
    this.key = key;
  }

  /** What may be debited; settlement accounts have no limit. */
  get overdrawn(): boolean {
    return this.kind !== 'settlement' && this.balance + this.limit < 0n;
  }

  /**
   * Replays a commit; gives back what is wrong with it.
   *
   * @param asked what is known of a request
   */
  replay(commit: StoredCommit, asked: (request: string) => Asked | undefined): readonly string[] {
    const faults = this.chainFaults(commit);
    const events = eventsOf(commit);
    for (const event of events) faults.push(...this.replayEvent(event, commit, asked));
    if (events.length === 0) faults.push('it holds no event');
    const state = this.stateText();
    if (!sameMembers(commit.state, state)) faults.push(`it stores the state ${commit.state}, expected ${state}`);
    this.balances.set(commit.version, this.balance);
    return faults.map((fault) => `${this.key}@${commit.version}: ${fault}`);
  }

  private chainFaults(commit: StoredCommit): string[] {
    const { v, account, version, at, highArrival, prevHash, state, events } = commit;
    const { epoch = 0, sequence = -1n, index = -1 } = commit.position ?? {};
    const text = commit.position === undefined ? '' : `${epoch}/${sequence}/${index}`;
    const head = JSON.stringify(['wallet.commit', v, account, version, at, text, highArrival, prevHash, state.length]);
    const hash = createHash('sha256').update(head).update(state).update(events).digest('hex');
    const rules: readonly [boolean, string][] = [
      [version === this.version + 1, `it follows version ${this.version}`],
      [prevHash === this.hash, 'it is not chained to the commit before'],
      [commit.hash === hash, 'its hash is wrong'],
      [at >= this.at, 'its time goes back'],
      [highArrival >= this.high, 'its highest arrival goes back'],
      [comparePlaces([epoch, sequence, index], this.position) >= 0, 'its position goes back'],
    ];
    this.version = version;
    this.hash = commit.hash;
    this.at = at;
    this.high = highArrival;
    this.position = [epoch, sequence, index];
    return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]));
  }

  private replayEvent(
    event: RawEvent,
    { version, at, highArrival }: StoredCommit,
    asked: (request: string) => Asked | undefined,
  ): readonly string[] {
    const faults: string[] = [];
    const leg = legOf(event);
    if (this.legs.has(leg)) faults.push(`${leg} happens a second time`);
    this.legs.add(leg);
    if (numberIn(event, 'arrival') > highArrival) faults.push(`${leg} arrived after the highest arrival`);
    const verdict = this.verdictOn(event, asked(textIn(event, 'request')));
    const told = { type: textIn(event, 'type'), reason: textIn(event, 'reason') };
    if (verdict === undefined) faults.push(`nobody asked for ${leg}`);
    else if (verdict.type !== told.type || (verdict.reason ?? '') !== told.reason)
      faults.push(`${leg} is ${told.type} ${told.reason}, expected ${verdict.type} ${verdict.reason ?? ''}`);
    this.fold(event, version, at);
    if (told.type === 'Debited' && this.overdrawn) faults.push(`${leg} takes it below its limit`);
    const after = event['balance'];
    if (after !== undefined && after !== String(this.balance)) faults.push(`${leg} tells a balance of ${after}`);
    return faults;
  }

  /** What the account has to answer, by the rules, to the command that led to an event. */
  private verdictOn(event: RawEvent, asked: Asked | undefined): Verdict | undefined {
    switch (textIn(event, 'type')) {
      case 'Debited':
      case 'DebitRejected':
        return this.verdict('Debited', 'DebitRejected', this.refusalOfDebit(event));
      case 'Credited':
      case 'CreditRefused': {
        const reason = event['cancel'] === true ? 'cancelled' : this.refusalOfMoney(event);
        return this.verdict('Credited', 'CreditRefused', reason);
      }
      case 'Refunded':
        return { type: 'Refunded' };
      default:
        return this.verdictOnRequest(event, asked);
    }
  }

  private verdict(accepted: string, refused: string, reason: string | undefined): Verdict {
    return reason === undefined ? { type: accepted } : { type: refused, reason };
  }

  private refusalOfMoney(event: RawEvent): string | undefined {
    if (this.status === 'unopened') return 'account_not_found';
    if (this.status === 'closing' || this.status === 'closed') return 'account_closed';
    if (this.status === 'frozen') return 'account_frozen';
    return event['currency'] === this.currency ? undefined : 'currency_mismatch';
  }

  private refusalOfDebit(event: RawEvent): string | undefined {
    if (this.status !== 'unopened' && !this.mayAct(event)) return 'not_owner';
    const reason = this.refusalOfMoney(event);
    if (reason !== undefined || this.kind === 'settlement') return reason;
    const amount = amountIn(event);
    if (this.transferLimit !== undefined && amount > this.transferLimit) return 'transfer_limit_exceeded';
    const today = this.spentBy(event);
    if (this.dailyLimit !== undefined && today.amount + amount > this.dailyLimit) return 'daily_limit_exceeded';
    return this.balance + this.limit < amountIn(event) ? 'insufficient_funds' : undefined;
  }

  /** An event names who asked as owner only where that was not the owner of a customer's account. */
  private mayAct(event: RawEvent): boolean {
    return event['asOwner'] !== true || (this.kind === 'customer' && this.owner === textIn(event, 'actor'));
  }

  /** What was spent on the day of an event before it; days of an account do not go back. */
  private spentBy(event: RawEvent): { readonly day: number; readonly amount: bigint } {
    const day = Math.floor(numberIn(event, 'arrival') / 86_400_000);
    if (this.spent === undefined || this.spent.day < day) return { day, amount: 0n };
    return this.spent;
  }

  private verdictOnRequest(event: RawEvent, asked: Asked | undefined): Verdict | undefined {
    if (textIn(event, 'request').startsWith('finish-')) return this.verdictOnFinish(event);
    if (asked === undefined || `default#${asked.account}` !== this.key) return undefined;
    const refused = (reason: string): Verdict => ({ type: 'RequestRefused', reason });
    if (asked.type === 'OpenAccount') return this.verdictOnOpening(asked);
    if (this.status === 'unopened') return refused('account_not_found');
    if (this.status === 'closing' || this.status === 'closed') return refused('account_closed');
    return this.verdictOnOpen(asked);
  }

  private verdictOnOpen(asked: Asked): Verdict {
    const refused = (reason: string): Verdict => ({ type: 'RequestRefused', reason });
    if (asked.type === 'ChangeLimits') return this.verdictOnLimits(asked);
    if (asked.type === 'FreezeAccount') return { type: this.status === 'frozen' ? 'RequestConfirmed' : 'Frozen' };
    if (asked.type === 'UnfreezeAccount') return { type: this.status === 'open' ? 'RequestConfirmed' : 'Unfrozen' };
    if (this.status === 'frozen') return refused('account_frozen');
    return this.balance === 0n ? { type: 'CloseStarted' } : refused('not_empty');
  }

  private verdictOnLimits(asked: Asked): Verdict {
    if (asked.currency !== this.currency) return { type: 'RequestRefused', reason: 'currency_mismatch' };
    const { overdraftLimit = this.limit } = asked;
    const perTransfer = asked.transferLimit === undefined ? this.transferLimit : (asked.transferLimit ?? undefined);
    const perDay = asked.dailyLimit === undefined ? this.dailyLimit : (asked.dailyLimit ?? undefined);
    const same = overdraftLimit === this.limit && perTransfer === this.transferLimit && perDay === this.dailyLimit;
    return { type: same ? 'RequestConfirmed' : 'LimitsChanged' };
  }

  private verdictOnOpening({ kind, currency, owner, overdraftLimit, ...limits }: Asked): Verdict {
    if (this.status === 'unopened') return { type: 'Opened' };
    if (this.status === 'closed' && this.balance === 0n) return { type: 'RequestRefused', reason: 'account_closed' };
    const same =
      kind === this.kind && currency === this.currency && owner === this.owner && overdraftLimit === this.limit;
    const { transferLimit, dailyLimit } = limits;
    if (!same || transferLimit !== this.transferLimit || dailyLimit !== this.dailyLimit)
      return { type: 'RequestRefused', reason: 'account_exists' };
    return { type: this.status === 'closing' || this.status === 'closed' ? 'Reopened' : 'RequestConfirmed' };
  }

  /** Only the wallet itself finishes closings; a refusal does not tell which closing was meant. */
  private verdictOnFinish(event: RawEvent): Verdict {
    const type = textIn(event, 'type');
    if (type === 'RequestRefused') {
      const superseded = event['reason'] === 'close_superseded' || this.status !== 'closing';
      return { type, reason: superseded ? 'close_superseded' : 'not_empty' };
    }
    const inTime = this.status === 'closing' && event['version'] === this.closingVersion;
    if (!inTime) return { type: 'RequestRefused', reason: 'close_superseded' };
    return this.balance === 0n ? { type: 'Closed' } : { type: 'RequestRefused', reason: 'not_empty' };
  }

  private fold(event: RawEvent, version: number, at: number): void {
    switch (textIn(event, 'type')) {
      case 'Opened':
        this.kind = textIn(event, 'kind');
        this.currency = textIn(event, 'currency');
        this.owner = textIn(event, 'owner');
        this.foldLimits(event);
        this.openedAt = at;
        this.status = 'open';
        break;
      case 'LimitsChanged':
        this.foldLimits(event);
        break;
      case 'Frozen':
        this.status = 'frozen';
        break;
      case 'Unfrozen':
        this.status = 'open';
        break;
      case 'Reopened':
      case 'Closed':
        this.status = textIn(event, 'type') === 'Closed' ? 'closed' : 'open';
        this.closingVersion = 0;
        break;
      case 'CloseStarted':
        this.status = 'closing';
        this.closingVersion = version;
        break;
      case 'Debited':
        this.balance -= amountIn(event);
        if (this.dailyLimit !== undefined) {
          const { day, amount } = this.spentBy(event);
          this.spent = { day, amount: amount + amountIn(event) };
        }
        break;
      case 'Credited':
      case 'Refunded':
        this.balance += amountIn(event);
        break;
    }
  }

  /** A limit that is null is removed, and with that of the day what was spent; one that is absent stays. */
  private foldLimits(event: RawEvent): void {
    const { overdraftLimit, transferLimit, dailyLimit } = event;
    const limit = overdraftLimit === undefined ? this.limit : BigInt(String(overdraftLimit));
    if (limit < this.limit) this.wasLowered = true;
    this.limit = limit;
    if (transferLimit !== undefined)
      this.transferLimit = transferLimit === null ? undefined : BigInt(String(transferLimit));
    if (dailyLimit !== undefined) this.dailyLimit = dailyLimit === null ? undefined : BigInt(String(dailyLimit));
    if (this.dailyLimit === undefined) this.spent = undefined;
  }

  private stateText(): string {
    const { status, kind, currency, owner, balance, limit, closingVersion, transferLimit, dailyLimit, spent } = this;
    const money = { balance: String(balance), held: '0', overdraftLimit: String(limit) };
    const limits = {
      ...(transferLimit === undefined ? {} : { transferLimit: String(transferLimit) }),
      ...(dailyLimit === undefined ? {} : { dailyLimit: String(dailyLimit) }),
      ...(spent === undefined ? {} : { spending: { day: spent.day, amount: String(spent.amount) } }),
    };
    return JSON.stringify({ status, kind, currency, owner, ...money, closingVersion, ...limits });
  }
}

/** The events of a commit; none where the text is no list of objects. */
export function eventsOf({ events }: StoredCommit): readonly RawEvent[] {
  const parsed: unknown = JSON.parse(events);
  return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
}

/** Which leg an event is the outcome of. */
export function legOf(event: RawEvent): string {
  const type = textIn(event, 'type');
  if (type.startsWith('Debit')) return `debit of ${textIn(event, 'transfer')}`;
  if (type.startsWith('Credit')) return `credit of ${textIn(event, 'transfer')}`;
  if (type === 'Refunded') return `refund of ${textIn(event, 'transfer')}`;
  return `request ${textIn(event, 'request')}`;
}

export function textIn(event: RawEvent, name: string): string {
  const value = event[name];
  return typeof value === 'string' ? value : '';
}

export function numberIn(event: RawEvent, name: string): number {
  const value = event[name];
  return typeof value === 'number' ? value : Number.NaN;
}

export function amountIn(event: RawEvent): bigint {
  return BigInt(textIn(event, 'amount'));
}

function isRecord(value: unknown): value is RawEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function comparePlaces(a: readonly [number, bigint, number], b: readonly [number, bigint, number]): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1;
  return a[2] - b[2];
}

function sameMembers(a: string, b: string): boolean {
  const sorted = (text: string): string => {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? JSON.stringify(Object.entries(parsed).sort()) : text;
  };
  return sorted(a) === sorted(b);
}
