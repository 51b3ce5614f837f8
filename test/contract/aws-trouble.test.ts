/**
 * Shows what the AWS adapters make of trouble: throttling is retried within bounds and in order, what is not known is called
 * unknown, what was refused for good rejects. The tests answer the requests of the SDK's clients themselves; no time passes.
 */
import { createServer } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../adapters/aws/back-off.ts';
import { describeCall } from '../../adapters/aws/call-log.ts';
import { itemOfCommit } from '../../adapters/aws/commit-item.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { commitOfStreamImage } from '../../adapters/aws/dynamodb-stream-commits.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import {
  DamagedItem,
  QuarantineFailure,
  SagaStartFailure,
  StoreFailure,
  StreamFailure,
} from '../../adapters/aws/failures.ts';
import { KinesisCommandStream, MAX_RECORD_TRIES } from '../../adapters/aws/kinesis-command-stream.ts';
import { MAX_STATEMENT_TRIES } from '../../adapters/aws/partiql-writes.ts';
import { S3Quarantine } from '../../adapters/aws/s3-quarantine.ts';
import { MAX_START_TRIES, SfnSagaStarter } from '../../adapters/aws/sfn-saga-starter.ts';
import { itemOfClaim, recordOfItem } from '../../adapters/aws/transfer-item.ts';
import { DamagedCommit } from '../../core/ports.ts';
import { debit } from '../account-commands.ts';
import { commit, completed, newAccount, newTransferId, SEQUENCE, T0, transferClaim } from './sample-records.ts';
import { type Answer, answerRequests, connectionError, nowhere, serviceError } from './stubbed-requests.ts';

const pause = async () => {};

function eventLog(answer: Answer): DynamoDbEventLog {
  return new DynamoDbEventLog({
    tableName: 'ledger',
    client: answerRequests(new DynamoDBClient(nowhere), answer),
    pause,
  });
}

function transferStore(answer: Answer): DynamoDbTransferStore {
  const client = answerRequests(new DynamoDBClient(nowhere), answer);
  return new DynamoDbTransferStore({ tableName: 'transfers', client, pause });
}

/** Answers each statement by what the function says of its first parameter's text. */
function byStatement(codeOf: (key: string) => string | undefined): Answer {
  return (input) => ({
    Responses: (input.Statements ?? []).map(({ Parameters }) => {
      const code = codeOf(Parameters?.find(({ S }) => S?.includes('#'))?.S ?? '');
      return code === undefined ? {} : { Error: { Code: code, Message: 'from a test' } };
    }),
  });
}

describe('appends', () => {
  const passing = [
    'ThrottlingError',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
    'TransactionConflict',
    'InternalServerError',
  ];
  it.each(passing)('%s is tried again, the statement alone, until it is over', async (code) => {
    const [troubled, other] = [newAccount(), newAccount()];
    const asked: string[][] = [];
    let troubles = 3;
    const log = eventLog((input, command, send) => {
      asked.push((input.Statements ?? []).map(({ Parameters }) => Parameters?.[0]?.S ?? ''));
      const answer = byStatement((key) => (key === troubled && troubles-- > 0 ? code : undefined));
      return answer(input, command, send);
    });
    expect(await log.append([commit(troubled, 1), commit(other, 1)])).toEqual(['appended', 'appended']);
    expect(asked).toEqual([[troubled, other], [troubled], [troubled], [troubled]]);
  });

  it.each(passing)('%s without end is unknown after a bounded number of tries', async (code) => {
    let calls = 0;
    const log = eventLog((input, command, send) => {
      calls += 1;
      return byStatement(() => code)(input, command, send);
    });
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['unknown']);
    expect(calls).toBe(MAX_STATEMENT_TRIES);
  });

  it.each(['ValidationError', 'AccessDenied', 'ResourceNotFound', 'ItemCollectionSizeLimitExceeded', 'SomethingNew'])(
    '%s of a statement rejects',
    async (code) => {
      const log = eventLog(byStatement(() => code));
      await expect(log.append([commit(newAccount(), 1)])).rejects.toThrow(StoreFailure);
    },
  );

  it.each([
    ['a timeout', Object.assign(new Error('too late'), { name: 'TimeoutError' })],
    ['a lost connection', connectionError('ECONNRESET')],
    ['a refused connection', connectionError('ECONNREFUSED')],
    ['an error of the server', serviceError('InternalServerError', 500)],
    ['a server that is not available', serviceError('ServiceUnavailable', 503)],
  ])('%s makes all statements of its call unknown, and no others', async (_, error) => {
    const commits = Array.from({ length: 30 }, () => commit(newAccount(), 1));
    const log = eventLog((input) => {
      if (input.Statements?.length === 25) throw error;
      return { Responses: (input.Statements ?? []).map(() => ({})) };
    });
    expect(await log.append(commits)).toEqual([...Array(25).fill('unknown'), ...Array(5).fill('appended')]);
  });

  it('an answer with too few statements leaves the rest unknown', async () => {
    const log = eventLog(() => ({ Responses: [{}] }));
    expect(await log.append([commit(newAccount(), 1), commit(newAccount(), 1)])).toEqual(['appended', 'unknown']);
  });

  it.each([
    serviceError('ValidationException', 400),
    serviceError('AccessDeniedException', 400),
    serviceError('ResourceNotFoundException', 400),
    Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' }),
  ])('$name of a call rejects, with its cause', async (error) => {
    const log = eventLog(() => {
      throw error;
    });
    await expect(log.append([commit(newAccount(), 1)])).rejects.toMatchObject({ name: 'StoreFailure', cause: error });
  });

  it('a call that is throttled as a whole is made again', async () => {
    let throttled = 2;
    const log = eventLog((input, command, send) => {
      if (throttled-- > 0) throw serviceError('ThrottlingException', 400);
      return byStatement(() => undefined)(input, command, send);
    });
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['appended']);
  });

  it('puts at most 25 statements, and no more bytes than a request may have, into a call', async () => {
    const sizes: number[] = [];
    const answer: Answer = (input) => {
      sizes.push(input.Statements?.length ?? 0);
      return { Responses: (input.Statements ?? []).map(() => ({})) };
    };
    await eventLog(answer).append(Array.from({ length: 60 }, () => commit(newAccount(), 1)));
    expect(sizes).toEqual([25, 25, 10]);
    sizes.length = 0;
    const events = 'x'.repeat(390_000);
    await eventLog(answer).append(Array.from({ length: 12 }, () => commit(newAccount(), 1, { events })));
    expect(sizes).toEqual([10, 2]);
  });
});

describe('a server that does not answer', () => {
  it('makes an append unknown, within the time for an answer', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const client = new DynamoDBClient({
      ...nowhere,
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 2,
      requestHandler: new NodeHttpHandler({ requestTimeout: 100, throwOnRequestTimeout: true }),
    });
    const log = new DynamoDbEventLog({ tableName: 'ledger', client, pause });
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['unknown']);
    client.destroy();
    server.close();
  });

  it('makes an append unknown when there is no server at all', async () => {
    const log = new DynamoDbEventLog({
      tableName: 'ledger',
      client: new DynamoDBClient({ ...nowhere, maxAttempts: 1 }),
      pause,
    });
    expect(await log.append([commit(newAccount(), 1)])).toEqual(['unknown']);
  });
});

describe('claims and statuses', () => {
  it('reject when it stays unknown whether they were written', async () => {
    const store = transferStore(byStatement(() => 'ThrottlingError'));
    await expect(store.claim([transferClaim()])).rejects.toThrow(StoreFailure);
    await expect(store.raise([completed('default#any')])).rejects.toThrow(StoreFailure);
  });

  it('a claim that exists is read strongly consistent, what was left unprocessed again', async () => {
    const claims = Array.from({ length: 3 }, () => transferClaim());
    const items = new Map(claims.map((claim) => [claim.id, itemOfClaim(claim)]));
    const reads: { keys: number; consistent: boolean | undefined }[] = [];
    const store = transferStore((input, command, send) => {
      const wanted = input.RequestItems?.['transfers'];
      if (wanted === undefined) return byStatement(() => 'DuplicateItem')(input, command, send);
      const [first, ...rest] = wanted.Keys ?? [];
      reads.push({ keys: 1 + rest.length, consistent: wanted.ConsistentRead });
      return {
        Responses: { transfers: [items.get(first?.['id']?.S ?? '')] },
        UnprocessedKeys: rest.length === 0 ? {} : { transfers: { Keys: rest } },
      };
    });
    expect(await store.claim(claims)).toEqual(claims.map((claim) => ({ ...claim, status: 'claimed' })));
    expect(reads).toEqual([3, 2, 1].map((keys) => ({ keys, consistent: true })));
  });

  it('a read that stays unprocessed rejects after a bounded number of tries', async () => {
    let calls = 0;
    const store = transferStore((input) => {
      calls += 1;
      return { UnprocessedKeys: input.RequestItems };
    });
    await expect(store.get(['default#any'], { consistent: true })).rejects.toThrow(StoreFailure);
    expect(calls).toBe(8);
  });

  it('a refused status costs no read where DynamoDB shows the item', async () => {
    const commands: string[] = [];
    const claim = transferClaim();
    const store = transferStore((_, command) => {
      commands.push(command);
      return { Responses: [{ Error: { Code: 'ConditionalCheckFailed', Item: itemOfClaim(claim) } }] };
    });
    await store.raise([completed(claim.id)]);
    expect(commands).toEqual(['BatchExecuteStatementCommand']);
  });
});

describe('the stream of commands', () => {
  function stream(answer: Answer): KinesisCommandStream {
    const client = answerRequests(new KinesisClient(nowhere), answer);
    return new KinesisCommandStream({ streamName: 'commands', lanes: 16, client, pause });
  }

  const commands = Array.from({ length: 6 }, (_, n) => {
    return debit(1n, { from: `payer-${n}`, transfer: newTransferId() });
  });

  it('puts again only the records that failed, in their order', async () => {
    const asked: (readonly (string | undefined)[])[] = [];
    await stream((input) => {
      const keys = (input.Records ?? []).map(({ PartitionKey }) => PartitionKey);
      asked.push(keys);
      return {
        Records: keys.map((_, i) => {
          const fails = asked.length < 3 && i % 2 === 1;
          return fails
            ? { ErrorCode: 'ProvisionedThroughputExceededException' }
            : { SequenceNumber: '1', ShardId: 's' };
        }),
      };
    }).send(commands);
    const [first = [], second, third] = asked;
    expect(asked).toHaveLength(3);
    expect(second).toEqual(first.filter((_, i) => i % 2 === 1));
    expect(third).toEqual((second ?? []).filter((_, i) => i % 2 === 1));
  });

  it('puts a second record of a lane only when the first is durable', async () => {
    const puts: (Uint8Array | undefined)[] = [];
    const one = Array.from({ length: 2_500 }, (_, n) => debit(BigInt(n + 1), { transfer: newTransferId() }));
    await stream((input) => {
      const records = input.Records ?? [];
      puts.push(...records.map(({ Data }) => Data));
      const refused = puts.length === 1;
      return { Records: records.map(() => (refused ? { ErrorCode: 'InternalFailure' } : { SequenceNumber: '1' })) };
    }).send(one);
    expect(puts).toHaveLength(3);
    expect(puts[1]).toEqual(puts[0]);
    expect(puts[2]).not.toEqual(puts[0]);
  });

  it('rejects when a record is refused again and again', async () => {
    let calls = 0;
    const sending = stream((input) => {
      calls += 1;
      return { Records: (input.Records ?? []).map(() => ({ ErrorCode: 'ProvisionedThroughputExceededException' })) };
    }).send(commands);
    await expect(sending).rejects.toThrow(StreamFailure);
    expect(calls).toBe(MAX_RECORD_TRIES);
  });

  it('rejects when a call fails, with its cause', async () => {
    const error = connectionError('ECONNRESET');
    const sending = stream(() => {
      throw error;
    }).send(commands);
    await expect(sending).rejects.toMatchObject({ name: 'StreamFailure', cause: error });
  });
});

describe('sagas and quarantine', () => {
  const chunk = { v: 1, chunk_hash: 'c', attempt: 1, recovery_name: 'c-1', started_at: 0, looks: 0, items: [] };

  it('a start that is throttled is tried again within bounds', async () => {
    let calls = 0;
    const throttledFor = (times: number) => {
      calls = 0;
      const client = answerRequests(new SFNClient(nowhere), () => {
        calls += 1;
        if (calls <= times) throw serviceError('ExecutionLimitExceeded', 400);
        return {};
      });
      return new SfnSagaStarter({ stateMachineArn: 'arn', client, pause }).start([chunk]);
    };
    await throttledFor(2);
    expect(calls).toBe(3);
    await expect(throttledFor(1_000)).rejects.toThrow(SagaStartFailure);
    expect(calls).toBe(MAX_START_TRIES);
  });

  it('a start that is refused rejects at once', async () => {
    const client = answerRequests(new SFNClient(nowhere), () => {
      throw serviceError('StateMachineDoesNotExist', 400);
    });
    const starting = new SfnSagaStarter({ stateMachineArn: 'arn', client, pause }).start([chunk]);
    await expect(starting).rejects.toThrow(/not started in 1 tries/);
  });

  it('a record that cannot be put aside rejects', async () => {
    const client = answerRequests(new S3Client(nowhere), () => {
      throw serviceError('AccessDenied', 403);
    });
    const record = { key: 'k', reason: 'r', partitionKey: '1', sequence: '2', arrival: T0, data: new Uint8Array() };
    await expect(new S3Quarantine({ bucketName: 'b', client }).put([record])).rejects.toThrow(QuarantineFailure);
  });
});

describe('items', () => {
  it('a commit comes out of the stream of its table as it went in', () => {
    const stored = commit('default#alice', 1, { position: { epoch: 2, sequence: SEQUENCE, index: 70_000 } });
    const image = Object.entries(itemOfCommit(stored)).map(([name, value]) => {
      return [name, value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') }];
    });
    expect(commitOfStreamImage(Object.fromEntries(image))).toEqual(stored);
  });

  it.each([0n, 1n, 255n, 256n, 10n ** 128n])('keeps a position with the sequence number %s', (sequence) => {
    const stored = commit('default#alice', 1, { position: { epoch: 0, sequence, index: 0 } });
    expect(commitOfStreamImage(itemOfCommit(stored))).toEqual(stored);
  });

  const { hash: _, ...withoutHash } = itemOfCommit(commit('default#alice', 1));
  it.each([
    ['nothing', undefined],
    ['a commit without a hash', withoutHash],
    ['a commit with a number for a state', { ...itemOfCommit(commit('default#alice', 1)), state: { N: '1' } }],
    ['a commit with half a version', { ...itemOfCommit(commit('default#alice', 1)), version: { N: '1.5' } }],
  ])('%s is damaged', (_, image) => {
    expect(() => commitOfStreamImage(image)).toThrow(DamagedCommit);
  });

  it.each([
    ['an unknown status', { status: { S: 'lost' } }],
    ['a position that is a text', { position: { S: '1/2/3' } }],
  ])('a claim with %s is damaged', (_, attributes) => {
    expect(() => recordOfItem({ ...itemOfClaim(transferClaim()), ...attributes })).toThrow(DamagedItem);
  });

  it.each([
    ['no JSON', '{'],
    ['without phases', '{"ledger":{"account":"a","version":1,"index":0}}'],
    ['of a later version', '{"ledger":{"account":"a","version":1,"index":0},"phases":[["teleport",1,"ok"]]}'],
  ])('an outcome that is %s is left out, and the status still tells', (_, outcome) => {
    const item = { ...itemOfClaim(transferClaim()), status: { S: 'completed' }, outcome: { S: outcome } };
    const record = recordOfItem(item);
    expect(record.status).toBe('completed');
    expect(record.phases).toBeUndefined();
  });
});

describe('waits between tries', () => {
  it('double up to a second, and never come close to nothing', () => {
    expect([1, 2, 3, 6, 7, 50].map((tries) => backOffMs(tries, 1))).toEqual([25, 50, 100, 800, 1_000, 1_000]);
    expect([1, 2, 3, 6, 7, 50].map((tries) => backOffMs(tries, 0))).toEqual([12.5, 25, 50, 400, 500, 500]);
  });
});

describe('the call log', () => {
  it.each([
    ['DynamoDBClient', 'QueryCommand', { TableName: 'ledger' }, ['ledger'], []],
    ['DynamoDBClient', 'BatchGetItemCommand', { RequestItems: { transfers: {} } }, ['transfers'], []],
    ['KinesisClient', 'PutRecordsCommand', { StreamName: 'commands', Records: [] }, ['commands'], []],
    ['SFNClient', 'StartExecutionCommand', { stateMachineArn: 'arn:x' }, ['arn:x'], []],
    [
      'DynamoDBClient',
      'TransactWriteItemsCommand',
      { TransactItems: [{ Delete: { TableName: 'a' } }, { Put: { TableName: 'a' } }] },
      ['a'],
      ['Delete', 'Put'],
    ],
    ['S3Client', 'PutObjectCommand', { Bucket: 'b', Key: 'quarantine/k.json' }, ['b/quarantine/k.json'], []],
    [
      'DynamoDBClient',
      'BatchExecuteStatementCommand',
      { Statements: [{ Statement: `INSERT INTO "a" VALUE {'k': ?}` }, { Statement: 'UPDATE "b" SET "c" = ?' }] },
      ['a', 'b'],
      ['INSERT', 'UPDATE'],
    ],
  ])('says of %s and %s what was asked for', (client, command, input, resources, verbs) => {
    const call = describeCall(client, command, input);
    expect(call).toEqual({
      fn: '',
      service: client.replace('Client', ''),
      operation: command.replace('Command', ''),
      resources,
      verbs,
    });
  });
});
