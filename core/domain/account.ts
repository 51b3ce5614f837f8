/**
 * The account: the unit of order and consistency. Commands ask, events are facts, the state is a fold of the events, and a
 * decision is a pure function of state and command. Every command leads to exactly one event, for a refusal is a fact too.
 */
import {
  type LimitChanges,
  type Limits,
  limitsAfter,
  namedLimits,
  type Spending,
  sameLimits,
  spendingAfter,
  spentOn,
} from './limits.ts';
import { type Reason, reasons } from './reason.ts';

// ── Identity ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One account of one tenant. */
export interface AccountRef {
  readonly scope: string;
  readonly account: string;
}

/** One commit's event: version of the commit in its account's log, index of the event in the commit. */
export interface EventRef {
  readonly version: number;
  readonly index: number;
}

export type AccountKind = 'customer' | 'settlement';

/** A leg is what happens to an account for one transfer, or for one request of its holder; it happens at most once. */
export type Leg = 'debit' | 'credit' | 'refund' | 'account';

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Command {
  readonly scope: string;
  /** Who asked, as the entrance knew them; absent where the wallet itself asks. */
  readonly actor?: string;
  /** The leg may have happened already: look it up in the log before deciding. */
  readonly recheck: boolean;
}

/** What callers ask for, as opposed to what follows from it. */
interface AskedCommand extends Command {
  /** The actor may act on accounts of their own and on no others; absent for operators and for the wallet itself. */
  readonly asOwner?: true;
}

interface AccountRequest extends AskedCommand {
  /** The request's own identity (idempotency key), at most 64 characters. */
  readonly request: string;
  readonly account: string;
}

/** What a transfer moves; together the content that its identity stands for. */
export interface TransferContent {
  readonly transfer: string;
  readonly from: string;
  readonly to: string;
  /** Minor units, positive. */
  readonly amount: bigint;
  readonly currency: string;
}

/** When and with what result the earlier steps of a transfer were done; carried along so that its end can tell its story. */
export interface Trace {
  /** Time of the commit that debited the payer, UTC milliseconds. */
  readonly debitedAt: number;
  /** The payer's balance after the debit, minor units. */
  readonly payerBalance: bigint;
  /** Time the credit was first sent, UTC milliseconds. */
  readonly creditSentAt: number;
  /** Only on the way back: time of the commit that refused the credit, its reason, and the time the refund was first sent. */
  readonly refusedAt?: number;
  readonly refusal?: Reason;
  readonly refundSentAt?: number;
}

/** What an account is opened with. */
export interface AccountProperties extends Limits {
  readonly kind: AccountKind;
  readonly currency: string;
  readonly owner: string;
}

/** Limits to set, with the currency of their amounts, which must be the account's. */
export interface ChangesOfLimits extends LimitChanges {
  readonly currency: string;
}

export interface OpenAccount extends AccountRequest, AccountProperties {
  readonly type: 'OpenAccount';
}
export interface ChangeLimits extends AccountRequest, ChangesOfLimits {
  readonly type: 'ChangeLimits';
}
export interface FreezeAccount extends AccountRequest {
  readonly type: 'FreezeAccount';
}
export interface UnfreezeAccount extends AccountRequest {
  readonly type: 'UnfreezeAccount';
}
export interface CloseAccount extends AccountRequest {
  readonly type: 'CloseAccount';
}
export interface FinishClose extends AccountRequest {
  readonly type: 'FinishClose';
  /** Version of the commit that started the closing which this command finishes. */
  readonly version: number;
}
export interface DebitAccount extends AskedCommand, TransferContent {
  readonly type: 'DebitAccount';
  /** Mark of what the client wrote beside the transfer, 64 hexadecimal digits; no decision depends on it. */
  readonly note?: string;
}
export interface CreditAccount extends Command, TransferContent {
  readonly type: 'CreditAccount';
  /** Arrival stored in the payer's `Debited`, UTC milliseconds: a fact of the log, never stamped anew. */
  readonly issuedAt: number;
  readonly debitRef: EventRef;
  readonly trace: Trace;
  /** An operator gives the transfer up: refuse the credit unless it has happened. */
  readonly cancel: boolean;
}
export interface RefundAccount extends Command, TransferContent {
  readonly type: 'RefundAccount';
  /** Arrival stored in the payee's `CreditRefused`, UTC milliseconds. */
  readonly issuedAt: number;
  readonly debitRef: EventRef;
  readonly refusalRef: EventRef;
  readonly trace: Trace;
}

export type RequestCommand = OpenAccount | ChangeLimits | FreezeAccount | UnfreezeAccount | CloseAccount | FinishClose;
export type AccountCommand = RequestCommand | DebitAccount | CreditAccount | RefundAccount;

/** The account that a command addresses: it alone decides it. */
export function addressee(command: AccountCommand): AccountRef {
  switch (command.type) {
    case 'DebitAccount':
    case 'RefundAccount':
      return { scope: command.scope, account: command.from };
    case 'CreditAccount':
      return { scope: command.scope, account: command.to };
    default:
      return { scope: command.scope, account: command.account };
  }
}

/** Which leg a command asks for. */
export function legOf(command: AccountCommand): Leg {
  switch (command.type) {
    case 'DebitAccount':
      return 'debit';
    case 'CreditAccount':
      return 'credit';
    case 'RefundAccount':
      return 'refund';
    default:
      return 'account';
  }
}

/** Identity of the leg within its account's log: an account may have several legs of one transfer, so both parts count. */
export function legKey(leg: Leg, id: string): string {
  return `${leg}#${id}`;
}

export function legKeyOfCommand(command: AccountCommand): string {
  return legKey(legOf(command), 'transfer' in command ? command.transfer : command.request);
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
// Their names and fields are storage format: they are never renamed. Each holds all inputs of its decision.

/**
 * Who asked. Nothing is stored where the owner asked as owner, which is the usual case and costs no byte; an actor alone acted as
 * operator; with the mark the actor asked as owner and was not the owner before the event.
 */
export interface Authority {
  readonly actor?: string;
  readonly asOwner?: true;
}

interface EventOfRequest extends Authority {
  readonly request: string;
  /** Arrival of the command in the stream, UTC milliseconds. */
  readonly arrival: number;
}
export interface Opened extends EventOfRequest, AccountProperties {
  readonly type: 'Opened';
}
/** Holds what was asked for; limits that it does not name stay as they were. */
export interface LimitsChanged extends EventOfRequest, ChangesOfLimits {
  readonly type: 'LimitsChanged';
}
export interface Frozen extends EventOfRequest {
  readonly type: 'Frozen';
}
export interface Unfrozen extends EventOfRequest {
  readonly type: 'Unfrozen';
}
export interface CloseStarted extends EventOfRequest {
  readonly type: 'CloseStarted';
}
export interface Reopened extends EventOfRequest {
  readonly type: 'Reopened';
}
export interface Closed extends EventOfRequest {
  readonly type: 'Closed';
  readonly version: number;
}
/** The request asked for what is the case already. */
export interface RequestConfirmed extends EventOfRequest {
  readonly type: 'RequestConfirmed';
  readonly command: RequestCommand['type'];
}
export interface RequestRefused extends EventOfRequest {
  readonly type: 'RequestRefused';
  readonly command: RequestCommand['type'];
  readonly reason: Reason;
  /** What an opening asked for; absent in refusals of other commands, and in those of earlier versions. */
  readonly asked?: AccountProperties;
  /** What a change of limits asked for; absent in refusals of other commands. */
  readonly changes?: ChangesOfLimits;
  /** What {@link FinishClose.version} was; absent in refusals of other commands, and in those of earlier versions. */
  readonly version?: number;
}

interface EventOfDebit extends Authority {
  readonly transfer: string;
  readonly to: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly arrival: number;
  /** Balance of this account after the event, minor units. */
  readonly balance: bigint;
}
export interface Debited extends EventOfDebit {
  readonly type: 'Debited';
}
export interface DebitRejected extends EventOfDebit {
  readonly type: 'DebitRejected';
  readonly reason: Reason;
}

interface EventOfCredit {
  readonly transfer: string;
  readonly from: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly issuedAt: number;
  readonly debitRef: EventRef;
  readonly trace: Trace;
  readonly recheck: boolean;
  readonly cancel: boolean;
  readonly arrival: number;
}
export interface Credited extends EventOfCredit {
  readonly type: 'Credited';
}
export interface CreditRefused extends EventOfCredit {
  readonly type: 'CreditRefused';
  readonly reason: Reason;
}
export interface Refunded {
  readonly type: 'Refunded';
  readonly transfer: string;
  readonly to: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly issuedAt: number;
  readonly debitRef: EventRef;
  readonly refusalRef: EventRef;
  readonly trace: Trace;
  readonly recheck: boolean;
  readonly arrival: number;
  /** Balance of this account after the event, minor units. */
  readonly balance: bigint;
}

export type TransferEvent = Debited | DebitRejected | Credited | CreditRefused | Refunded;
export type RequestEvent =
  | Opened
  | LimitsChanged
  | Frozen
  | Unfrozen
  | CloseStarted
  | Reopened
  | Closed
  | RequestConfirmed
  | RequestRefused;
export type AccountEvent = RequestEvent | TransferEvent;

/** Which leg an event is the outcome of. */
export function legKeyOfEvent(event: AccountEvent): string {
  switch (event.type) {
    case 'Debited':
    case 'DebitRejected':
      return legKey('debit', event.transfer);
    case 'Credited':
    case 'CreditRefused':
      return legKey('credit', event.transfer);
    case 'Refunded':
      return legKey('refund', event.transfer);
    default:
      return legKey('account', event.request);
  }
}

// ── State ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type AccountStatus = 'unopened' | 'open' | 'frozen' | 'closing' | 'closed';

export interface AccountState extends Limits, Spending {
  readonly status: AccountStatus;
  readonly kind: AccountKind;
  readonly currency: string;
  readonly owner: string;
  /** Minor units; negative on settlement accounts and within an overdraft limit. */
  readonly balance: bigint;
  /** Minor units reserved for transfers that are authorised and not yet captured. */
  readonly held: bigint;
  /** Version of the commit that started the closing; 0 unless closing. */
  readonly closingVersion: number;
}

/** The state before the first event. */
export const unopened: AccountState = {
  status: 'unopened',
  kind: 'customer',
  currency: '',
  owner: '',
  balance: 0n,
  held: 0n,
  overdraftLimit: 0n,
  closingVersion: 0,
};

/** What may be debited now, in minor units; undefined where there is no limit. */
export function available(state: AccountState): bigint | undefined {
  if (state.kind === 'settlement') return undefined;
  return state.balance - state.held + state.overdraftLimit;
}

/**
 * The state after an event.
 *
 * @param version version of the commit that holds the event
 */
export function evolve(state: AccountState, event: AccountEvent, version: number): AccountState {
  switch (event.type) {
    case 'Opened': {
      return { ...state, status: 'open', ...propertiesOf(event) };
    }
    case 'LimitsChanged':
      return withLimits(state, limitsAfter(state, event));
    case 'Frozen':
      return { ...state, status: 'frozen' };
    case 'Unfrozen':
      return { ...state, status: 'open' };
    case 'CloseStarted':
      return { ...state, status: 'closing', closingVersion: version };
    case 'Reopened':
      return { ...state, status: 'open', closingVersion: 0 };
    case 'Closed':
      return { ...state, status: 'closed', closingVersion: 0 };
    case 'Debited':
      return debited(state, event);
    case 'Credited':
    case 'Refunded':
      return { ...state, balance: state.balance + event.amount };
    case 'RequestConfirmed':
    case 'RequestRefused':
    case 'DebitRejected':
    case 'CreditRefused':
      return state;
    default:
      return event satisfies never;
  }
}

function debited(state: AccountState, { amount, arrival }: Debited): AccountState {
  const balance = state.balance - amount;
  if (state.dailyLimit === undefined) return { ...state, balance };
  return { ...state, balance, spending: spendingAfter(state, amount, arrival) };
}

/** What was spent is forgotten together with the daily limit; a limit that is set later counts from then on. */
function withLimits(state: AccountState, limits: Limits): AccountState {
  const { transferLimit: _, dailyLimit: __, spending, ...rest } = state;
  const spent = spending === undefined || limits.dailyLimit === undefined ? {} : { spending };
  return { ...rest, ...limits, ...spent };
}

// ── Decision ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Refusals by precedence: each says for which commands, in which states, at which arrival it applies. */
const applies: {
  readonly [R in Reason]: (state: AccountState, command: AccountCommand, arrival: number) => boolean;
} = {
  cancelled: (_, command) => command.type === 'CreditAccount' && command.cancel,
  account_not_found: ({ status }, command) =>
    status === 'unopened' && command.type !== 'OpenAccount' && !isRefund(command),
  not_owner: (state, command) => asksAsOwner(command) && state.status !== 'unopened' && !isOwner(state, command.actor),
  account_closed: (state, command) =>
    isEnded(state.status) && command.type !== 'FinishClose' && !isRefund(command) && !mayReopen(state, command),
  account_exists: (state, command) =>
    command.type === 'OpenAccount' && state.status !== 'unopened' && !hasSameProperties(state, command),
  account_frozen: ({ status }, command) =>
    status === 'frozen' && (movesMoney(command) || command.type === 'CloseAccount'),
  currency_mismatch: (state, command) =>
    (movesMoney(command) || command.type === 'ChangeLimits') && command.currency !== state.currency,
  close_superseded: (state, command) =>
    command.type === 'FinishClose' && (state.status !== 'closing' || state.closingVersion !== command.version),
  not_empty: ({ balance, held }, command) =>
    (command.type === 'CloseAccount' || command.type === 'FinishClose') && (balance !== 0n || held !== 0n),
  transfer_limit_exceeded: ({ kind, transferLimit }, command) =>
    command.type === 'DebitAccount' && kind !== 'settlement' && command.amount > (transferLimit ?? command.amount),
  daily_limit_exceeded: (state, command, arrival) =>
    command.type === 'DebitAccount' &&
    state.kind !== 'settlement' &&
    state.dailyLimit !== undefined &&
    spentOn(state, arrival) + command.amount > state.dailyLimit,
  insufficient_funds: (state, command) =>
    command.type === 'DebitAccount' && state.kind !== 'settlement' && (available(state) ?? 0n) < command.amount,
};

/** The same as a list, by precedence. */
const rules = reasons.map((reason) => [reason, applies[reason]] as const);

/**
 * True if the account has this reason to refuse the command, whether or not one of higher precedence applies too.
 *
 * @param arrival the record's own arrival in the stream, UTC milliseconds
 */
export function hasReason(reason: Reason, state: AccountState, command: AccountCommand, arrival: number): boolean {
  return applies[reason](state, command, arrival);
}

/** The reason with the highest precedence for which the account refuses the command, or undefined if it accepts. */
export function refusal(state: AccountState, command: AccountCommand, arrival: number): Reason | undefined {
  for (const [reason, doesApply] of rules) if (doesApply(state, command, arrival)) return reason;
  return undefined;
}

/**
 * Decides a command: the one event that it leads to, acceptance or refusal. Pure; never throws.
 *
 * @param arrival the record's own arrival in the stream, UTC milliseconds
 */
export function decide(state: AccountState, command: AccountCommand, arrival: number): AccountEvent {
  const reason = refusal(state, command, arrival);
  switch (command.type) {
    case 'DebitAccount':
      return decideDebit(state, command, arrival, reason);
    case 'CreditAccount':
      return decideCredit(command, arrival, reason);
    case 'RefundAccount':
      return decideRefund(state, command, arrival);
    default:
      return decideRequest(state, command, arrival, reason);
  }
}

function decideDebit(state: AccountState, command: DebitAccount, arrival: number, reason?: Reason): AccountEvent {
  const { transfer, to, amount, currency } = command;
  const facts = { transfer, to, amount, currency, ...authorityOf(state, command), arrival };
  if (reason !== undefined) return { type: 'DebitRejected', ...facts, balance: state.balance, reason };
  return { type: 'Debited', ...facts, balance: state.balance - amount };
}

function decideCredit(command: CreditAccount, arrival: number, reason?: Reason): AccountEvent {
  const { transfer, from, amount, currency, issuedAt, debitRef, trace, recheck, cancel } = command;
  if (reason !== undefined) {
    const leg = { transfer, from, amount, currency, issuedAt, debitRef, trace, recheck, cancel, arrival };
    return { type: 'CreditRefused', ...leg, reason };
  }
  return { type: 'Credited', transfer, from, amount, currency, issuedAt, debitRef, trace, recheck, cancel, arrival };
}

/** A refund gives back what was taken from this very account, so nothing can refuse it: neither frozen nor closed. */
function decideRefund(state: AccountState, command: RefundAccount, arrival: number): Refunded {
  const { transfer, to, amount, currency, issuedAt, debitRef, refusalRef, trace, recheck } = command;
  const balance = state.balance + amount;
  return {
    type: 'Refunded',
    transfer,
    to,
    amount,
    currency,
    issuedAt,
    debitRef,
    refusalRef,
    trace,
    recheck,
    arrival,
    balance,
  };
}

function decideRequest(state: AccountState, command: RequestCommand, arrival: number, reason?: Reason): RequestEvent {
  const facts = { request: command.request, ...authorityOf(state, command), arrival };
  if (reason !== undefined) {
    return { type: 'RequestRefused', ...facts, command: command.type, reason, ...inputsOf(command) };
  }
  const confirmed: RequestEvent = { type: 'RequestConfirmed', ...facts, command: command.type };
  switch (command.type) {
    case 'OpenAccount': {
      if (isEnded(state.status)) return { type: 'Reopened', ...facts };
      if (state.status !== 'unopened') return confirmed;
      return { type: 'Opened', ...facts, ...propertiesOf(command) };
    }
    case 'ChangeLimits': {
      if (sameLimits(state, limitsAfter(state, command))) return confirmed;
      return { type: 'LimitsChanged', ...facts, ...changesOf(command) };
    }
    case 'FreezeAccount':
      return state.status === 'frozen' ? confirmed : { type: 'Frozen', ...facts };
    case 'UnfreezeAccount':
      return state.status === 'open' ? confirmed : { type: 'Unfrozen', ...facts };
    case 'CloseAccount':
      return { type: 'CloseStarted', ...facts };
    case 'FinishClose':
      return { type: 'Closed', ...facts, version: command.version };
    default:
      return command satisfies never;
  }
}

function movesMoney(command: AccountCommand): command is DebitAccount | CreditAccount {
  return command.type === 'DebitAccount' || command.type === 'CreditAccount';
}

function isRefund(command: AccountCommand): boolean {
  return command.type === 'RefundAccount';
}

function isEnded(status: AccountStatus): boolean {
  return status === 'closing' || status === 'closed';
}

/** What is still closing can be opened again; what is closed stays so, unless a late refund left money on it. */
function mayReopen({ status, balance }: AccountState, command: AccountCommand): boolean {
  return command.type === 'OpenAccount' && (status === 'closing' || balance !== 0n);
}

function hasSameProperties(state: AccountState, command: OpenAccount): boolean {
  return (
    state.kind === command.kind &&
    state.currency === command.currency &&
    state.owner === command.owner &&
    sameLimits(state, command)
  );
}

function asksAsOwner(command: AccountCommand): boolean {
  return command.type !== 'CreditAccount' && command.type !== 'RefundAccount' && command.asOwner === true;
}

/** Customers act on accounts of their own. A settlement account makes money, so it is the operators', whoever stands as its owner. */
function isOwner({ kind, owner }: AccountState, actor: string | undefined): boolean {
  return kind === 'customer' && owner === actor;
}

/** What an event keeps of who asked; nothing where the owner asked as owner, for then it had no part in the decision. */
function authorityOf(state: AccountState, { actor, asOwner }: DebitAccount | RequestCommand): Authority {
  if (asOwner === true) {
    const isUsual = state.status !== 'unopened' && isOwner(state, actor);
    return isUsual ? {} : { ...(actor === undefined ? {} : { actor }), asOwner };
  }
  return actor === undefined ? {} : { actor };
}

/** What a refused request asked for, where its decision depends on it and nothing else tells. */
function inputsOf(command: RequestCommand): Pick<RequestRefused, 'asked' | 'changes' | 'version'> {
  if (command.type === 'ChangeLimits') return { changes: changesOf(command) };
  if (command.type === 'FinishClose') return { version: command.version };
  if (command.type !== 'OpenAccount') return {};
  return { asked: propertiesOf(command) };
}

/** What an account is opened with, and nothing else of what holds it. */
export function propertiesOf(holder: AccountProperties): AccountProperties {
  const { kind, currency, owner, overdraftLimit } = holder;
  return { kind, currency, owner, overdraftLimit, ...namedLimits(holder) };
}

/** What a change of limits asked for, and nothing else of what holds it. */
export function changesOf(holder: ChangesOfLimits): ChangesOfLimits {
  const { currency, overdraftLimit } = holder;
  return { currency, ...(overdraftLimit === undefined ? {} : { overdraftLimit }), ...namedLimits(holder) };
}
