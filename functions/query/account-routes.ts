/** Accounts and their balances as they are shown. */
import { type Caller, isOperator, maySeeAccount } from '../../core/contracts/caller.ts';
import { type AccountReading, accountResource, balanceResource } from '../../core/contracts/http-answers.ts';
import { readAccountId, readFlagParameter, readTimeParameter } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { decodeState } from '../../core/contracts/stored-commit.ts';
import type { AccountRef } from '../../core/domain/account.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { readAccount, readAccountAt } from '../../core/flows/read-account.ts';
import type { Clock, EventLog } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';

export interface AccountQueryPorts {
  readonly log: EventLog;
  readonly clock: Clock;
}

/** Header that tells how many reads of the ledger answered a question about a past moment. */
export const READS_HEADER = 'x-ledger-reads';

/**
 * Balances come from the newest commit of the account's log, which is one strongly consistent read of one item. So every answer
 * is what `consistent=true` asks for; the parameter is there for readers that count on it.
 */
export function accountHandlers(ports: AccountQueryPorts) {
  return {
    getAccount: (call: ApiCall) => show(ports, call, accountResource),
    getBalance: (call: ApiCall) => showBalance(ports, call),
  };
}

async function show(
  ports: AccountQueryPorts,
  call: ApiCall,
  resourceOf: (reading: AccountReading) => object,
): Promise<ApiAnswer> {
  const account = readAccountId(call.params['account_id'] ?? '');
  if (!account.ok) return answerFault(account.fault);
  const { consistent } = call.query;
  const flag = consistent === undefined ? undefined : readFlagParameter('consistent', consistent);
  if (flag?.ok === false) return answerFault(flag.fault);
  const reading = await readAccount(ports, { scope: call.caller.scope, account: account.value });
  if (reading !== undefined && maySeeAccount(call.caller, reading.state))
    return answerResource(200, resourceOf(reading));
  return notFound(account.value, 'No account was opened with this id.');
}

/** The balance now, or at a past moment (`at`), from the log itself. */
async function showBalance(ports: AccountQueryPorts, call: ApiCall): Promise<ApiAnswer> {
  const { at: text } = call.query;
  if (text === undefined) return show(ports, call, balanceResource);
  const account = readAccountId(call.params['account_id'] ?? '');
  if (!account.ok) return answerFault(account.fault);
  const at = readTimeParameter('at', text);
  if (!at.ok) return answerFault(at.fault);
  const ref = { scope: call.caller.scope, account: account.value };
  if (!(await isVisible(ports, call.caller, ref))) return notFoundAt(account.value, 1);
  const { reading, reads } = await readAccountAt(ports, ref, at.value);
  if (reading === undefined) return notFoundAt(account.value, reads);
  return answerResource(200, balanceResource(reading), { [READS_HEADER]: String(reads) });
}

/** Another's account is answered as one that was never opened, also in how it was looked for. */
async function isVisible({ log }: AccountQueryPorts, caller: Caller, ref: AccountRef): Promise<boolean> {
  if (isOperator(caller)) return true;
  const newest = await log.newest(accountKey(ref));
  return newest === undefined || maySeeAccount(caller, decodeState(newest.state));
}

function notFoundAt(account: string, reads: number): ApiAnswer {
  const detail = 'No account was opened with this id at or before this time.';
  return notFound(account, detail, { [READS_HEADER]: String(reads) });
}

function notFound(account: string, detail: string, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return answerProblem(problemOf('account_not_found', detail, { account_id: account }), headers);
}
