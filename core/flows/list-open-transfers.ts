/**
 * Transfers that were debited and are not over: what open work says is under way, less what has ended meanwhile. A transfer is
 * found here from when its saga starts; before that it is a claim, or a command in the stream, for a moment.
 *
 * Records of open work are put off while a page is read, so a transfer may come twice or, for a page, not at all. Whoever wants to
 * be sure asks again: what is stuck stays.
 */
import { isTransferOnRecord, type TransferOnRecord } from '../contracts/http-answers.ts';
import { type OpenChunk, type OpenRecord, openKey } from '../contracts/open-work.ts';
import type { OpenPlace } from '../contracts/paging.ts';
import { accountOfKey } from '../domain/lane.ts';
import { isTerminal, transferClaimId } from '../domain/outcome.ts';
import type { SagaItem } from '../domain/transfer.ts';
import type { EventLog, OpenWork, TransferStore } from '../ports.ts';
import { debitsIn } from './check-back.ts';
import { inParallel } from './in-parallel.ts';

export interface OpenTransferPorts {
  readonly openWork: OpenWork;
  readonly log: EventLog;
  readonly transfers: TransferStore;
}

export interface OpenTransferQuery {
  readonly scope: string;
  /** Those from or to one account only. */
  readonly account?: string | undefined;
  readonly limit: number;
  readonly place?: OpenPlace | undefined;
}

export interface OpenTransfer {
  readonly transfer: string;
  readonly record: TransferOnRecord;
}

export interface OpenTransferPage {
  readonly transfers: readonly OpenTransfer[];
  readonly next: OpenPlace | undefined;
}

/** Records of open work that one page looks at; one that finds little in as many ends there. */
const RECORDS_PER_PAGE = 50;
/** Records that are read at once where only closings are, and how often: more accounts than are closing at any time. */
const CLOSINGS_PER_LIST = 500;
const MOST_LISTS = 100;
const PARALLEL_READS = 8;

/** One page of open transfers, those first that are due first. */
export async function listOpenTransfers(ports: OpenTransferPorts, query: OpenTransferQuery): Promise<OpenTransferPage> {
  const records = await ports.openWork.list(query.place?.key ?? '', RECORDS_PER_PAGE + 1);
  const found: OpenTransfer[] = [];
  for (const record of records.slice(0, RECORDS_PER_PAGE)) {
    const items = record.kind === 'chunk' ? await itemsOf(ports.log, record, query) : [];
    const first = query.place?.key === openKey(record) ? query.place.seen : 0;
    const open = await notOver(ports.transfers, items.slice(first));
    const room = query.limit - found.length;
    found.push(...open.slice(0, room).map(({ transfer, record: ofTransfer }) => ({ transfer, record: ofTransfer })));
    const left = open[room];
    if (left !== undefined) return { transfers: found, next: { key: openKey(record), seen: first + left.at } };
  }
  const rest = await chunkFrom(ports.openWork, records[RECORDS_PER_PAGE]);
  return { transfers: found, next: rest === undefined ? undefined : { key: openKey(rest), seen: 0 } };
}

/**
 * The chunk that the next page begins with: the given record, or the first chunk behind it. A closing is passed over, for it has no
 * transfers, and its key names an account, perhaps of another tenant.
 */
async function chunkFrom(openWork: OpenWork, record: OpenRecord | undefined): Promise<OpenChunk | undefined> {
  let here = record;
  for (let list = 0; here?.kind === 'closing'; list += 1) {
    if (list >= MOST_LISTS) throw new Error(`there are ${MOST_LISTS * CLOSINGS_PER_LIST} closings and no end of them`);
    const records = await openWork.list(openKey(here), CLOSINGS_PER_LIST);
    const isLast = records.length < CLOSINGS_PER_LIST;
    here = records.find(({ kind }) => kind === 'chunk') ?? (isLast ? undefined : records.at(-1));
  }
  return here;
}

async function itemsOf(log: EventLog, { debits }: OpenChunk, query: OpenTransferQuery): Promise<readonly SagaItem[]> {
  const ours = debits.filter(({ account }) => accountOfKey(account).scope === query.scope);
  const items = await inParallel(ours, PARALLEL_READS, (range) => debitsIn(log, range));
  const { account } = query;
  return items.flat().filter(({ from, to }) => account === undefined || from === account || to === account);
}

async function notOver(transfers: TransferStore, items: readonly SagaItem[]) {
  const ids = items.map(({ scope, transfer }) => transferClaimId(scope, transfer));
  const records = await transfers.get(ids, { consistent: true });
  return items.flatMap(({ scope, transfer }, at) => {
    const record = records.get(transferClaimId(scope, transfer));
    const isOpen = record !== undefined && isTransferOnRecord(record) && !isTerminal(record.status);
    return isOpen ? [{ transfer, record, at }] : [];
  });
}
