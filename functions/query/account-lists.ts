/** Accounts in pages, those of one owner or all; customers see their own. */
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
  const limit = readPageLimit(query['limit']);
  if (!limit.ok) return answerFault(limit.fault);
  const after = readAccountCursor(query['cursor']);
  if (!after.ok) return answerFault(after.fault);
  const { scope } = caller;
  // Of others a customer is told nothing, and asks in vain.
  const own = isOperator(caller) ? owner?.value : caller.subject;
  if (owner !== undefined && owner.value !== own) return answerResource(200, nothing);
  const asked = { scope, owner: own, after: after.value, limit: limit.value };
  const { accounts, next } = await listAccounts(ports, asked);
  const cursor = next === undefined ? null : accountCursor(next);
  const shown = accounts.filter(({ state }) => maySeeAccount(caller, state));
  const resource: AccountPage = { accounts: shown.map(accountResource), next_cursor: cursor };
  return answerResource(200, resource);
}

const nothing: AccountPage = { accounts: [], next_cursor: null };
