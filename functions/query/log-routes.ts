/** What happened on an account, from its log: its transfers, and its statement. */

import { type Caller, isOperator, maySeeAccount } from '../../core/contracts/caller.ts';
import type { TransferRecord } from '../../core/contracts/claim.ts';
import {
  type AccountReading,
  isTransferOnRecord,
  payeesResource,
  sentTransferResource,
  transferResource,
} from '../../core/contracts/http-answers.ts';
import {
  type Period,
  type Read,
  readAccountId,
  readDirection,
  readPeriod,
} from '../../core/contracts/http-requests.ts';
import {
  type AccountTransferPage,
  type AccountTransferResource,
  type StatementReading,
  statementCsv,
  statementResource,
} from '../../core/contracts/list-answers.ts';
import type { Note } from '../../core/contracts/note.ts';
import {
  logCursor,
  readLogCursor,
  readPageLimit,
  readStatementCursor,
  type StatementPlace,
  statementCursor,
} from '../../core/contracts/paging.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { accountKey } from '../../core/domain/lane.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { type ListedTransfer, listTransfers } from '../../core/flows/list-transfers.ts';
import { readAccount } from '../../core/flows/read-account.ts';
import { readStatement } from '../../core/flows/read-statement.ts';
import { readNotes } from '../../core/flows/transfer-notes.ts';
import type { Clock, EventLog, NoteStore, TransferStore } from '../../core/ports.ts';
import {
  type ApiAnswer,
  type ApiCall,
  answerFault,
  answerProblem,
  answerResource,
  answerText,
} from '../runtime/route.ts';

export interface LogQueryPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly notes: NoteStore;
  readonly clock: Clock;
}

export function logHandlers(ports: LogQueryPorts) {
  return {
    listAccountTransfers: (call: ApiCall) => withAccount(ports, call, (account) => showTransfers(ports, call, account)),
    getStatement: (call: ApiCall) => withAccount(ports, call, (account) => showStatement(ports, call, account)),
  };
}

/** Goes on with an account that the caller may see; any other is answered as one that was never opened. */
async function withAccount(
  ports: LogQueryPorts,
  call: ApiCall,
  goOn: (account: AccountReading) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const account = readAccountId(call.params['account_id'] ?? '');
  if (!account.ok) return answerFault(account.fault);
  const reading = await readAccount(ports, { scope: call.caller.scope, account: account.value });
  if (reading !== undefined && maySeeAccount(call.caller, reading.state)) return goOn(reading);
  const members = { account_id: account.value };
  return answerProblem(problemOf('account_not_found', 'No account was opened with this id.', members));
}

// ── Transfers ──

async function showTransfers(ports: LogQueryPorts, { query, caller }: ApiCall, { account }: AccountReading) {
  const period = readPeriod(query);
  if (!period.ok) return answerFault(period.fault);
  const direction = readDirection(query['direction']);
  if (!direction.ok) return answerFault(direction.fault);
  const limit = readPageLimit(query['limit']);
  if (!limit.ok) return answerFault(limit.fault);
  const before = readLogCursor(query['cursor']);
  if (!before.ok) return answerFault(before.fault);
  const asked = { ...period.value, direction: direction.value, limit: limit.value, before: before.value };
  const { scope } = caller;
  const page = await listTransfers(ports.log, { account: accountKey({ scope, account }), ...asked });
  const { records, notes } = await recordsOf(ports, scope, page.transfers);
  const transfers = page.transfers.map((listed) => {
    const record = records.get(transferClaimId(scope, listed.transfer));
    return listedResource(caller, listed, record, notes.get(listed.transfer));
  });
  const cursor = page.next === undefined ? null : logCursor(page.next);
  const resource: AccountTransferPage = { account_id: account, transfers, next_cursor: cursor };
  return answerResource(200, resource);
}

/** A transfer as it stands now. What the log says is enough to show it, should its record be unreadable. */
function listedResource(
  caller: Caller,
  listed: ListedTransfer,
  record: TransferRecord | undefined,
  note: Note | undefined,
): AccountTransferResource {
  const { direction, transfer, arrival } = listed;
  const isOnRecord = record !== undefined && isTransferOnRecord(record);
  const known = isOnRecord ? transferResource(transfer, record) : sentTransferResource(listed, arrival);
  const whole = { ...known, ...note };
  const seesAll = direction === 'out' || isOperator(caller) || record?.by === caller.subject;
  return { ...(seesAll ? whole : payeesResource(whole)), direction };
}

/** What is on record of transfers, and what was written beside them: one read of each kind for all. */
async function recordsOf(ports: LogQueryPorts, scope: string, transfers: readonly { readonly transfer: string }[]) {
  const ids = new Set(transfers.map(({ transfer }) => transferClaimId(scope, transfer)));
  const records = await ports.transfers.get([...ids], { consistent: true });
  const onRecord = transfers.map(({ transfer }) => {
    const record = records.get(transferClaimId(scope, transfer));
    return { transfer, record: record !== undefined && isTransferOnRecord(record) ? record : undefined };
  });
  return { records, notes: await readNotes(ports.notes, scope, onRecord) };
}

// ── Statement ──

async function showStatement(ports: LogQueryPorts, call: ApiCall, reading: AccountReading): Promise<ApiAnswer> {
  const { query, caller } = call;
  const asked = readStatementQuery(query);
  if (!asked.ok) return answerFault(asked.fault);
  const { account, state } = reading;
  const { from, to } = asked.value;
  const page = await readStatement(ports.log, {
    account: accountKey({ scope: caller.scope, account }),
    ...asked.value,
  });
  const { opening, closing, next } = page;
  const { notes } = await recordsOf(ports, caller.scope, page.entries);
  const entries = page.entries.map((entry) => ({ ...entry, description: notes.get(entry.transfer)?.description }));
  const cursor = next === undefined ? null : statementCursor(next);
  const statement = { account, currency: state.currency, from, to, opening, closing, entries, cursor };
  return wantsCsv(call.headers['accept'])
    ? csvAnswer(statement, query)
    : answerResource(200, statementResource(statement));
}

function readStatementQuery(
  query: ApiCall['query'],
): Read<Period & { readonly limit: number; readonly place: StatementPlace | undefined }> {
  const period = readPeriod(query);
  if (!period.ok) return period;
  const limit = readPageLimit(query['limit']);
  if (!limit.ok) return limit;
  const place = readStatementCursor(query['cursor']);
  if (!place.ok) return place;
  return { ok: true, value: { ...period.value, limit: limit.value, place: place.value } };
}

/** A table has no place for the next page's cursor, so it is in a header (RFC 8288), as the query of the same path. */
function csvAnswer(statement: StatementReading, query: ApiCall['query']): ApiAnswer {
  const headers =
    statement.cursor === null ? {} : { link: `<?${queryOf({ ...query, cursor: statement.cursor })}>; rel="next"` };
  return answerText('text/csv; charset=utf-8', statementCsv(statement), headers);
}

function queryOf(values: ApiCall['query']): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return new URLSearchParams(Object.fromEntries(given)).toString();
}

/** Of JSON and CSV the one that is named first (RFC 9110, without weights); JSON for everything else. */
function wantsCsv(accept: string | undefined): boolean {
  const named = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  const csv = named.indexOf('text/csv');
  const json = named.indexOf('application/json');
  return csv >= 0 && (json < 0 || csv < json);
}
