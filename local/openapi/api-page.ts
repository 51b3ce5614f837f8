/** The page of the API for people: every operation, the rules that all of them keep, and calls with what was really answered. */
import {
  type Example,
  exampleWorld,
  type OperationDocument,
  operationDocuments,
} from '../../core/contracts/operation-documents.ts';
import { type OperationId, operation, operationIds } from '../../core/contracts/operations.ts';
import { DEFAULT_PAGE_ITEMS, MOST_PAGE_ITEMS } from '../../core/contracts/paging.ts';

/** Bodies of answers by operation and name of the example. */
type RecordedAnswers = Readonly<Record<string, Readonly<Record<string, object>>>>;

const INTRODUCTION = `# The API

All operations, with every field and problem, are in [openapi.json](openapi.json), which the wallet serves at \`/v1/openapi.json\` and
shows as a page at \`/v1/docs\`. All problems are in [PROBLEMS.md](PROBLEMS.md). This page is made from the same tables by
\`npm run openapi\`, and its calls and answers by a test that makes the calls.
`;

const RULES = `## What all operations have in common

- **Money** is a decimal string in major units (\`"10.50"\`), never a JSON number. **Times** are UTC with milliseconds.
- **Identity.** A transfer is done once per \`transaction_id\`, whatever is sent again and however often; deposits and withdrawals are
  transfers. Every other request that changes something takes the header \`Idempotency-Key\`. The same identity with other content is a
  409 that names the \`fields\` that differ.
- **Waiting.** Requests that change something wait for their outcome: \`Prefer: wait=N\` seconds (5 unless given, 25 at most), or
  \`Prefer: respond-async\`. What is not over by then is a 202 with \`Location\`.
- **Notes.** A transfer may have a \`description\` (200 characters) and \`metadata\` (20 texts of 500 characters, 4,000 bytes in all). They
  are a part of its content. Both parties see the description, the payer's side alone the metadata.
- **Pages.** Lists have ${DEFAULT_PAGE_ITEMS} items to a page unless \`limit\` says otherwise (${MOST_PAGE_ITEMS} at most), and \`next_cursor\`, which is null at the end. Send it as
  \`cursor\` with the same question. A page may be short, or empty, and not be the last. Transfers of an account and statements stay where
  they are while transfers go on, and all pages of a statement are of one statement.
- **Periods** begin with \`from\` and end before \`to\`; either may be missing.
- **CSV.** A statement is CSV (RFC 4180) if \`Accept\` names \`text/csv\` first; the next page is then in the header \`Link\`.
- **Limits** of an account: \`overdraft_limit\`, \`transfer_limit\`, \`daily_limit\` (UTC days, by the arrival of the transfer; a transfer that
  came back counts). An overdraft limit below what is used of it lets nothing be debited until the account is covered.
`;

/** The calls that are shown, in this order. */
const shown: readonly { readonly id: OperationId; readonly name: string; readonly title: string }[] = [
  { id: 'openAccount', name: 'opened', title: 'Open an account' },
  { id: 'deposit', name: 'settled', title: 'Deposit' },
  { id: 'sendTransfer', name: 'noted', title: 'Transfer' },
  { id: 'sendTransfer', name: 'refused', title: 'Refusal: there is not enough on the account' },
  {
    id: 'sendTransfer',
    name: 'duplicate',
    title: 'Duplicate: a transfer that is settled already is answered as it was',
  },
  { id: 'sendTransfer', name: 'conflict', title: 'Conflict: the same id with another amount' },
  { id: 'getStatement', name: 'whole', title: 'Statement' },
];

export function apiPage(recorded: RecordedAnswers): string {
  const calls = shown.map((call) => callText(call, recorded)).join('\n');
  return `${INTRODUCTION}\n${operationTable()}\n${RULES}\n## Calls and their answers\n\n${worldText()}\n\n${calls}`;
}

function operationTable(): string {
  const rows = operationIds.map((id) => {
    const { method, path, scopes } = operation(id);
    const who = scopes.length === 0 ? 'anybody' : scopes.map((scope) => `\`${scope}\``).join(' or ');
    return `| \`${method} ${path}\` | ${operationDocuments[id].summary} | ${who} |`;
  });
  return `| request | what it does | scope |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function worldText(): string {
  const { bank, customers, transfers } = exampleWorld;
  const names = customers.map(({ account_id: id }) => `\`${id}\``).join(', ');
  const [first] = transfers;
  return `Each call is made of a fresh wallet with the accounts \`${bank.account_id}\`, ${names}, in which \`${first.to_account}\` has ${first.amount} ${first.currency}.`;
}

function callText({ id, name, title }: (typeof shown)[number], recorded: RecordedAnswers): string {
  const page: OperationDocument = operationDocuments[id];
  const example = page.examples[name];
  const answer = recorded[id]?.[name];
  if (example === undefined) throw new Error(`${id} has no example "${name}"`);
  const body = JSON.stringify(answer, undefined, 2);
  return `### ${title}\n\n\`\`\`sh\n${curlOf(id, example)}\n\`\`\`\n\n${example.status}:\n\n\`\`\`json\n${body}\n\`\`\`\n`;
}

function curlOf(id: OperationId, { params = {}, query = {}, body }: Example): string {
  const { method, path } = operation(id);
  const filled = path.replace(/\{(\w+)\}/g, (_, param: string) => params[param] ?? '');
  const search = new URLSearchParams(query).toString();
  const url = `"$API${filled}${search === '' ? '' : `?${search}`}"`;
  const call = `curl -s -X ${method} ${url} -H "authorization: Bearer $TOKEN"`;
  if (body === undefined) return call;
  return `${call} -H 'content-type: application/json' -d '\n  ${JSON.stringify(body)}'`;
}
