/**
 * The auditor: knows what was asked and what was answered, replays every commit for itself, and says what is wrong. It shares no
 * code with the wallet, only the shapes of what is stored.
 *
 * While a day goes on it checks what must hold always: each leg at most once and only after the leg that permits it, no account
 * below its limit, no answer that the ledger does not bear out. When the world is at rest it checks that nothing was lost, nothing
 * is stuck, every sum is zero, and the views say what the log says.
 */
import type { AcceptedRecord, TransferRecord } from '../../core/contracts/claim.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { TrialBalance } from '../../core/domain/trial-balance.ts';
import type { AccountRow } from '../../core/ports.ts';
import { type Asked, AuditedAccount, amountIn, eventsOf, numberIn, type RawEvent, textIn } from './audited-account.ts';

export interface Violation {
  readonly what: string;
  /** Transfers, requests and accounts that it is about. */
  readonly about: readonly string[];
}

/** What a client asked for: a transfer of this content. */
export interface AskedTransfer {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly currency: string;
  /** The customer who asked as owner of the payer; else an operator did. */
  readonly customer?: string;
}

/** Where and when a leg was recorded, and as what. */
interface RecordedLeg {
  readonly event: RawEvent;
  readonly account: string;
  readonly version: number;
  readonly index: number;
}

interface AuditedTransfer {
  readonly asked: AskedTransfer[];
  acknowledged: boolean;
  cancelAsked: boolean;
  debit?: RecordedLeg;
  credit?: RecordedLeg;
  refund?: RecordedLeg;
}

/** How a transfer or request must stand, by the log. */
interface Standing {
  readonly status: string;
  readonly reason: string;
  readonly leg: RecordedLeg | undefined;
  readonly payerBalance: string;
}

export class Auditor {
  readonly violations: Violation[] = [];
  readonly transfers = new Map<string, AuditedTransfer>();
  private readonly accounts = new Map<string, AuditedAccount>();
  private readonly requests = new Map<string, Asked & { acknowledged: boolean }>();
  private readonly requestLegs = new Map<string, RecordedLeg>();

  // ── What it sees ──

  askedTransfer(id: string, content: AskedTransfer): void {
    this.transferOf(id).asked.push(content);
  }

  askedRequest(id: string, asked: Asked): void {
    if (!this.requests.has(id)) this.requests.set(id, { ...asked, acknowledged: false });
  }

  askedToCancel(id: string): void {
    this.transferOf(id).cancelAsked = true;
  }

  /** The entrance said that it has a transfer or a request. */
  acknowledged(id: string): void {
    const transfer = this.transfers.get(id);
    if (transfer !== undefined) transfer.acknowledged = true;
    const request = this.requests.get(id);
    if (request !== undefined) request.acknowledged = true;
  }

  /** Somebody was told this; a terminal status must be what the log says by then. */
  told(id: string, record: AcceptedRecord): void {
    if (record.status === 'claimed' || record.status === 'refused') return;
    this.compare(id, record, `was told to be ${record.status}`);
  }

  /** Somebody read an account; what was committed before must be in it. */
  readBalance(account: string, seenBefore: number, version: number, balance: bigint, status: string): void {
    const audited = this.accounts.get(`default#${account}`);
    const expected = audited?.balances.get(version);
    if (version < seenBefore)
      this.report(`${account} was read at ${version}, after ${seenBefore} was committed`, [account]);
    if (status !== 'unopened' && expected !== balance)
      this.report(`${account}@${version} was read with a balance of ${balance}, it is ${expected}`, [account]);
  }

  /** Somebody read a trial balance: at any cut, what is there and what is in flight must cancel out. */
  readTrialBalance({ balanced, currencies, unmatched }: TrialBalance): void {
    const sums = currencies.map(
      ({ currency, balances, inFlight }) => `${currency} ${balances} and ${inFlight} in flight`,
    );
    const about = unmatched.map(({ transfer }) => transfer);
    if (!balanced) this.report(`the trial balance does not balance: ${sums.join(', ')}`, about);
  }

  versionOf(account: string): number {
    return this.accounts.get(`default#${account}`)?.version ?? 0;
  }

  balanceOf(account: string): bigint {
    return this.accounts.get(`default#${account}`)?.balance ?? 0n;
  }

  /** A commit was inserted. */
  commit(commit: StoredCommit): void {
    this.commits([commit]);
  }

  /** Commits were inserted in one step, those of an account in order: what permits a leg may stand behind it. */
  commits(commits: readonly StoredCommit[]): void {
    for (const commit of commits) {
      const account = this.accounts.get(commit.account) ?? new AuditedAccount(commit.account);
      this.accounts.set(commit.account, account);
      for (const fault of account.replay(commit, (id) => this.requests.get(id)))
        this.report(fault, [commit.account, ...eventsOf(commit).map((event) => identityIn(event))]);
    }
    const legs = commits.flatMap((commit) => legsOf(commit));
    for (const leg of legs.sort((a, b) => orderOf(a) - orderOf(b))) this.follow(leg);
  }

  // ── Legs ──

  private follow(leg: RecordedLeg): void {
    const type = textIn(leg.event, 'type');
    const id = identityIn(leg.event);
    if (type === 'Debited' || type === 'DebitRejected') this.followDebit(id, leg);
    else if (type === 'Credited' || type === 'CreditRefused') this.followCredit(id, leg);
    else if (type === 'Refunded') this.followRefund(id, leg);
    else this.followRequest(id, leg);
  }

  private followDebit(id: string, leg: RecordedLeg): void {
    const transfer = this.transferOf(id);
    const { event, account } = leg;
    const isAsked = transfer.asked.some(({ from, to, amount, currency }) => {
      const sameParties = `default#${from}` === account && to === textIn(event, 'to');
      return sameParties && amount === amountIn(event) && currency === textIn(event, 'currency');
    });
    this.expect(isAsked, `${id} is debited as nobody asked`, id);
    const { kind = '', owner } = this.accounts.get(account) ?? {};
    const isAllowed = transfer.asked.some(
      ({ customer }) => customer === undefined || (kind === 'customer' && customer === owner),
    );
    this.expect(!isOf(leg, 'Debited') || isAllowed, `${id} is debited for somebody who is not the owner`, id);
    this.expect(transfer.debit === undefined, `${id} is debited a second time`, id);
    transfer.debit ??= leg;
  }

  private followCredit(id: string, leg: RecordedLeg): void {
    const transfer = this.transferOf(id);
    const { debit } = transfer;
    const { event, account } = leg;
    this.expect(isOf(debit, 'Debited'), `${id} has a credit without a debit`, id);
    this.expect(transfer.credit === undefined, `${id} has a second credit`, id);
    this.expect(debit !== undefined && sameMoney(debit, leg), `${id} is credited with something else than debited`, id);
    this.expect(debit?.account === `default#${textIn(event, 'from')}`, `${id} names another payer`, id);
    this.expect(
      account === `default#${debit === undefined ? '' : textIn(debit.event, 'to')}`,
      `${id} goes elsewhere`,
      id,
    );
    this.expect(pointsTo(event, 'debitRef', debit), `${id} names another debit`, id);
    this.expect(numberIn(event, 'issuedAt') === arrivalOf(debit), `${id}: the credit is not as old as its debit`, id);
    this.expect(event['cancel'] !== true || transfer.cancelAsked, `${id} is cancelled, nobody asked`, id);
    transfer.credit ??= leg;
  }

  private followRefund(id: string, leg: RecordedLeg): void {
    const transfer = this.transferOf(id);
    const { debit, credit } = transfer;
    const { event, account } = leg;
    this.expect(isOf(credit, 'CreditRefused'), `${id} has a refund without a refusal`, id);
    this.expect(transfer.refund === undefined, `${id} has a second refund`, id);
    this.expect(debit?.account === account, `${id} is given back to another`, id);
    this.expect(debit !== undefined && sameMoney(debit, leg), `${id} gives something else back than was debited`, id);
    this.expect(pointsTo(event, 'refusalRef', credit), `${id} names another refusal`, id);
    this.expect(
      numberIn(event, 'issuedAt') === arrivalOf(credit),
      `${id}: the refund is not as old as the refusal`,
      id,
    );
    transfer.refund ??= leg;
  }

  private followRequest(id: string, leg: RecordedLeg): void {
    this.expect(!this.requestLegs.has(id), `request ${id} has a second outcome`, id);
    this.requestLegs.set(id, leg);
    if (textIn(leg.event, 'type') !== 'Closed') return;
    for (const [transfer, { debit, credit, refund }] of this.transfers) {
      const isOpen = isOf(debit, 'Debited') && !isOf(credit, 'Credited') && refund === undefined;
      if (isOpen && debit?.account === leg.account)
        this.report(`${leg.account} is closed before ${transfer} is over`, [id, transfer]);
    }
  }

  // ── At rest ──

  /** Whether everything that was acknowledged and concerns none of these accounts is over, by the log. */
  unfinished(except: ReadonlySet<string>): readonly string[] {
    return [...this.transfers].flatMap(([id, transfer]) => {
      const touchesThem = transfer.asked.some(
        ({ from, to }) => except.has(`default#${from}`) || except.has(`default#${to}`),
      );
      return transfer.acknowledged && !touchesThem && this.standingOf(id) === undefined ? [id] : [];
    });
  }

  /** True if nothing stands against the end of an account's closing. */
  mayClose(account: string): boolean {
    const { status, balance } = this.accounts.get(account) ?? {};
    return status === 'closing' && balance === 0n;
  }

  /** The last check, of a world that is at rest. */
  finish(records: Iterable<TransferRecord>, rows: readonly AccountRow[]): void {
    const byId = new Map([...records].map((record) => [record.id.slice(record.id.lastIndexOf('#') + 1), record]));
    for (const [id, transfer] of this.transfers) this.finishOne(id, transfer.acknowledged, byId.get(id));
    for (const [id, request] of this.requests) this.finishOne(id, request.acknowledged, byId.get(id));
    for (const [id, record] of byId) this.compare(id, record, `ends as ${record.status}`);
    this.checkSums();
    this.checkRegistry(rows);
  }

  private finishOne(id: string, acknowledged: boolean, record: TransferRecord | undefined): void {
    const standing = this.standingOf(id);
    const isKnown = record !== undefined || this.transfers.get(id)?.debit !== undefined || this.requestLegs.has(id);
    if (!acknowledged && !isKnown) return;
    this.expect(record !== undefined, `${id} was acknowledged and is not known`, id);
    this.expect(standing !== undefined, `${id} never ended`, id);
  }

  private compare(id: string, record: AcceptedRecord, what: string): void {
    const standing = this.standingOf(id);
    const { status, reason = '', ledgerRef, payerBalance } = record;
    if (standing === undefined) {
      this.report(`${id} ${what}, and is not over by the log`, [id]);
      return;
    }
    const { leg } = standing;
    this.expect(standing.status === status, `${id} ${what}, by the log it is ${standing.status}`, id);
    this.expect(standing.reason === reason, `${id} has the reason ${reason}, by the log ${standing.reason}`, id);
    const sameRef = ledgerRef?.account === leg?.account && ledgerRef?.version === leg?.version;
    this.expect(sameRef && ledgerRef?.index === leg?.index, `${id} points elsewhere in the ledger`, id);
    const told = payerBalance === undefined ? '' : String(payerBalance);
    this.expect(
      told === standing.payerBalance,
      `${id} tells a balance of ${told}, it was ${standing.payerBalance}`,
      id,
    );
  }

  /** How it ended, by the log; undefined if it has not. */
  private standingOf(id: string): Standing | undefined {
    const request = this.requestLegs.get(id);
    if (request !== undefined) {
      const reason = textIn(request.event, 'reason');
      return { status: reason === '' ? 'completed' : 'rejected', reason, leg: request, payerBalance: '' };
    }
    const { debit, credit, refund } = this.transfers.get(id) ?? {};
    if (debit !== undefined && isOf(debit, 'DebitRejected')) {
      const reason = textIn(debit.event, 'reason');
      const isForMoney = /^(insufficient_funds|(transfer|daily)_limit_exceeded)$/.test(reason);
      const payerBalance = isForMoney ? textIn(debit.event, 'balance') : '';
      return { status: 'rejected', reason, leg: debit, payerBalance };
    }
    const paid = debit === undefined ? '' : textIn(debit.event, 'balance');
    if (isOf(credit, 'Credited')) return { status: 'completed', reason: '', leg: credit, payerBalance: paid };
    if (refund === undefined || credit === undefined) return undefined;
    const reason = textIn(credit.event, 'reason');
    return { status: 'reversed', reason, leg: refund, payerBalance: textIn(refund.event, 'balance') };
  }

  private checkSums(): void {
    const sums = new Map<string, bigint>();
    for (const { currency, balance, overdrawn, wasLowered, key } of this.accounts.values()) {
      sums.set(currency, (sums.get(currency) ?? 0n) + balance);
      if (overdrawn && !wasLowered) this.report(`${key} ends below its limit`, [key]);
    }
    for (const [currency, sum] of sums) if (sum !== 0n) this.report(`all ${currency} together are ${sum}`, []);
  }

  private checkRegistry(rows: readonly AccountRow[]): void {
    const byKey = new Map(rows.map((row) => [row.account, row]));
    for (const { key, status, kind, currency, owner, openedAt } of this.accounts.values()) {
      const row = byKey.get(key);
      byKey.delete(key);
      if (status === 'unopened') this.expect(row === undefined, `${key} is registered and was never opened`, key);
      else {
        const same =
          row?.kind === kind && row.currency === currency && row.owner === owner && row.openedAt === openedAt;
        this.expect(same, `${key} is registered as ${JSON.stringify(row)}`, key);
      }
    }
    for (const key of byKey.keys()) this.report(`${key} is registered and has no log`, [key]);
  }

  private transferOf(id: string): AuditedTransfer {
    const known = this.transfers.get(id);
    if (known !== undefined) return known;
    const made: AuditedTransfer = { asked: [], acknowledged: false, cancelAsked: false };
    this.transfers.set(id, made);
    return made;
  }

  private expect(holds: boolean, what: string, about: string): void {
    if (!holds) this.report(what, [about]);
  }

  report(what: string, about: readonly string[]): void {
    this.violations.push({ what, about });
  }
}

function legsOf(commit: StoredCommit): readonly RecordedLeg[] {
  const { account, version } = commit;
  return eventsOf(commit).map((event, index) => ({ event, account, version, index }));
}

/** A leg is followed after the one that permits it, and the end of a closing after all. */
function orderOf({ event }: RecordedLeg): number {
  const type = textIn(event, 'type');
  if (type.startsWith('Debit')) return 0;
  if (type.startsWith('Credit')) return 1;
  return type === 'Refunded' ? 2 : 3;
}

function identityIn(event: RawEvent): string {
  return textIn(event, 'transfer') || textIn(event, 'request');
}

function isOf(leg: RecordedLeg | undefined, type: string): boolean {
  return leg !== undefined && textIn(leg.event, 'type') === type;
}

function sameMoney(a: RecordedLeg, b: RecordedLeg): boolean {
  return amountIn(a.event) === amountIn(b.event) && textIn(a.event, 'currency') === textIn(b.event, 'currency');
}

function arrivalOf(leg: RecordedLeg | undefined): number {
  return leg === undefined ? Number.NaN : numberIn(leg.event, 'arrival');
}

function pointsTo(event: RawEvent, name: string, leg: RecordedLeg | undefined): boolean {
  return (
    leg !== undefined && JSON.stringify(event[name]) === JSON.stringify({ version: leg.version, index: leg.index })
  );
}
