/**
 * A reconciliation as one page of HTML that can be kept and sent: no script, nothing from elsewhere. All that comes from a bank or a
 * client is escaped, and the page forbids itself everything but its own style.
 */
import type { BreakResource, ReportResource } from './reconciliation-resource.ts';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{border-bottom:1px solid #d6dbe1;padding:.35rem .6rem;text-align:left;vertical-align:top}th{background:#f2f4f7;font-weight:600}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}code{font-size:.85em;overflow-wrap:anywhere}
.open{color:#a3260f;font-weight:600}.done{color:#1d6b35}small{color:#59636e}`;

/** The page of the reports of one run. @param madeAt time of the run, as text */
export function reconciliationPage(reports: readonly ReportResource[], madeAt: string): string {
  const open = reports.reduce((sum, { open_breaks }) => sum + open_breaks, 0);
  const verdict = open === 0 ? '<p class="done">No open breaks.</p>' : `<p class="open">Open breaks: ${open}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Reconciliation</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><h1>Reconciliation</h1><p>Made ${escaped(madeAt)}. Amounts have the bank's sign: positive when money came in there.</p>${verdict}
${summary(reports)}
${reports.filter(hasNews).map(section).join('\n')}
</body></html>
`;
}

/** Accounts in which all is right are in the summary only. */
function hasNews({ breaks, daily_balances }: ReportResource): boolean {
  return breaks.length > 0 || (daily_balances?.steps ?? []).some(({ is_rounding }) => !is_rounding);
}

function summary(reports: readonly ReportResource[]): string {
  const rows = reports.map((report) => [
    text(report.account_id),
    text(`${report.from} to ${report.to}`),
    number(report.bookings),
    number(Object.values(report.matched).reduce((sum, count) => sum + count, 0)),
    number(report.open_breaks),
    number(report.closing.bank ?? 'not told'),
    number(report.closing.wallet),
    number(report.change.by_breaks),
    number(report.change.unexplained),
  ]);
  const head = ['Account', 'Days', 'Bookings', 'Matches', 'Open breaks', 'Closing, bank', 'Closing, wallet'];
  return table([...head, 'Difference by breaks', 'Unexplained'], rows);
}

function section(report: ReportResource): string {
  const { account_id, statement, currency, breaks } = report;
  return `<h2>${escaped(account_id)} <small>statement ${escaped(statement)}, ${escaped(currency)}</small></h2>
${breaks.length === 0 ? '' : breaksTable(breaks)}${balancesTable(report)}`;
}

function breaksTable(breaks: readonly BreakResource[]): string {
  const rows = breaks.map((one) => [
    `<td><code>${escaped(one.break_id)}</code><br>${escaped(one.class.replaceAll('_', ' '))}</td>`,
    text(one.explanation),
    number(one.difference),
    list(
      one.bookings.map(
        (line) => `${line.booking_date} ${line.amount} ${line.references[0] ?? line.text} (${line.place})`,
      ),
    ),
    list(
      one.entries.map(
        (entry) => `${entry.at.slice(0, 10)} ${entry.amount} ${entry.transaction_id} ${entry.counterparty}`,
      ),
    ),
    `<td class="${one.status === 'open' ? 'open' : 'done'}">${escaped(standing(one))}</td>`,
  ]);
  return table(['Break', 'Why', 'Difference', 'At the bank', 'In the wallet', 'Status'], rows);
}

function standing({ status, assignee, resolution }: BreakResource): string {
  if (resolution !== null)
    return resolution.kind === 'adjusted' ? `adjusted by ${resolution.transfer}` : 'accepted as timing';
  return assignee === null ? status : `${status}, with ${assignee}`;
}

/** Days whose balances drift apart by more than rounding. */
function balancesTable({ daily_balances }: ReportResource): string {
  const steps = (daily_balances?.steps ?? []).filter(({ is_rounding }) => !is_rounding);
  if (steps.length === 0) return '';
  const rows = steps.map(({ day, bank, wallet, change }) => [text(day), number(bank), number(wallet), number(change)]);
  return `<p>Days on which the balances moved apart:</p>${table(['Day', 'Bank', 'Wallet', 'Change'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((title) => `<th>${escaped(title)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('\n');
  return `<table><thead><tr>${headings}</tr></thead><tbody>\n${body}\n</tbody></table>\n`;
}

function text(value: string): string {
  return `<td>${escaped(value)}</td>`;
}

function number(value: string | number): string {
  return `<td class="n">${escaped(String(value))}</td>`;
}

function list(lines: readonly string[]): string {
  return `<td>${lines.map((line) => `<code>${escaped(line)}</code>`).join('<br>')}</td>`;
}

function escaped(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
