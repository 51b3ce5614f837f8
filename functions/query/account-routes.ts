/** Accounts and their balances as they are shown. */
import { type AccountReading, accountResource, balanceResource } from '../../core/contracts/http-answers.ts';
import { readAccountId, readFlagParameter } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { readAccount } from '../../core/flows/read-account.ts';
import type { Clock, EventLog } from '../../core/ports.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';

export interface AccountQueryPorts {
  readonly log: EventLog;
  readonly clock: Clock;
}

/**
 * Balances come from the newest commit of the account's log, which is one strongly consistent read of one item. So every answer
 * is what `consistent=true` asks for; the parameter is there for readers that count on it.
 */
export function accountHandlers(ports: AccountQueryPorts) {
  return {
    getAccount: (call: ApiCall) => show(ports, call, accountResource),
    getBalance: (call: ApiCall) => show(ports, call, balanceResource),
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
  if (reading !== undefined) return answerResource(200, resourceOf(reading));
  const members = { account_id: account.value };
  return answerProblem(problemOf('account_not_found', 'No account was opened with this id.', members));
}
