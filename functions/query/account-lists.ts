/** Accounts in pages: to customers their own, to operators those of one owner or all. */
import { isOperator, maySeeAccount } from '../../core/contracts/caller.ts';
import { accountResource } from '../../core/contracts/http-answers.ts';
import { readOwner } from '../../core/contracts/http-requests.ts';
import type { AccountPage } from '../../core/contracts/list-answers.ts';
import { accountCursor, readAccountCursor, readPageLimit } from '../../core/contracts/paging.ts';
import { type AccountListPorts, listAccounts } from '../../core/flows/list-accounts.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerResource } from '../runtime/route.ts';

export function accountListHandlers(ports: AccountListPorts) {
  return { listAccounts: (call: ApiCall) => showAccounts(ports, call) };
}

async function showAccounts(ports: AccountListPorts, { query, caller }: ApiCall): Promise<ApiAnswer> {
  const { owner: text } = query;
  const owner = text === undefined ? undefined : readOwner(text);
  if (owner?.ok === false) return answerFault(owner.fault);
  if (owner !== undefined && !isOperator(caller) && owner.value !== caller.subject) {
    return answerFault({ reason: 'operators_only', field: 'owner', detail: 'owner must be the subject of the token.' });
  }
  const limit = readPageLimit(query['limit']);
  if (!limit.ok) return answerFault(limit.fault);
  const after = readAccountCursor(query['cursor']);
  if (!after.ok) return answerFault(after.fault);
  const { scope } = caller;
  const asked = {
    scope,
    owner: isOperator(caller) ? owner?.value : caller.subject,
    after: after.value,
    limit: limit.value,
  };
  const { accounts, next } = await listAccounts(ports, asked);
  const cursor = next === undefined ? null : accountCursor(next);
  const seen = accounts.filter(({ state }) => maySeeAccount(caller, state));
  const resource: AccountPage = { accounts: seen.map(accountResource), next_cursor: cursor };
  return answerResource(200, resource);
}
