/**
 * What was set aside, as objects of a bucket: single records that the processor put there, and whole batches that an event source
 * mapping gave up on. Lambda writes the latter with the event in `payload`, as JSON or as a text of JSON.
 */
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { COMMIT_PREFIX } from '../../core/flows/decode-commits.ts';
import type { SetAside, SetAsideStore } from '../../core/flows/redrive.ts';
import { s3 } from './clients.ts';
import { DamagedItem } from './failures.ts';

const quarantinedSchema = z.object({ key: z.string(), data: z.string() });
/** A commit that the projector put aside, in `data`. */
const commitSchema = z.object({ account: z.string(), version: z.int() });
const batchSchema = z.object({ payload: z.union([z.string(), z.object({ Records: z.array(z.unknown()) })]) });
const eventSchema = z.object({
  Records: z.array(
    z.union([
      z.object({ kinesis: z.object({ data: z.string() }) }),
      z.object({
        dynamodb: z.object({
          Keys: z.object({ account: z.object({ S: z.string() }), version: z.object({ N: z.string() }) }),
        }),
      }),
    ]),
  ),
});

export class S3SetAside implements SetAsideStore {
  private readonly client: S3Client;
  private readonly bucketName: string;

  constructor(settings: { readonly bucketName: string; readonly client?: S3Client }) {
    this.client = settings.client ?? s3();
    this.bucketName = settings.bucketName;
  }

  async *list(prefix: string): AsyncIterable<string> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucketName, Prefix: prefix });
    for await (const { Contents = [] } of pages) for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }

  async read(name: string): Promise<SetAside> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucketName, Key: name }));
    return readSetAside(name, (await Body?.transformToString()) ?? '');
  }

  async remove(name: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucketName, Key: name }));
  }
}

/** Reads an object's text. */
export function readSetAside(name: string, text: string): SetAside {
  try {
    const json: unknown = JSON.parse(text);
    const single = quarantinedSchema.safeParse(json);
    if (single.success) return readSingle(single.data);
    const { payload } = batchSchema.parse(json);
    return readEvent(eventSchema.parse(typeof payload === 'string' ? JSON.parse(payload) : payload));
  } catch (cause) {
    throw new DamagedItem(`${name} is nothing that was set aside`, { cause });
  }
}

function readSingle({ key, data }: z.infer<typeof quarantinedSchema>): SetAside {
  const bytes = bytesOf(data);
  if (!key.startsWith(COMMIT_PREFIX)) return { kind: 'commands', records: [bytes] };
  return { kind: 'commits', commits: [commitSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))] };
}

function readEvent({ Records }: z.infer<typeof eventSchema>): SetAside {
  const records = Records.flatMap((record) => ('kinesis' in record ? [bytesOf(record.kinesis.data)] : []));
  if (records.length > 0) return { kind: 'commands', records };
  const keys = Records.flatMap((record) => ('dynamodb' in record ? [record.dynamodb.Keys] : []));
  return {
    kind: 'commits',
    commits: keys.map(({ account, version }) => ({ account: account.S, version: Number(version.N) })),
  };
}

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}
