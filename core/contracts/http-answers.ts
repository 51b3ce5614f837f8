/**
 * What clients get: transfers and accounts as the API shows them. Amounts are decimal strings in major units, times are
 * RFC 3339 in UTC.
 */
import {
  type AccountKind,
  type AccountState,
  type AccountStatus,
  available,
  type DebitAccount,
  type OpenAccount,
  type TransferContent,
} from '../domain/account.ts';
import { formatAmount } from '../domain/money.ts';
import { isTerminal, type Phase, type Status } from '../domain/outcome.ts';
import type { Reason } from '../domain/reason.ts';
import type { AcceptedRecord, ClaimSubject } from './claim.ts';
import { markedFields } from './note.ts';
import { timestampOf } from './timestamp.ts';

/** What became of a transfer, in a word for programs that want to know only whether they may go on. */
export type TransferStatus = 'pending' | 'success' | 'failed';
/** What became of a transfer, exactly. */
export type TransferState = 'pending' | 'completed' | 'rejected' | 'reversed';

export interface PhaseResource {
  readonly phase: 'accepted' | Phase['phase'];
  readonly at: string;
  readonly outcome: 'ok' | Reason;
}

/** A transfer. What it moves is left out only where nothing is stored of it yet and the request did not tell. */
export interface TransferResource {
  readonly transaction_id: string;
  readonly status: TransferStatus;
  readonly state: TransferState;
  readonly from_account?: string;
  readonly to_account?: string;
  readonly amount?: string;
  readonly currency?: string;
  /** The payer's balance after the transfer's last event on the payer's side. */
  readonly balance_after?: string;
  readonly reason?: Reason;
  /** What the client wrote beside it. */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly accepted_at: string;
  readonly completed_at?: string;
  readonly phases: readonly PhaseResource[];
}

/** A record of a transfer, as opposed to one of an account's request. */
export type TransferOnRecord = AcceptedRecord & { readonly subject: ClaimSubject & { readonly type: 'transfer' } };

export function isTransferOnRecord(record: AcceptedRecord): record is TransferOnRecord {
  return record.subject.type === 'transfer';
}

const words: Readonly<Record<Status, { readonly status: TransferStatus; readonly state: TransferState }>> = {
  claimed: { status: 'pending', state: 'pending' },
  refused: { status: 'pending', state: 'pending' },
  completed: { status: 'success', state: 'completed' },
  rejected: { status: 'failed', state: 'rejected' },
  reversed: { status: 'failed', state: 'reversed' },
};

/** True if nothing was moved in the end. */
export function isFailed({ status }: TransferOnRecord): boolean {
  return words[status].status === 'failed';
}

/** A transfer of which something is stored. */
export function transferResource(transfer: string, record: TransferOnRecord): TransferResource {
  const { from, to, amount, currency } = record.subject;
  const acceptedAt = timestampOf(record.arrival);
  return {
    transaction_id: transfer,
    ...words[record.status],
    ...contentOf({ from, to, amount, currency }),
    ...endOf(record, currency),
    accepted_at: acceptedAt,
    phases: [{ phase: 'accepted', at: acceptedAt, outcome: 'ok' }, ...(record.phases ?? []).map(phaseResource)],
  };
}

/** JSON text of the resource: for a completed transfer, whose answer is long and always the same, in a fifth of the time. */
export function transferText(transfer: string, record: TransferOnRecord): string {
  const { status, reason, payerBalance, subject, arrival, phases } = record;
  const isUsual = status === 'completed' && reason === undefined && payerBalance !== undefined;
  const story = isUsual && phases !== undefined ? storyText(arrival, phases) : undefined;
  if (story === undefined || payerBalance === undefined) return JSON.stringify(transferResource(transfer, record));
  const { from, to, amount, currency } = subject;
  const parties = `"from_account":"${from}","to_account":"${to}"`;
  const amounts = `"amount":"${formatAmount(amount, currency)}","currency":"${currency}"`;
  const balance = `"balance_after":"${formatAmount(payerBalance, currency)}"`;
  return `{"transaction_id":"${transfer}",${completedWords},${parties},${amounts},${balance},${story}}`;
}

const completedWords = '"status":"success","state":"completed"';

/** The last story that was told: of a batch, all transfers have the same. */
let lastStory: { readonly acceptedAt: number; readonly ends: readonly number[]; readonly text: string } = {
  acceptedAt: Number.NaN,
  ends: [],
  text: '',
};

/** What a completed transfer's resource ends with: its times. Undefined if it did not go as all do. */
function storyText(acceptedAt: number, phases: readonly Phase[]): string | undefined {
  const [debit, sent, credit] = phases;
  const isUsual = phases.length === 3 && debit?.phase === 'debit' && sent?.phase === 'credit_sent';
  if (!isUsual || credit?.phase !== 'credit' || phases.some(({ outcome }) => outcome !== 'ok')) return undefined;
  const { ends } = lastStory;
  const isSame = ends[0] === debit.at && ends[1] === sent.at && ends[2] === credit.at;
  if (isSame && acceptedAt === lastStory.acceptedAt) return lastStory.text;
  const accepted: PhaseResource = { phase: 'accepted', at: timestampOf(acceptedAt), outcome: 'ok' };
  const times = `"completed_at":"${timestampOf(credit.at)}","accepted_at":"${accepted.at}"`;
  const text = `${times},"phases":${JSON.stringify([accepted, ...phases.map(phaseResource)])}`;
  lastStory = { acceptedAt, ends: [debit.at, sent.at, credit.at], text };
  return text;
}

/** A transfer as its payee may see it: the payer's balance and metadata are the payer's business. */
export function payeesResource({ balance_after: _, metadata: __, ...resource }: TransferResource): TransferResource {
  return resource;
}

/** A transfer that is in the stream, and of which nothing is stored yet. */
export function sentTransferResource(command: TransferContent, acceptedAt: number): TransferResource {
  return { ...unseenTransferResource(command.transfer, acceptedAt), ...contentOf(command) };
}

/** A transfer that somebody says was accepted at that time, and of which nothing is stored yet. */
export function unseenTransferResource(transfer: string, acceptedAt: number): TransferResource {
  return { transaction_id: transfer, ...words.claimed, accepted_at: timestampOf(acceptedAt), phases: [] };
}

function contentOf(content: Pick<DebitAccount, 'from' | 'to' | 'amount' | 'currency'>) {
  const { from, to, amount, currency } = content;
  return { from_account: from, to_account: to, amount: formatAmount(amount, currency), currency };
}

/** What is known only when a transfer is over; while it is on its way back, its reason and balance may still change. */
function endOf({ status, reason, payerBalance, phases }: AcceptedRecord, currency: string) {
  if (!isTerminal(status)) return {};
  const last = phases?.at(-1);
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(payerBalance === undefined ? {} : { balance_after: formatAmount(payerBalance, currency) }),
    ...(last === undefined ? {} : { completed_at: timestampOf(last.at) }),
  };
}

function phaseResource({ phase, at, outcome }: Phase): PhaseResource {
  return { phase, at: timestampOf(at), outcome };
}

/** An account at one version of its log. */
export interface AccountReading {
  readonly account: string;
  readonly state: AccountState;
  readonly version: number;
  /** Time at which this was so, UTC milliseconds. */
  readonly asOf: number;
}

export interface AccountResource {
  readonly account_id: string;
  readonly kind: AccountKind;
  readonly currency: string;
  readonly owner: string;
  readonly status: AccountStatus;
  readonly balance: string;
  /** What may be debited now; null where there is no limit. */
  readonly available: string | null;
  readonly held: string;
  readonly overdraft_limit: string;
  /** Most that one transfer may take; null where there is no such limit. */
  readonly transfer_limit: string | null;
  /** Most that the transfers of a day (UTC) may take together; null where there is no such limit. */
  readonly daily_limit: string | null;
  readonly version: number;
  readonly as_of: string;
}

export function accountResource({ account, state, version, asOf }: AccountReading): AccountResource {
  const { kind, currency, owner, status } = state;
  return {
    account_id: account,
    kind,
    currency,
    owner,
    status,
    balance: formatAmount(state.balance, currency),
    available: availableOf(state),
    held: formatAmount(state.held, currency),
    overdraft_limit: formatAmount(state.overdraftLimit, currency),
    transfer_limit: limitOf(state.transferLimit, currency),
    daily_limit: limitOf(state.dailyLimit, currency),
    version,
    as_of: timestampOf(asOf),
  };
}

function limitOf(limit: bigint | undefined, currency: string): string | null {
  return limit === undefined ? null : formatAmount(limit, currency);
}

export type BalanceResource = Pick<
  AccountResource,
  'account_id' | 'balance' | 'available' | 'currency' | 'version' | 'as_of'
>;

export function balanceResource(reading: AccountReading): BalanceResource {
  const { account_id, balance, available, currency, version, as_of } = accountResource(reading);
  return { account_id, balance, available, currency, version, as_of };
}

function availableOf(state: AccountState): string | null {
  const minor = available(state);
  return minor === undefined ? null : formatAmount(minor, state.currency);
}

/** In which fields of the API what is asked for differs from what an identity stands for; empty where the claim does not tell. */
export function differingFields(standing: ClaimSubject, asked: ClaimSubject): readonly string[] {
  if (standing.type !== asked.type) return [];
  const fields = differing(fieldsOf(standing), fieldsOf(asked));
  if (fields.length > 0 || standing.type === 'transfer' || asked.type === 'transfer') return fields;
  return differing(standing.details ?? {}, standing.details === undefined ? {} : (asked.details ?? {}));
}

/**
 * In which fields an account differs from one that was to be opened under its id. To somebody who names another owner nothing but
 * that is told: the other properties are the owner's business.
 */
export function differingProperties(state: AccountState, asked: OpenAccount): readonly string[] {
  if (state.owner !== asked.owner) return ['owner'];
  return differing(propertiesOf(state), propertiesOf(asked));
}

function propertiesOf({
  kind,
  currency,
  overdraftLimit,
  transferLimit,
  dailyLimit,
}: AccountState | OpenAccount): Fields {
  const limits = { overdraft_limit: overdraftLimit, transfer_limit: transferLimit, daily_limit: dailyLimit };
  const named = Object.entries(limits).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, limit]]));
  return { kind, currency, ...Object.fromEntries(named) };
}

type Fields = Readonly<Record<string, string | bigint>>;

function differing(stood: Fields, asked: Fields): readonly string[] {
  return [...new Set([...Object.keys(asked), ...Object.keys(stood)])].filter((name) => stood[name] !== asked[name]);
}

function fieldsOf(subject: ClaimSubject): Fields {
  if (subject.type === 'request') return { account_id: subject.account, operation: subject.command };
  const { from, to, amount, currency, note } = subject;
  return { from_account: from, to_account: to, amount, currency, ...markedFields(note) };
}
