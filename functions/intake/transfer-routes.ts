/** Transfers as they come in, one or many to a request. */
import { type Caller, isOperator } from '../../core/contracts/caller.ts';
import { type ClaimSubject, subjectOf, type TransferRecord } from '../../core/contracts/claim.ts';
import {
  isFailed,
  isTransferOnRecord,
  sentTransferResource,
  type TransferOnRecord,
  type TransferResource,
  transferResource,
  transferText,
} from '../../core/contracts/http-answers.ts';
import {
  batchItemPath,
  type CashDirection,
  noteIn,
  type Read,
  readBatchRequest,
  readCashRequest,
  readTransferRequest,
  transferIdIn,
} from '../../core/contracts/http-requests.ts';
import type { Note } from '../../core/contracts/note.ts';
import { operations } from '../../core/contracts/operations.ts';
import { failedTransferOf, type Problem, problemOf } from '../../core/contracts/problems.ts';
import type { DebitAccount } from '../../core/domain/account.ts';
import { type Acceptance, acceptCommands } from '../../core/flows/accept-commands.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import { AccountHolders, viewOfTransfer } from '../../core/flows/see-transfer.ts';
import { keepNotes, type NotedDebit } from '../../core/flows/transfer-notes.ts';
import { countProblem } from '../runtime/http.ts';
import {
  type ApiAnswer,
  type ApiCall,
  answerFault,
  answerProblem,
  answerResource,
  answerText,
  problemOfFault,
} from '../runtime/route.ts';
import { conflictOf, type IntakePorts, pendingHeaders, waitOf } from './waiting.ts';

/** What is answered for one transfer, alone or in a batch. */
type TransferOutcome =
  | { readonly kind: 'transfer'; readonly resource: TransferResource }
  /** One on record that did not fail: its resource is written at once as text. */
  | { readonly kind: 'standing'; readonly transfer: string; readonly record: TransferOnRecord }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Answers whose owners are looked up at a time: those of identities that somebody else may have used before. */
const PARALLEL_LOOKS = 20;

interface TransferPorts extends IntakePorts {
  readonly holders: AccountHolders;
}

export function transferHandlers(intake: IntakePorts) {
  const ports: TransferPorts = { ...intake, holders: new AccountHolders(intake.log) };
  return {
    sendTransfer: (call: ApiCall) => transferOne(ports, call),
    deposit: (call: ApiCall) => moveCash(ports, call, 'deposit'),
    withdraw: (call: ApiCall) => moveCash(ports, call, 'withdrawal'),
    sendTransfers: (call: ApiCall) => transferMany(ports, call),
  };
}

async function transferOne(ports: TransferPorts, call: ApiCall): Promise<ApiAnswer> {
  const read = readTransferRequest(call.body, call.caller);
  if (!read.ok) return answerFault(read.fault);
  return settleOne(ports, call, operations.sendTransfer.path, { debit: read.value, note: noteIn(call.body) });
}

const cashRoutes = { deposit: operations.deposit.path, withdrawal: operations.withdraw.path } as const;

/** Deposits and withdrawals are transfers in other words: with the same id, the same rules, and the same answer. */
async function moveCash(ports: TransferPorts, call: ApiCall, direction: CashDirection): Promise<ApiAnswer> {
  const read = readCashRequest(call.body, call.caller, direction);
  if (!read.ok) return answerFault(read.fault);
  return settleOne(ports, call, cashRoutes[direction], { debit: read.value, note: noteIn(call.body) });
}

async function settleOne(ports: TransferPorts, call: ApiCall, route: string, asked: NotedDebit): Promise<ApiAnswer> {
  const wait = waitOf(call, ports.clock);
  const [debit] = await keepNotes(ports, [asked]);
  if (debit === undefined) throw new Error('one transfer was asked for, and none is left');
  const [acceptance] = await acceptCommands(ports, [debit], wait.until);
  if (acceptance === undefined) throw new Error('one command was accepted, and nothing was answered');
  const outcome = noted(await outcomeFor(ports, call.caller, debit, acceptance), asked.note);
  if (outcome.kind === 'problem') return answerProblem(outcome.problem, wait.headers);
  if (outcome.kind === 'standing' && outcome.record.status === 'completed')
    return answerText('application/json', textOf(outcome), wait.headers);
  const resource = outcome.kind === 'transfer' ? outcome.resource : transferResource(outcome.transfer, outcome.record);
  if (resource.status === 'success') return answerResource(200, resource, wait.headers);
  const path = `/v1/wallet/transfers/${resource.transaction_id}?accepted_at=${resource.accepted_at}`;
  return answerResource(202, resource, { ...wait.headers, ...pendingHeaders(route, path) });
}

/** Each item on its own: what is wrong with one is no trouble for the others. */
async function transferMany(ports: TransferPorts, call: ApiCall): Promise<ApiAnswer> {
  const batch = readBatchRequest(call.body);
  if (!batch.ok) return answerFault(batch.fault);
  const wait = waitOf(call, ports.clock);
  const reads = batch.value.map((item, i) => readTransferRequest(item, call.caller, batchItemPath(i)));
  const asked = reads.flatMap((read, i) => (read.ok ? [{ debit: read.value, note: noteIn(batch.value[i]) }] : []));
  const debits = await keepNotes(ports, asked);
  const acceptances = await acceptCommands(ports, debits, wait.until);
  const pairs = debits.map((debit, i) => {
    const acceptance = acceptances[i];
    if (acceptance === undefined) throw new Error(`of ${debits.length} commands, that at ${i} has no answer`);
    return { debit, acceptance };
  });
  // The usual batch needs no look at any account, and is not worth a promise for each item.
  const accepted = pairs.every(({ acceptance }) => isOwnMatter(call.caller, acceptance))
    ? pairs.map(({ debit, acceptance }) => outcomeOf(debit, acceptance))
    : await inParallel(pairs, PARALLEL_LOOKS, (pair) => outcomeFor(ports, call.caller, pair.debit, pair.acceptance));
  const told = accepted.map((outcome, i) => noted(outcome, asked[i]?.note));
  const outcomes = inRequestOrder(batch.value, reads, told);
  for (const outcome of outcomes) if (outcome.kind === 'problem') countProblem(ports.meter, outcome.problem.reason);
  return answerText('application/json', `{"results":[${outcomes.map(textOf).join(',')}]}`, wait.headers);
}

/** Written item by item: `JSON.stringify` of 500 resources, which have to be made first, takes four times as long. */
function textOf(outcome: TransferOutcome): string {
  switch (outcome.kind) {
    case 'problem':
      return JSON.stringify(outcome.problem);
    case 'transfer':
      return JSON.stringify(outcome.resource);
    case 'standing':
      return transferText(outcome.transfer, outcome.record);
    default:
      return outcome satisfies never;
  }
}

/** Puts the outcomes of the items that could be read between the problems of those that could not. */
function inRequestOrder(
  items: readonly unknown[],
  reads: readonly Read<DebitAccount>[],
  accepted: readonly TransferOutcome[],
): readonly TransferOutcome[] {
  const left = accepted.values();
  return reads.map((read, i): TransferOutcome => {
    if (!read.ok) return { kind: 'problem', problem: problemOfFault(read.fault, identityIn(items[i])) };
    const next = left.next();
    if (next.done === true) throw new Error('there are fewer outcomes than transfers');
    return next.value;
  });
}

function identityIn(item: unknown): { readonly transaction_id?: string } {
  const id = transferIdIn(item);
  return id === undefined ? {} : { transaction_id: id };
}

/**
 * What a caller is told. An identity that somebody else used before tells a customer nothing about that transfer: a debit of
 * another's account is refused just as it would be under a new identity, and a conflict does not say in what.
 */
async function outcomeFor(
  ports: TransferPorts,
  caller: Caller,
  debit: DebitAccount,
  acceptance: Acceptance,
): Promise<TransferOutcome> {
  if (isOwnMatter(caller, acceptance)) return outcomeOf(debit, acceptance);
  const holder = await ports.holders.holderOf({ scope: caller.scope, account: debit.from });
  const isOthers = holder.kind === 'operators' || (holder.kind === 'customer' && holder.owner !== caller.subject);
  if (isOthers) return { kind: 'problem', problem: notOwner(debit, ports.clock.now()) };
  if (acceptance.kind !== 'conflict' || (await maySee(ports, caller, acceptance.record))) {
    return outcomeOf(debit, acceptance);
  }
  const detail = 'This identity was used before, with other content.';
  return {
    kind: 'problem',
    problem: problemOf('content_conflict', detail, { transaction_id: debit.transfer, fields: [] }),
  };
}

/** True if what is known was asked for by the caller, or the caller may know everything; the usual case, and no look at an account. */
function isOwnMatter(caller: Caller, acceptance: Acceptance): boolean {
  if (isOperator(caller) || acceptance.kind === 'sent' || acceptance.record === undefined) return true;
  return acceptance.record.by === caller.subject;
}

async function maySee(
  { holders }: TransferPorts,
  caller: Caller,
  record: TransferRecord | undefined,
): Promise<boolean> {
  if (record === undefined || !isTransferOnRecord(record)) return false;
  return (await viewOfTransfer(holders, caller, record)) !== 'none';
}

/** As the account itself refuses the debit. */
function notOwner(debit: DebitAccount, now: number): Problem {
  const { status: _, ...members } = sentTransferResource(debit, now);
  return failedTransferOf('not_owner', { ...members, state: 'rejected' });
}

function outcomeOf(debit: DebitAccount, acceptance: Acceptance): TransferOutcome {
  switch (acceptance.kind) {
    case 'sent':
      return { kind: 'transfer', resource: sentTransferResource(debit, acceptance.at) };
    case 'conflict':
      return { kind: 'problem', problem: conflict(debit, acceptance.standing) };
    case 'recorded': {
      const { record } = acceptance;
      if (!isTransferOnRecord(record)) return { kind: 'problem', problem: conflict(debit, record.subject) };
      if (!isFailed(record)) return { kind: 'standing', transfer: debit.transfer, record };
      return { kind: 'problem', problem: failed(transferResource(debit.transfer, record)) };
    }
    default:
      return acceptance satisfies never;
  }
}

/** With what was written beside the transfer, where it is the transfer that was asked for: then its note is the same one. */
function noted(outcome: TransferOutcome, note: Note | undefined): TransferOutcome {
  if (note === undefined) return outcome;
  switch (outcome.kind) {
    case 'standing':
      return { kind: 'transfer', resource: { ...transferResource(outcome.transfer, outcome.record), ...note } };
    case 'transfer':
      return { kind: 'transfer', resource: { ...outcome.resource, ...note } };
    case 'problem': {
      const { problem } = outcome;
      return problem.reason === 'content_conflict' ? outcome : { kind: 'problem', problem: { ...problem, ...note } };
    }
    default:
      return outcome satisfies never;
  }
}

function conflict(debit: DebitAccount, standing: ClaimSubject): Problem {
  return conflictOf(standing, subjectOf(debit), { transaction_id: debit.transfer });
}

/** The resource's own `status` would hide the document's; its `state` says more anyway. */
function failed({ status: _, reason, ...members }: TransferResource): Problem {
  if (reason !== undefined) return failedTransferOf(reason, members);
  return problemOf('internal_error', 'The transfer failed, and its reason is not on record.', members);
}
