/**
 * Seals as objects `<name>.json` of a bucket with object lock. An object is written only if its name is free (`If-None-Match: *`), and
 * what is there cannot be removed before its retention is over, whoever asks.
 */
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ArchivedText, SealStore } from '../../core/ports.ts';
import { s3 } from './clients.ts';
import { StoreFailure } from './failures.ts';

const ENDING = '.json';

export interface SealsSettings {
  readonly bucketName: string;
  readonly client?: S3Client;
}

export class S3Seals implements SealStore {
  private readonly client: S3Client;
  private readonly bucketName: string;

  constructor({ bucketName, client }: SealsSettings) {
    this.client = client ?? s3();
    this.bucketName = bucketName;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    for (const text of texts) await this.putOne(text);
  }

  async get(name: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucketName, Key: name + ENDING }));
      return await Body?.transformToString();
    } catch (cause) {
      if (cause instanceof NoSuchKey) return undefined;
      throw new StoreFailure(`${name} was not read from the seals`, { cause });
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucketName, Prefix: prefix });
    for await (const { Contents = [] } of pages)
      for (const { Key } of Contents) if (Key?.endsWith(ENDING)) yield Key.slice(0, -ENDING.length);
  }

  private async putOne({ name, text }: ArchivedText): Promise<void> {
    const request = { Bucket: this.bucketName, Key: name + ENDING, Body: text, ContentType: 'application/json' };
    try {
      await this.client.send(new PutObjectCommand({ ...request, IfNoneMatch: '*' }));
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'PreconditionFailed') return;
      throw new StoreFailure(`${name} was not put into the seals`, { cause });
    }
  }
}
