/**
 * Shows what only a bucket can do to seals, on the emulator: whoever may write to it puts other versions and marks of deletion above a
 * seal, and the first version stays what is read; what is locked cannot be removed.
 */
import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { S3Seals } from '../../adapters/aws/s3-seals.ts';
import { emulatedCloud } from './emulated-cloud.ts';

const place = await emulatedCloud();
const client = new S3Client(place);
const requestSchema = z.object({ headers: z.record(z.string(), z.string()) });
const [first, second] = ['seals/2026-01-01', 'seals/2026-01-02'];

async function lockedBucket(): Promise<string> {
  const bucketName = `seals-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucketName, ObjectLockEnabledForBucket: true }));
  return bucketName;
}

test('a seal stays the one that was put first, whatever is put above it, and though it is marked as deleted', async () => {
  const bucketName = await lockedBucket();
  const seals = new S3Seals({ bucketName, client });
  await seals.put([first, second].map((name) => ({ name, text: `true ${name}` })));
  for (const Body of ['a lie', 'and another'])
    await client.send(new PutObjectCommand({ Bucket: bucketName, Key: `${first}.json`, Body }));
  await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: `${second}.json` }));
  expect(await Array.fromAsync(seals.list('seals/'))).toEqual([first, second]);
  for (const name of [first, second]) expect(await seals.get(name)).toBe(`true ${name}`);
  // A mark of deletion makes the name free again, so the store itself may put; still the first one counts.
  await seals.put([{ name: second, text: 'later' }]);
  expect(await seals.get(second)).toBe(`true ${second}`);
});

test('versions are told in pages, and the first one lies in the last', async () => {
  const bucketName = await lockedBucket();
  // As many as make two pages.
  const seals = new S3Seals({ bucketName, client });
  await seals.put([{ name: first, text: 'the seal' }]);
  for (let n = 0; n < 21; n += 1)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        client.send(new PutObjectCommand({ Bucket: bucketName, Key: `${first}.json`, Body: 'a lie' })),
      ),
    );
  expect(await seals.get(first)).toBe('the seal');
  expect(await Array.fromAsync(seals.list('seals/'))).toEqual([first]);
});

test('what is put carries a checksum of its content, without which S3 takes nothing into a locked bucket', async () => {
  const asked: Readonly<Record<string, string>>[] = [];
  const watched = new S3Client(place);
  watched.middlewareStack.add(
    (next) => async (args) => {
      asked.push(requestSchema.parse(args.request).headers);
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
  await new S3Seals({ bucketName: await lockedBucket(), client: watched }).put([{ name: first, text: 'sealed' }]);
  expect(asked).toHaveLength(1);
  expect(Object.keys(asked[0] ?? {})).toContain('x-amz-checksum-crc32');
  expect(asked[0]?.['if-none-match']).toBe('*');
});

test('a seal that is locked cannot be removed', async () => {
  const bucketName = await lockedBucket();
  await client.send(
    new PutObjectLockConfigurationCommand({
      Bucket: bucketName,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } },
      },
    }),
  );
  const seals = new S3Seals({ bucketName, client });
  await seals.put([{ name: first, text: 'kept' }]);
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucketName }));
  expect(Versions).toHaveLength(1);
  for (const { Key, VersionId } of Versions)
    await expect(client.send(new DeleteObjectCommand({ Bucket: bucketName, Key, VersionId }))).rejects.toThrow(
      /Access ?Denied/i,
    );
  expect(await seals.get(first)).toBe('kept');
});
