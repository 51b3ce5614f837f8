/** Notes in a DynamoDB table with the key (id S): one item per note, inserted once and never changed. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { decodeNote, encodeNote, type KeptNote, type Note } from '../../core/contracts/note.ts';
import type { NoteStore } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { readItems } from './batch-reads.ts';
import { dynamoDb } from './clients.ts';
import { StoreFailure } from './failures.ts';
import { readItem, text, textAttribute } from './item-attributes.ts';
import { type ConditionalWrite, insertStatement, writeConditionally } from './partiql-writes.ts';

const itemSchema = z.object({ id: textAttribute, note: textAttribute });

export interface NoteStoreSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  readonly pause?: Pause;
}

export class DynamoDbNoteStore implements NoteStore {
  private readonly client: DynamoDBClient;
  private readonly tableName: string;
  private readonly pause: Pause;

  constructor(settings: NoteStoreSettings) {
    this.client = settings.client ?? dynamoDb();
    this.tableName = settings.tableName;
    this.pause = settings.pause ?? pause;
  }

  async put(notes: readonly KeptNote[]): Promise<void> {
    const byKey = new Map(notes.map((kept) => [kept.key, kept]));
    const writes = [...byKey.values()].map(({ key, note }): ConditionalWrite => {
      const item = { id: text(key), note: text(encodeNote(note)) };
      return { key, statement: insertStatement(this.tableName, item) };
    });
    const outcomes = await writeConditionally(this.client, writes, this.pause);
    const unknown = outcomes.find((outcome) => outcome.kind === 'unknown');
    if (unknown !== undefined) throw new StoreFailure('a note is not known to be kept', { cause: unknown.cause });
  }

  async get(keys: readonly string[]): Promise<ReadonlyMap<string, Note>> {
    const wanted = [...new Set(keys)].map((key) => ({ id: text(key) }));
    if (wanted.length === 0) return new Map();
    const { client, tableName, pause: wait } = this;
    const items = await readItems({ client, tableName, consistent: true, pause: wait }, wanted);
    return new Map(
      items.map((item): [string, Note] => {
        const { id, note } = readItem(itemSchema, item, 'a note');
        return [id, decodeNote(note)];
      }),
    );
  }
}
