/**
 * The archive as objects `<name>.gz` of a bucket. An object is written only if its name is free (`If-None-Match: *`), so a text
 * that is made again leaves no second version behind, and nobody who may only put can change what is there.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { Archive, ArchivedText } from '../../core/ports.ts';
import { s3 } from './clients.ts';
import { StoreFailure } from './failures.ts';

const PARALLEL_PUTS = 8;
/** S3 takes no more keys in one request. */
const MAX_KEYS_PER_DELETION = 1_000;
const ENDING = '.gz';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

export interface ArchiveSettings {
  readonly bucketName: string;
  readonly client?: S3Client;
}

export class S3Archive implements Archive {
  private readonly client: S3Client;
  private readonly bucketName: string;

  constructor(settings: ArchiveSettings) {
    this.client = settings.client ?? s3();
    this.bucketName = settings.bucketName;
  }

  async put(texts: readonly ArchivedText[]): Promise<void> {
    await inParallel(texts, PARALLEL_PUTS, (text) => this.putOne(text));
  }

  async get(name: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucketName, Key: name + ENDING }));
      const bytes = await Body?.transformToByteArray();
      return bytes === undefined ? undefined : (await uncompress(bytes)).toString('utf8');
    } catch (cause) {
      if (cause instanceof NoSuchKey) return undefined;
      throw new StoreFailure(`${name} was not read from the archive`, { cause });
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucketName, Prefix: prefix });
    for await (const { Contents = [] } of pages)
      for (const { Key } of Contents) if (Key?.endsWith(ENDING)) yield Key.slice(0, -ENDING.length);
  }

  async remove(names: readonly string[]): Promise<void> {
    for (let i = 0; i < names.length; i += MAX_KEYS_PER_DELETION) {
      const Objects = names.slice(i, i + MAX_KEYS_PER_DELETION).map((name) => ({ Key: name + ENDING }));
      const { Errors = [] } = await this.client.send(
        new DeleteObjectsCommand({ Bucket: this.bucketName, Delete: { Objects, Quiet: true } }),
      );
      if (Errors[0] !== undefined) throw new StoreFailure(`${Errors[0].Key} was not removed: ${Errors[0].Message}`);
    }
  }

  private async putOne({ name, text }: ArchivedText): Promise<void> {
    try {
      await this.client.send(
        new PutObjectCommand({
          Bucket: this.bucketName,
          Key: name + ENDING,
          Body: await compress(text),
          ContentType: 'application/gzip',
          IfNoneMatch: '*',
        }),
      );
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'PreconditionFailed') return;
      throw new StoreFailure(`${name} was not put into the archive`, { cause });
    }
  }
}
