/**
 * Shows what pushing outcomes asks of AWS: for transfers that nobody waits for one read of a hundred keys and nothing else, messages
 * of a few transfers for the others, and what each answer of API Gateway means. The tests answer the SDK's requests themselves.
 */
import {
  ApiGatewayManagementApiClient,
  GoneException,
  LimitExceededException,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ApiGatewaySocketChannel } from '../../adapters/aws/apigateway-socket-channel.ts';
import { DynamoDbSubscriptionStore } from '../../adapters/aws/dynamodb-subscription-store.ts';
import { QueueFailure } from '../../adapters/aws/failures.ts';
import { SqsPushQueue } from '../../adapters/aws/sqs-push-queue.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { metrics } from '../../core/contracts/env.ts';
import { type Connection, decodePush } from '../../core/contracts/outcome-socket.ts';
import { transferClaimId } from '../../core/domain/outcome.ts';
import { passOnEnded } from '../../core/flows/push-outcomes.ts';
import { newTransferId } from './sample-records.ts';
import { answerRequests, nowhere, serviceError } from './stubbed-requests.ts';

const entriesSchema = z.array(z.looseObject({ Id: z.string(), MessageBody: z.string() }));
const noPause = async () => {};

/** A table in which somebody waits for these, and a queue. */
function cloud(waited: ReadonlySet<string>, queueAnswers: () => boolean = () => true) {
  const reads: { readonly keys: number; readonly consistent: boolean | undefined }[] = [];
  const sent: string[] = [];
  const table = answerRequests(new DynamoDBClient(nowhere), ({ RequestItems = {} }, command) => {
    expect(command).toBe('BatchGetItemCommand');
    const { Keys = [], ConsistentRead } = RequestItems['subscriptions'] ?? {};
    reads.push({ keys: Keys.length, consistent: ConsistentRead });
    const found = Keys.filter(({ key }) => waited.has(String(key?.S?.slice('transfer#'.length))));
    const items = found.map((key): Record<string, AttributeValue> => ({ ...key, waiters: { SS: ['c1'] } }));
    return { Responses: { subscriptions: items } };
  });
  const queue = answerRequests(new SQSClient({ ...nowhere, md5: false }), ({ Entries }) => {
    if (!queueAnswers()) throw serviceError('AccessDenied', 403);
    const entries = entriesSchema.parse(Entries);
    sent.push(...entries.map(({ MessageBody }) => MessageBody));
    return { Successful: entries.map(({ Id }) => ({ Id })) };
  });
  const meter = new CountingMeter();
  const ports = {
    subscriptions: new DynamoDbSubscriptionStore({ tableName: 'subscriptions', client: table, pause: noPause }),
    pushes: new SqsPushQueue({ queueUrl: 'https://queue', client: queue, pause: noPause }),
    clock: new SystemClock(),
    meter,
    journal: new SilentJournal(),
  };
  return { ports, reads, sent, meter };
}

const ids = Array.from({ length: 1_000 }, () => transferClaimId('default', newTransferId()));

describe('transfers that have ended', () => {
  test('and that nobody waits for cost one consistent read each, a hundred to a request, and no message', async () => {
    const { ports, reads, sent } = cloud(new Set());
    await passOnEnded(ports, ids);
    expect(reads).toEqual(Array.from({ length: 10 }, () => ({ keys: 100, consistent: true })));
    expect(sent).toEqual([]);
  });

  test('are passed on, 25 to a message, if somebody waits for them, and no others', async () => {
    const waited = ids.slice(0, 30);
    const { ports, sent } = cloud(new Set(waited));
    await passOnEnded(ports, ids);
    expect(sent.map((body) => decodePush(body).length)).toEqual([25, 5]);
    expect(sent.flatMap((body) => decodePush(body)).sort()).toEqual(waited.toSorted());
  });

  test('and that cannot be passed on are counted', async () => {
    const { ports, meter } = cloud(new Set(ids.slice(0, 1)), () => false);
    await expect(ports.pushes.send(ids)).rejects.toThrow(QueueFailure);
    await passOnEnded(ports, ids.slice(0, 7));
    expect(meter.sum(metrics.pushesLost)).toBe(7);
  });
});

describe('a table of subscriptions in trouble', () => {
  const caller = { scope: 'default', subject: 'alice', permissions: new Set(['wallet:read'] as const) };
  const connection: Connection = { id: 'c1', caller, until: 1_800_000_000_000 };

  /** A table that refuses some requests; the others it takes, and has nothing. */
  function tableThat(refuses: (request: string) => boolean) {
    const requests: string[] = [];
    const client = answerRequests(new DynamoDBClient(nowhere), ({ Key, Item, UpdateExpression = '' }, command) => {
      const key = (Key ?? Item)?.['key']?.S ?? '';
      const request = `${command.replace('ItemCommand', '')} ${key} ${UpdateExpression}`.trim();
      requests.push(request);
      if (refuses(request)) throw serviceError('AccessDenied', 400);
      return {};
    });
    return { store: new DynamoDbSubscriptionStore({ tableName: 'subscriptions', client, pause: noPause }), requests };
  }

  test('takes no place of a caller for a connection that is not kept', async () => {
    const { store, requests } = tableThat((request) => request.startsWith('Put'));
    await expect(store.connect(connection, 10, 0)).rejects.toThrow('AccessDenied');
    expect(requests).toEqual(['Put connection#c1']);
  });

  test('keeps no wait that failed half way', async () => {
    const { store, requests } = tableThat((request) => request.startsWith(`Update transfer#${ids[1]}`));
    await expect(store.subscribe(connection, ids.slice(0, 2), 200)).rejects.toThrow('AccessDenied');
    expect(requests.at(0)).toBe('Update connection#c1 ADD #waits :ids');
    expect(requests.at(-1)).toBe('Update connection#c1 DELETE #set :members');
  });

  test('says what was wrong first, also if that cannot be mended', async () => {
    const { store } = tableThat((request) => /transfer#|DELETE/.test(request));
    await expect(store.subscribe(connection, ids.slice(0, 2), 200)).rejects.toThrow('AccessDenied');
  });
});

describe('API Gateway', () => {
  const channel = (answer: () => object) => {
    const requests: { readonly command: string; readonly input: object }[] = [];
    const client = answerRequests(new ApiGatewayManagementApiClient(nowhere), (input, command) => {
      requests.push({ command, input });
      return answer();
    });
    return { channel: new ApiGatewaySocketChannel({ endpoint: nowhere.endpoint, client }), requests };
  };

  test('is given a message for a connection', async () => {
    const { channel: one, requests } = channel(() => ({}));
    expect(await one.send('c1=', '{"type":"pong"}')).toBe('sent');
    await one.close('c1=');
    expect(requests).toMatchObject([
      { command: 'PostToConnectionCommand', input: { ConnectionId: 'c1=', Data: Buffer.from('{"type":"pong"}') } },
      { command: 'DeleteConnectionCommand', input: { ConnectionId: 'c1=' } },
    ]);
  });

  test('says that a client is gone, which is no trouble', async () => {
    const { channel: one } = channel(() => {
      throw new GoneException({ message: 'gone', $metadata: { httpStatusCode: 410 } });
    });
    expect(await one.send('c1', 'x')).toBe('gone');
    await expect(one.close('c1')).resolves.toBeUndefined();
  });

  test('says that a client does not read, which is none either', async () => {
    const { channel: one } = channel(() => {
      throw new LimitExceededException({ message: 'buffer full', $metadata: { httpStatusCode: 429 } });
    });
    expect(await one.send('c1', 'x')).toBe('full');
    await expect(one.close('c1')).rejects.toThrow('buffer full');
  });

  test.each([
    ['ThrottlingException', 429],
    ['ForbiddenException', 403],
    ['InternalServerError', 500],
  ])('that answers %s is trouble', async (name, status) => {
    const { channel: one } = channel(() => {
      throw serviceError(name, status);
    });
    await expect(one.send('c1', 'x')).rejects.toThrow(name);
    await expect(one.close('c1')).rejects.toThrow(name);
  });
});
