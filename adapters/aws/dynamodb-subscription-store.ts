/**
 * Who is connected and waits for what, in a DynamoDB table with the key (key S):
 *
 *   connection#ID              its caller, when it ends, and the set of what it waits for
 *   caller#TENANT SUBJECT      the set of the caller's connections, each with when it ends
 *   transfer#CLAIM             the set of connections that wait for it
 *
 * One item says who waits for a transfer, so a hundred transfers are asked for in one request. A connection ends after two hours at
 * most, and its items leave by themselves some time after that, whether anybody has said that it ended or not.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { callerOfContext, contextOfCaller } from '../../core/contracts/caller.ts';
import { type Connection, LONGEST_CONNECTION_MS } from '../../core/contracts/outcome-socket.ts';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { SubscriptionStore } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { readItems } from './batch-reads.ts';
import { dynamoDb } from './clients.ts';
import { DamagedItem } from './failures.ts';
import { integerAttribute, number, readItem, text, textAttribute } from './item-attributes.ts';
import type { Item } from './item-size.ts';

const PARALLEL_WRITES = 20;
/** Digits of a time in milliseconds; there are as many until the year 2286. */
const TIME_DIGITS = 13;

const textsAttribute = z.pipe(
  z.object({ SS: z.array(z.string()) }),
  z.transform(({ SS }) => SS),
);
const texts = z._default(z.optional(textsAttribute), []);
const connectionSchema = z.object({
  key: textAttribute,
  caller: textAttribute,
  until: integerAttribute,
  waits: texts,
});
const callerSchema = z.object({ members: texts });
const transferSchema = z.object({ key: textAttribute, waiters: texts });

export interface SubscriptionStoreSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

export class DynamoDbSubscriptionStore implements SubscriptionStore {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;

  constructor(settings: SubscriptionStoreSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
  }

  /** The place comes last: one that was taken for a connection that is not kept would be free only when its time is over. */
  async connect(connection: Connection, most: number, now: number): Promise<boolean> {
    const { id, caller, until } = connection;
    const what = { caller: text(JSON.stringify(contextOfCaller(caller))), until: number(until) };
    const Item = { key: text(connectionKey(id)), ...what, expires: expiryOf(connection) };
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item }));
    const hasRoom = (await this.join(connection, most)) || (await this.joinAfterOthers(connection, most, now));
    if (!hasRoom) await this.remove(connectionKey(id));
    return hasRoom;
  }

  async connections(ids: readonly string[]): Promise<readonly Connection[]> {
    return (await this.read(ids.map(connectionKey))).map((item) => connectionOf(item));
  }

  async subscribe(connection: Connection, ids: readonly string[], most: number): Promise<boolean> {
    if (ids.length > most) return false;
    const { id } = connection;
    const isNoted = (await this.note(id, ids, most - ids.length)) || (await this.noteMore(id, ids, most));
    if (!isNoted) return false;
    try {
      await this.addWaiter(connection, ids);
    } catch (error) {
      // Whoever asks for others then has the room that these took; what is left of them leads to nothing.
      await this.takeOut(connectionKey(id), 'waits', ids).catch(() => {});
      throw error;
    }
    return true;
  }

  /** Notes on a connection what it waits for, if it waits for no more than `room` others. */
  private note(connection: string, ids: readonly string[], room: number): Promise<boolean> {
    return this.update(connectionKey(connection), {
      UpdateExpression: 'ADD #waits :ids',
      ConditionExpression: 'attribute_exists(#key) AND (attribute_not_exists(#waits) OR size(#waits) <= :room)',
      ExpressionAttributeNames: { '#key': 'key', '#waits': 'waits' },
      ExpressionAttributeValues: { ':ids': { SS: [...ids] }, ':room': number(room) },
    });
  }

  /** As {@link note}, but what the connection waits for already takes no more room: who was not answered asks for the same again. */
  private async noteMore(connection: string, ids: readonly string[], most: number): Promise<boolean> {
    const [item] = await this.read([connectionKey(connection)]);
    if (item === undefined) return false;
    const { waits } = readItem(connectionSchema, item, 'a connection');
    const fits = new Set([...waits, ...ids]).size <= most;
    return fits && this.note(connection, ids, waits.length);
  }

  private async addWaiter(connection: Connection, ids: readonly string[]): Promise<void> {
    await inParallel(ids, PARALLEL_WRITES, (id) =>
      this.update(transferKey(id), {
        UpdateExpression: 'SET #expires = :expires ADD #waiters :me',
        ExpressionAttributeNames: { '#expires': 'expires', '#waiters': 'waiters' },
        ExpressionAttributeValues: { ':expires': expiryOf(connection), ':me': { SS: [connection.id] } },
      }),
    );
  }

  async waiting(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const items = await this.read(ids.map(transferKey));
    return new Map(
      items.flatMap((item): [string, readonly string[]][] => {
        const { key, waiters } = readItem(transferSchema, item, 'who waits for a transfer');
        return waiters.length === 0 ? [] : [[key.slice(TRANSFER.length), waiters]];
      }),
    );
  }

  async release(connection: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.forget(connection, ids);
    await this.takeOut(connectionKey(connection), 'waits', ids);
  }

  async disconnect(id: string): Promise<void> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: keyOf(connectionKey(id)), ConsistentRead: true }),
    );
    if (Item === undefined) return;
    const connection = connectionOf(Item);
    await this.forget(id, readItem(connectionSchema, Item, 'a connection').waits);
    await this.takeOut(callerKey(connection), 'members', [memberOf(connection)]);
    await this.remove(connectionKey(id));
  }

  private async remove(key: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: keyOf(key) }));
  }

  /** Takes one of the caller's places. That the answer of an earlier try was lost is no reason to refuse. */
  private join(connection: Connection, most: number): Promise<boolean> {
    const member = memberOf(connection);
    return this.update(callerKey(connection), {
      UpdateExpression: 'SET #expires = :expires ADD #members :me',
      ConditionExpression: 'attribute_not_exists(#members) OR size(#members) < :most OR contains(#members, :name)',
      ExpressionAttributeNames: { '#expires': 'expires', '#members': 'members' },
      ExpressionAttributeValues: {
        ':expires': expiryOf(connection),
        ':me': { SS: [member] },
        ':name': text(member),
        ':most': number(most),
      },
    });
  }

  /** As {@link join}, once the places of those are free whose end nobody has told. */
  private async joinAfterOthers(connection: Connection, most: number, now: number): Promise<boolean> {
    const key = callerKey(connection);
    const [item] = await this.read([key]);
    const members = item === undefined ? [] : readItem(callerSchema, item, "a caller's connections").members;
    const ended = members.filter((member) => Number(member.slice(0, TIME_DIGITS)) <= now);
    if (ended.length === 0) return false;
    await this.takeOut(key, 'members', ended);
    return this.join(connection, most);
  }

  /** Nobody is told of these transfers for that connection any more. */
  private async forget(connection: string, ids: readonly string[]): Promise<void> {
    await inParallel(ids, PARALLEL_WRITES, (id) => this.takeOut(transferKey(id), 'waiters', [connection]));
  }

  /** Takes members out of a set; an item that is not there stays so, for it would have no end. */
  private async takeOut(key: string, set: string, members: readonly string[]): Promise<void> {
    await this.update(key, {
      UpdateExpression: 'DELETE #set :members',
      ConditionExpression: 'attribute_exists(#key)',
      ExpressionAttributeNames: { '#set': set, '#key': 'key' },
      ExpressionAttributeValues: { ':members': { SS: [...members] } },
    });
  }

  private async read(keys: readonly string[]): Promise<readonly Item[]> {
    const { client, tableName, pause: wait } = this;
    const wanted = [...new Set(keys)].map((key) => keyOf(key));
    return readItems({ client, tableName, consistent: true, pause: wait }, wanted);
  }

  /** False if the condition does not hold. */
  private async update(key: string, change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    try {
      await this.client.send(new UpdateItemCommand({ TableName: this.tableName, Key: keyOf(key), ...change }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

const CONNECTION = 'connection#';
const TRANSFER = 'transfer#';

function connectionKey(id: string): string {
  return `${CONNECTION}${id}`;
}

function transferKey(id: string): string {
  return `${TRANSFER}${id}`;
}

/** A tenant's name has no space in it. */
function callerKey({ caller: { scope, subject } }: Connection): string {
  return `caller#${scope} ${subject}`;
}

function keyOf(key: string) {
  return { key: text(key) };
}

/** A connection among those of its caller: when it ends, then its id. */
function memberOf({ id, until }: Connection): string {
  return `${String(until).padStart(TIME_DIGITS, '0')} ${id}`;
}

/** Seconds. Later than the end of any connection that is there now, since several write it to one item. */
function expiryOf({ until }: Connection) {
  return number(Math.ceil((until + LONGEST_CONNECTION_MS) / 1_000));
}

function connectionOf(item: Item): Connection {
  const { key, caller: context, until } = readItem(connectionSchema, item, 'a connection');
  const caller = callerOfContext(JSON.parse(context));
  if (caller === undefined) throw new DamagedItem('a connection cannot be read: its caller is none');
  return { id: key.slice(CONNECTION.length), caller, until };
}
