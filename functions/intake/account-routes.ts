/** Requests of accounts as they come in: to open, freeze, unfreeze or close one, and to change its limits. */

import { isOperator } from '../../core/contracts/caller.ts';
import type { AcceptedRecord } from '../../core/contracts/claim.ts';
import { subjectOf } from '../../core/contracts/claim.ts';
import { accountResource, differingProperties } from '../../core/contracts/http-answers.ts';
import {
  type AccountOperation,
  type Read,
  readAccountId,
  readIdempotencyKey,
  readLimitsRequest,
  readOpeningRequest,
  readOperationRequest,
} from '../../core/contracts/http-requests.ts';
import { operations } from '../../core/contracts/operations.ts';
import { problemOf, problemRow } from '../../core/contracts/problems.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import type { RequestCommand } from '../../core/domain/account.ts';
import { isTerminal } from '../../core/domain/outcome.ts';
import { acceptCommands } from '../../core/flows/accept-commands.ts';
import { readRequestResult } from '../../core/flows/read-account.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';
import { conflictOf, type IntakePorts, pendingHeaders, type Wait, waitOf } from './waiting.ts';

export function accountHandlers(ports: IntakePorts) {
  return {
    openAccount: (call: ApiCall) => open(ports, call),
    changeLimits: (call: ApiCall) => changeLimits(ports, call),
    freezeAccount: (call: ApiCall) => operate(ports, call, 'freeze'),
    unfreezeAccount: (call: ApiCall) => operate(ports, call, 'unfreeze'),
    closeAccount: (call: ApiCall) => operate(ports, call, 'close'),
  };
}

/** Identities that are made of a customer's name and key begin so; of the hash as much as keeps them apart. */
const CUSTOMERS_KEY_PREFIX = 'customer-';
const HASH_DIGITS = 48;

const routeOf = {
  freeze: operations.freezeAccount.path,
  unfreeze: operations.unfreezeAccount.path,
  close: operations.closeAccount.path,
} as const;

async function open(ports: IntakePorts, call: ApiCall): Promise<ApiAnswer> {
  const request = identityOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const read = readOpeningRequest(call.body, call.caller, request.value);
  return read.ok ? await perform(ports, call, operations.openAccount.path, read.value) : answerFault(read.fault);
}

async function changeLimits(ports: IntakePorts, call: ApiCall): Promise<ApiAnswer> {
  const request = identityOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const account = readAccountId(call.params['account_id'] ?? '');
  if (!account.ok) return answerFault(account.fault);
  const read = readLimitsRequest(call.body, call.caller, { account: account.value, request: request.value });
  return read.ok ? await perform(ports, call, operations.changeLimits.path, read.value) : answerFault(read.fault);
}

async function operate(ports: IntakePorts, call: ApiCall, operation: AccountOperation): Promise<ApiAnswer> {
  const request = identityOf(ports, call);
  if (!request.ok) return answerFault(request.fault);
  const account = readAccountId(call.params['account_id'] ?? '');
  if (!account.ok) return answerFault(account.fault);
  const asked = { operation, account: account.value, request: request.value };
  const read = readOperationRequest(call.body, call.caller, asked);
  return read.ok ? await perform(ports, call, routeOf[operation], read.value) : answerFault(read.fault);
}

/**
 * A request without a key is one that its client will not repeat: it gets an identity of its own. The keys of customers are their
 * own too, so that nobody meets, or takes, a key of somebody else's; operators of a tenant share theirs.
 */
function identityOf(ports: IntakePorts, call: ApiCall): Read<string> {
  const header = call.headers['idempotency-key'];
  if (header === undefined) return { ok: true, value: ports.newIdentity() };
  const key = readIdempotencyKey(header);
  if (!key.ok || isOperator(call.caller)) return key;
  const digest = ports.digest(JSON.stringify([call.caller.subject, key.value]));
  return { ok: true, value: `${CUSTOMERS_KEY_PREFIX}${digest.slice(0, HASH_DIGITS)}` };
}

async function perform(ports: IntakePorts, call: ApiCall, route: string, command: RequestCommand): Promise<ApiAnswer> {
  const wait = waitOf(call, ports.clock);
  const [acceptance] = await acceptCommands(ports, [command], wait.until);
  if (acceptance === undefined) throw new Error('one command was accepted, and nothing was answered');
  switch (acceptance.kind) {
    case 'conflict':
      return answerProblem(conflictOf(acceptance.standing, subjectOf(command), identityIn(command)), wait.headers);
    case 'sent':
      return pending(command, acceptance.at, route, wait);
    case 'recorded':
      if (isTerminal(acceptance.record.status)) return await ended(ports, command, acceptance.record, wait);
      return pending(command, acceptance.record.arrival, route, wait);
    default:
      return acceptance satisfies never;
  }
}

function pending(command: RequestCommand, acceptedAt: number, route: string, wait: Wait): ApiAnswer {
  const resource = { status: 'pending', ...identityIn(command), accepted_at: timestampOf(acceptedAt) };
  const headers = pendingHeaders(route, `${operations.openAccount.path}/${command.account}`);
  return answerResource(202, resource, { ...wait.headers, ...headers });
}

/** 201 for the request that opened an account, however often it is repeated. */
async function ended(
  { log }: IntakePorts,
  command: RequestCommand,
  { reason, ledgerRef }: AcceptedRecord,
  { headers }: Wait,
): Promise<ApiAnswer> {
  const identity = identityIn(command);
  if (reason !== undefined) {
    const known = reason === 'account_exists' ? { fields: await standingDifference(log, command, ledgerRef) } : {};
    const members = { ...identity, state: 'rejected', ...known };
    return answerProblem(problemOf(reason, problemRow(reason).title, members), headers);
  }
  const result = ledgerRef === undefined ? undefined : await readRequestResult(log, ledgerRef);
  if (result === undefined) throw new Error(`request ${command.request} is over, and its commit is not in the ledger`);
  const { status: accountStatus, ...account } = accountResource(result.reading);
  const resource = { status: 'success', ...account, account_status: accountStatus, request_id: command.request };
  return answerResource(result.opened ? 201 : 200, resource, headers);
}

/** In which fields the account that stands there differs from the one that was to be opened, as the refusal's commit has it. */
async function standingDifference(
  log: IntakePorts['log'],
  command: RequestCommand,
  ledgerRef: AcceptedRecord['ledgerRef'],
): Promise<readonly string[]> {
  const result = ledgerRef === undefined ? undefined : await readRequestResult(log, ledgerRef);
  return result === undefined || command.type !== 'OpenAccount'
    ? []
    : differingProperties(result.reading.state, command);
}

function identityIn({ account, request }: RequestCommand): Readonly<Record<string, string>> {
  return { account_id: account, request_id: request };
}
