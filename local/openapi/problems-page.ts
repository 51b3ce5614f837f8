/** The page of problems for people, made from the table of problems and from the pages of the operations. */
import { type OperationDocument, operationDocuments } from '../../core/contracts/operation-documents.ts';
import { operation, operationIds } from '../../core/contracts/operations.ts';
import {
  FAILED_TRANSFER_STATUS,
  type ProblemReason,
  problemOf,
  problemReasons,
  problemRow,
} from '../../core/contracts/problems.ts';
import { problemsByStatus } from './document.ts';

const INTRODUCTION = `# Problems

What is not done is told by a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), as \`application/problem+json\`:

| member | |
|---|---|
| \`type\` | Identifies the reason to programs, for ever. A name, not an address: there is nothing to fetch. |
| \`title\` | The reason, for people. |
| \`status\` | The HTTP status; of an item of a batch, the one it would have alone. |
| \`detail\` | What is special about this occurrence, for people. |
| \`reason\` | The last part of \`type\`, with \`_\`. |
| \`field\` | Where the request is wrong: a path in the body (\`transfers[3].amount\`), or the name of a parameter or header. |
| \`fields\` | With \`content_conflict\`: what differs from what the identity stands for. |
| \`transaction_id\`, \`account_id\`, \`request_id\` | What it is about, as far as it is known. |
| \`state\` | Of a transfer or request that is over: \`rejected\` or \`reversed\`. |

A transfer that failed is a problem with status ${FAILED_TRANSFER_STATUS} whatever its reason, for the request was understood and the transfer exists, as failed; it
has the members of the transfer, and the payer's balance where the transfer came back, or was refused for want of money or for a limit. What
API Gateway refuses itself has the same form and types.

\`throttled\` and \`unavailable\` pass: ask again after \`Retry-After\` seconds, with the same identity.

This page is made from the table in \`core/contracts/problems.ts\` by \`npm run openapi\`.
`;

export function problemsPage(): string {
  const rows = problemReasons.map((reason) => {
    const { status, title, metric } = problemRow(reason);
    return `| \`${problemOf(reason, '').type}\` | ${status} | ${title} | ${metric} | ${where(reason)} |`;
  });
  return `${INTRODUCTION}\n| type | status | title | metric | operations |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The operations that can have a problem; what most of them have is said in a word. */
function where(reason: ProblemReason): string {
  const ids = operationIds.filter((id) => {
    const page: OperationDocument = operationDocuments[id];
    return [...problemsByStatus(operation(id), page).values()].flat().includes(reason);
  });
  if (ids.length === 0) return '';
  const withBody = operationIds.filter((id) => operation(id).method === 'POST');
  const isOfBodies = withBody.every((id) => ids.includes(id)) && ids.length === withBody.length;
  if (isOfBodies) return 'every POST';
  if (ids.length > operationIds.length - 4 && ids.length > withBody.length) return 'nearly all';
  return ids.map((id) => `\`${id}\``).join(', ');
}
