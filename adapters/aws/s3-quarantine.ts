/** Quarantine as objects `quarantine/<key>.json` of a bucket; putting a record again replaces it by the same. */
import { hash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { inParallel } from '../../core/flows/in-parallel.ts';
import type { Quarantine, QuarantinedRecord } from '../../core/ports.ts';
import { s3 } from './clients.ts';
import { QuarantineFailure } from './failures.ts';

const PARALLEL_PUTS = 8;
/** S3's keys have at most 1,024 bytes, prefix and ending included. */
const MAX_NAME_BYTES = 1_000;

export interface QuarantineSettings {
  readonly bucketName: string;
  readonly client?: S3Client;
}

export class S3Quarantine implements Quarantine {
  private readonly client: S3Client;
  private readonly bucketName: string;

  constructor(settings: QuarantineSettings) {
    this.client = settings.client ?? s3();
    this.bucketName = settings.bucketName;
  }

  async put(records: readonly QuarantinedRecord[]): Promise<void> {
    await inParallel(records, PARALLEL_PUTS, (record) => this.putOne(record));
  }

  private async putOne(record: QuarantinedRecord): Promise<void> {
    const Key = objectKey(record.key);
    try {
      await this.client.send(
        new PutObjectCommand({
          Bucket: this.bucketName,
          Key,
          Body: bodyOf(record),
          ContentType: 'application/json',
        }),
      );
    } catch (cause) {
      throw new QuarantineFailure(`${Key} was not put`, { cause });
    }
  }
}

/**
 * The object's key. A partition key is any text that a sender chose, so all but plain characters are escaped, dots too: `..`
 * means the folder above to some readers of addresses. A name that gets too long is its hash.
 */
export function objectKey(recordKey: string): string {
  const escaped = recordKey
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()).replaceAll('.', '%2E'))
    .join('/');
  const name = escaped.length <= MAX_NAME_BYTES ? escaped : hash('sha256', recordKey, 'hex');
  return `quarantine/${name}.json`;
}

function bodyOf({ key, reason, partitionKey, sequence, arrival, data }: QuarantinedRecord): string {
  return JSON.stringify({ key, reason, partitionKey, sequence, arrival, data: Buffer.from(data).toString('base64') });
}
