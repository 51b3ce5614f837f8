/**
 * Seals as objects `<name>.json` of a bucket with versions and object lock. An object is written only if its name is free
 * (`If-None-Match: *`), and what is there cannot be removed before its retention is over, whoever asks. The lock is one of versions:
 * it stops nobody from putting a newer one, or a mark of deletion, above the seal. So the first version of a name is the seal, and
 * nothing that came later is looked at.
 */
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
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
    const key = name + ENDING;
    try {
      const first = (await this.firstVersions(key)).get(key);
      if (first === undefined) return undefined;
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.bucketName, Key: key, VersionId: first }),
      );
      return await Body?.transformToString();
    } catch (cause) {
      throw new StoreFailure(`${name} was not read from the seals`, { cause });
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const keys = [...(await this.firstVersions(prefix)).keys()];
    yield* keys.filter((key) => key.endsWith(ENDING)).map((key) => key.slice(0, -ENDING.length));
  }

  /**
   * The oldest version of each key that begins so, in the order of the keys. S3 tells the versions of a key from the newest to the
   * oldest; marks of deletion are told apart from them.
   */
  private async firstVersions(prefix: string): Promise<ReadonlyMap<string, string>> {
    const first = new Map<string, string>();
    let from = {};
    for (;;) {
      const page = await this.client.send(
        new ListObjectVersionsCommand({ Bucket: this.bucketName, Prefix: prefix, ...from }),
      );
      for (const { Key, VersionId } of page.Versions ?? [])
        if (Key !== undefined && VersionId !== undefined) first.set(Key, VersionId);
      if (page.IsTruncated !== true) return first;
      from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
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
