/**
 * The nested stack's template: stream mappings exactly as the protocol says, roles that allow what each function needs and nothing
 * more, callers that must sign, and taps for tests in preset `local` only. Every stage is synthesized in memory.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { env } from '../../core/contracts/env.ts';
import { operationIds } from '../../core/contracts/operations.ts';
import { problemOf, problemReasons } from '../../core/contracts/problems.ts';
import { allowances, everyResource, resourceNamed, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'];
const mappings = 'AWS::Lambda::EventSourceMapping';
const functions = 'AWS::Lambda::Function';
/** What objects, streams and connections are called is not known before they are; the prefix is. */
const forAnyName: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
  'dynamodb:ListStreams',
  'execute-api:ManageConnections',
]);
const DAY_SECONDS = 24 * 60 * 60;
/** All kinds that API Gateway has. */
const GATEWAY_ANSWERS = 21;

const gatewayTemplates = z.object({ 'application/json': z.string() });
const gatewayHeaders = z.record(z.string(), z.string());
/** The two defaults keep the status of whatever they stand for, so they state none. */
const gatewayProblem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().optional(),
  detail: z.string(),
  reason: z.enum(problemReasons),
});

/** Actions of each function on data, without what it needs for logs and traces. */
const expected: Readonly<Record<string, readonly string[]>> = {
  Authorizer: [],
  Intake: [
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:PartiQLInsert',
    'dynamodb:Query',
    'kinesis:PutRecords',
    's3:GetObject',
    's3:ListBucket',
  ],
  Processor: [
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:PartiQLInsert',
    'dynamodb:Query',
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
    'states:StartExecution',
  ],
  Projector: [
    'dynamodb:BatchGetItem',
    'dynamodb:DescribeStream',
    'dynamodb:GetItem',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    's3:ListBucket',
    's3:PutObject',
  ],
  Publisher: [
    'dynamodb:DescribeStream',
    'dynamodb:GetItem',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    'dynamodb:Query',
    'events:PutEvents',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
  ],
  Documentation: [],
  WebhooksApi: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'sqs:SendMessage'],
  WebhooksSender: [
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
  ],
  Query: [
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    's3:GetObject',
    's3:ListBucket',
  ],
  SagaSteps: [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'kinesis:PutRecords',
    's3:GetObject',
    's3:ListBucket',
  ],
  CheckBack: [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'kinesis:PutRecords',
    's3:GetObject',
    's3:ListBucket',
    'states:StartExecution',
  ],
  TrialBalance: [
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    's3:GetObject',
    's3:ListBucket',
  ],
  ClosingDays: [
    'dynamodb:BatchWriteItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
  ],
  SealingDays: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions', 's3:PutObject'],
};

/** Where clients can wait for outcomes by WebSocket. */
const withSocket: Readonly<Record<string, readonly string[]>> = {
  Projector: [...(expected['Projector'] ?? []), 'sqs:SendMessage'],
  OutcomeSocketClients: [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'execute-api:ManageConnections',
  ],
  OutcomeSocketPush: [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'execute-api:ManageConnections',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
  ],
};

describe.each(stages)('pipeline of stage %s', (stage) => {
  const { pipeline, config } = synthesize(stage);
  const expectedHere = config.webSocketPush ? { ...expected, ...withSocket } : expected;

  test('reads commands as the protocol says', () => {
    pipeline.hasResourceProperties(mappings, {
      EventSourceArn: { Ref: Match.stringLikeRegexp('CommandStream') },
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: -1,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 6 * DAY_SECONDS,
      DestinationConfig: { OnFailure: { Destination: { Ref: Match.stringLikeRegexp('Quarantine') } } },
      BatchSize: config.commandMapping.batchSize,
      MaximumBatchingWindowInSeconds: config.commandMapping.batchingWindowSeconds,
      ParallelizationFactor: config.commandMapping.parallelizationFactor,
    });
  });

  test('reads the stream of the ledger as long as DynamoDB keeps it', () => {
    pipeline.hasResourceProperties(mappings, {
      EventSourceArn: { Ref: Match.stringLikeRegexp('LedgerCommits') },
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: -1,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 23 * 60 * 60,
      DestinationConfig: { OnFailure: { Destination: { Ref: Match.stringLikeRegexp('Quarantine') } } },
    });
  });

  test('reads the stream of the ledger by two functions and no more, the second only what was added', () => {
    const readers = Object.values(resourcesOf(pipeline, mappings)).filter(({ Properties = {} }) =>
      JSON.stringify(Properties['EventSourceArn']).includes('LedgerCommits'),
    );
    expect(readers).toHaveLength(2);
    for (const { Properties = {} } of readers) {
      expect(Properties).toMatchObject({ MaximumRetryAttempts: -1, BisectBatchOnFunctionError: true });
      expect(JSON.stringify(Properties['DestinationConfig'])).toContain('Quarantine');
    }
    pipeline.hasResourceProperties(mappings, {
      FunctionName: { Ref: Match.stringLikeRegexp('^Publisher') },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    });
  });

  test('bounds a processor that was given up on to a minute', () => {
    const { Properties = {} } = resourceNamed(pipeline, functions, 'ProcessorFunction');
    expect(Properties['Timeout']).toBeLessThanOrEqual(60);
  });

  test('runs every function on Node 24 and arm64, traced, with logs that end', () => {
    // The pruning, where there is one, has a test of its own.
    const pruning = config.hotDays === undefined ? 0 : 1;
    pipeline.resourceCountIs(functions, Object.keys(expectedHere).length + pruning);
    pipeline.allResourcesProperties(functions, {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
    pipeline.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: config.logRetentionDays });
  });

  test.each(Object.keys(expectedHere))('%s may do what it needs and nothing else', (name) => {
    const isData = ({ action }: { action: string }): boolean =>
      /^(dynamodb|execute-api|kinesis|s3|states|sns|sqs|events):/.test(action);
    const faults = (resource: string): boolean => resource.includes('FaultsPoints');
    const allowed = allowances(pipeline, `${name}Role`).filter(isData);
    // An action that AWS does not have, and that an emulator asks for.
    const emulated = (action: string): boolean => stage === 'local' && action === 'sqs:SendMessageBatch';
    const onData = allowed.filter(({ action, resource }) => !faults(resource) && !emulated(action));
    expect([...new Set(onData.map(({ action }) => action))].sort()).toEqual(expectedHere[name]);
    const wide = onData.filter(({ action, resource }) => !forAnyName.has(action) && resource.includes('*'));
    expect(wide).toEqual([]);
  });

  test('nobody may change a commit, only the processor may add one, and only the pruning may remove one', () => {
    const ofLedger = allowances(pipeline, '').filter(({ resource }) => resource.includes('LedgerCommits'));
    const writing = ofLedger.filter(({ action }) => /Insert|Update|Delete|Put|Write|\*/.test(action));
    const resource = expect.stringContaining('LedgerCommits');
    const adding = { action: 'dynamodb:PartiQLInsert', resource };
    const removing = { action: 'dynamodb:DeleteItem', resource };
    expect(writing).toEqual(config.hotDays === undefined ? [adding] : expect.arrayContaining([adding, removing]));
    expect(writing).toHaveLength(config.hotDays === undefined ? 1 : 2);
    const pruning = allowances(pipeline, 'ClosingPruning').filter(({ action }) => action === 'dynamodb:DeleteItem');
    expect(pruning).toHaveLength(config.hotDays === undefined ? 0 : 1);
  });

  test('beside old commits only open work is deleted, by the end of a saga or by the check-back, webhooks by operators, and who is connected', () => {
    const deleting = allowances(pipeline, '').filter(({ action }) => action === 'dynamodb:DeleteItem');
    const ofWallet = deleting.filter(
      ({ resource }) => !/FaultsPoints|LedgerCommits|WebhooksTable|PushSubscriptions/.test(resource),
    );
    expect(ofWallet).toHaveLength(2);
    for (const { resource } of ofWallet) expect(resource).toContain('LedgerOpenWork');
  });

  test('checks back every minute', () => {
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CheckBack'), 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0 },
        }),
      ],
    });
  });

  test('has the routes of the API', () => {
    const methods = Object.values(resourcesOf(pipeline, 'AWS::ApiGateway::Method'));
    expect(methods).toHaveLength(operationIds.length);
    pipeline.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    pipeline.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: Match.anyValue(),
      TracingEnabled: true,
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: config.throttleRate })],
    });
  });

  test('answers problem documents for what the gateway refuses itself', () => {
    pipeline.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseParameters: Match.objectLike({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
        'gatewayresponse.header.X-Correlation-Id': 'context.requestId',
      }),
    });
    const answers = Object.values(resourcesOf(pipeline, 'AWS::ApiGateway::GatewayResponse'));
    expect(answers).toHaveLength(GATEWAY_ANSWERS);
    for (const { Properties = {} } of answers) {
      const read = gatewayTemplates.parse(Properties['ResponseTemplates']);
      const document = gatewayProblem.parse(JSON.parse(read['application/json']));
      expect(document.type).toBe(problemOf(document.reason, '').type);
      expect(String(document.status)).toBe(String(Properties['StatusCode']));
      const isLater = document.status === 429;
      expect('gatewayresponse.header.Retry-After' in gatewayHeaders.parse(Properties['ResponseParameters'])).toBe(
        isLater || (document.status ?? 0) >= 500,
      );
    }
  });

  test('has taps for tests in preset local only', () => {
    const everything = JSON.stringify(everyResource(pipeline));
    for (const tap of [env.faultsTable, env.callLog, 'FaultsPoints']) {
      expect(everything.includes(tap), tap).toBe(stage === 'local');
    }
  });
});

test('an append one by one is asked for by name, and only preset local hears it', () => {
  const asked = (stage: string): boolean =>
    JSON.stringify(everyResource(synthesize(stage, { appendOneByOne: true }).pipeline)).includes(env.appendOneByOne);
  expect(stages.filter(asked)).toEqual(['local']);
  expect(JSON.stringify(everyResource(synthesize('local').pipeline))).not.toContain(env.appendOneByOne);
});
