/**
 * What requests to DynamoDB cost on AWS, counted in the SDK's client from the items themselves and not from what a stand-in for
 * DynamoDB says. It keeps a copy of what was written, since an update costs the size of the whole item.
 *
 * Write units: per item and begun KB, of the larger of the item before and after; a refused condition costs as much.
 * Read units: per 4 KB begun, of a query all its items together, of single reads each item, at least one; half of that when the
 * read is eventually consistent (Amazon DynamoDB Developer Guide, "DynamoDB read and write operations").
 */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, itemBytes, READ_UNIT_BYTES, writeUnits } from '../../adapters/aws/item-size.ts';
import { answerRequests } from '../contract/stubbed-requests.ts';
import type { WalletTables } from '../contract/wallet-tables.ts';

interface Statement {
  readonly Statement?: string | undefined;
  readonly Parameters?: readonly AttributeValue[] | undefined;
}

interface KeysOfTable {
  readonly Keys?: readonly unknown[] | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

interface Request {
  readonly Statements?: readonly Statement[] | undefined;
  readonly RequestItems?: Readonly<Record<string, KeysOfTable>> | undefined;
  readonly ConsistentRead?: boolean | undefined;
  /** Of a deletion. */
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
}

interface ByTable {
  readonly [table: string]: readonly Item[];
}

interface Answer {
  /** Of statements, one after the other; of reads in batches, by table. */
  readonly Responses?: readonly { readonly Error?: unknown }[] | ByTable;
  readonly Items?: readonly Item[];
  readonly Item?: Item;
}

type Table = keyof WalletTables;

export class DynamoDbBill {
  requests = 0;
  readUnits = 0;
  readonly writeUnits: Record<Table, number> = {
    ledger: 0,
    transfers: 0,
    views: 0,
    openWork: 0,
    archiveIndex: 0,
    notes: 0,
  };
  /** Items inserted into the ledger, in order: the records of its stream. */
  readonly streamRecords: Item[] = [];
  private readonly tableOfName: ReadonlyMap<string, Table>;
  private readonly items = new Map<string, Item>();

  constructor(client: DynamoDBClient, tables: WalletTables) {
    const { ledger, transfers, views, openWork, archiveIndex } = tables;
    this.tableOfName = new Map([
      [ledger, 'ledger'],
      [transfers, 'transfers'],
      [views, 'views'],
      [openWork, 'openWork'],
      [archiveIndex, 'archiveIndex'],
    ]);
    answerRequests(client, async (input, command, send) => {
      const answer = await send();
      this.charge(command, input, answer);
      return answer;
    });
  }

  get allWriteUnits(): number {
    return sum(Object.values(this.writeUnits));
  }

  /** Starts a new bill; what is stored stays known. */
  reset(): void {
    this.requests = 0;
    this.readUnits = 0;
    this.writeUnits.ledger = 0;
    this.writeUnits.transfers = 0;
    this.writeUnits.views = 0;
    this.writeUnits.openWork = 0;
    this.streamRecords.length = 0;
  }

  private charge(command: string, request: Request, answer: Answer): void {
    this.requests += 1;
    if (command === 'BatchExecuteStatementCommand') this.chargeStatements(request, answer);
    else if (command === 'BatchGetItemCommand') this.chargeBatch(request, answer);
    else if (command === 'QueryCommand') this.chargeRead(sum((answer.Items ?? []).map(itemBytes)), request);
    else if (command === 'GetItemCommand') this.chargeRead(itemBytes(answer.Item ?? {}), request);
    else if (command === 'DeleteItemCommand') this.chargeDeletion(request);
    else throw new Error(`the bill knows no price of ${command}`);
  }

  private chargeStatements({ Statements = [] }: Request, { Responses }: Answer): void {
    if (Responses === undefined || !isList(Responses)) throw new Error('statements were not answered');
    for (const [i, { Statement = '', Parameters = [] }] of Statements.entries()) {
      const table = this.tableOf(/"([^"]+)"/.exec(Statement)?.[1]);
      const written = Statement.startsWith('INSERT') ? inserted(Statement, Parameters) : updated(Parameters);
      const key = keyOf(table, written);
      const before = this.items.get(key);
      const after = { ...before, ...written };
      this.writeUnits[table] += writeUnits(Math.max(itemBytes(before ?? {}), itemBytes(after)));
      if (Responses[i]?.Error !== undefined) continue;
      this.items.set(key, after);
      if (table === 'ledger') this.streamRecords.push(after);
    }
  }

  /** A deletion costs the size of the item that is taken away. */
  private chargeDeletion({ TableName, Key = {} }: Request): void {
    const table = this.tableOf(TableName);
    const key = keyOf(table, Key);
    this.writeUnits[table] += writeUnits(itemBytes(this.items.get(key) ?? {}));
    this.items.delete(key);
  }

  private chargeBatch({ RequestItems = {} }: Request, { Responses = {} }: Answer): void {
    if (isList(Responses)) throw new Error('keys were not answered');
    for (const [name, { Keys = [], ConsistentRead = false }] of Object.entries(RequestItems)) {
      const found = Responses[name] ?? [];
      for (const item of found) this.chargeRead(itemBytes(item), { ConsistentRead });
      for (let missing = Keys.length - found.length; missing > 0; missing -= 1) this.chargeRead(0, { ConsistentRead });
    }
  }

  private chargeRead(bytes: number, { ConsistentRead }: Request): void {
    this.readUnits += Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (ConsistentRead === true ? 1 : 0.5);
  }

  private tableOf(name: string | undefined): Table {
    const table = this.tableOfName.get(name ?? '');
    if (table === undefined) throw new Error(`a request to an unknown table "${name}"`);
    return table;
  }
}

function isList<List extends readonly unknown[], Other>(value: List | Other): value is List {
  return Array.isArray(value);
}

/** The item of an INSERT: its names stand in the statement, its values in the parameters. */
function inserted(statement: string, parameters: readonly AttributeValue[]): Item {
  const names = [...statement.matchAll(/'([^']+)': \?/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.flatMap((name, i) => (parameters[i] === undefined ? [] : [[name, parameters[i]]])));
}

/** The attributes of the one UPDATE there is, which raises the status of a transfer. */
function updated([rank, status, outcome, id]: readonly AttributeValue[]): Item {
  if (rank === undefined || status === undefined || outcome === undefined || id === undefined) {
    throw new Error('an update with other parameters than those of a status');
  }
  return { id, rank, status, outcome };
}

function keyOf(table: Table, item: Item): string {
  const keys = {
    ledger: ['account', 'version'],
    transfers: ['id'],
    views: ['view', 'key'],
    openWork: ['bucket', 'key'],
    archiveIndex: ['account', 'key'],
    notes: ['id'],
  } as const;
  return JSON.stringify([table, ...keys[table].map((name) => item[name])]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
