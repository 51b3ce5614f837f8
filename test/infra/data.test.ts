/**
 * The root stack's template: tables, stream, bucket and topic have the keys, encryption, retention and protection that the protocol
 * and the presets say. Every stage is synthesized in memory; no account is needed.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { assertSafe, stageConfig } from '../../infra/config.ts';
import { everyResource, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'];
const tables = 'AWS::DynamoDB::GlobalTable';

describe.each(stages)('data of stage %s', (stage) => {
  const { data } = synthesize(stage);

  test('has the tables of the protocol, on demand and with point-in-time recovery', () => {
    const keys = [
      [
        { AttributeName: 'account', KeyType: 'HASH' },
        { AttributeName: 'version', KeyType: 'RANGE' },
      ],
      // Transfers and notes.
      [{ AttributeName: 'id', KeyType: 'HASH' }],
      [{ AttributeName: 'id', KeyType: 'HASH' }],
      [
        { AttributeName: 'view', KeyType: 'HASH' },
        { AttributeName: 'key', KeyType: 'RANGE' },
      ],
      [
        { AttributeName: 'bucket', KeyType: 'HASH' },
        { AttributeName: 'key', KeyType: 'RANGE' },
      ],
      [
        { AttributeName: 'account', KeyType: 'HASH' },
        { AttributeName: 'key', KeyType: 'RANGE' },
      ],
      [
        { AttributeName: 'tenant', KeyType: 'HASH' },
        { AttributeName: 'key', KeyType: 'RANGE' },
      ],
    ];
    data.resourceCountIs(tables, keys.length);
    for (const KeySchema of keys) {
      data.hasResourceProperties(tables, {
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: Match.absent(),
        LocalSecondaryIndexes: Match.absent(),
        Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
      });
    }
  });

  test('streams new images of the ledger and of nothing else', () => {
    const streamed = Object.entries(resourcesOf(data, tables)).filter(
      ([, { Properties }]) => Properties?.['StreamSpecification'],
    );
    expect(streamed.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['LedgerCommits']);
    expect(streamed[0]?.[1].Properties?.['StreamSpecification']).toEqual({ StreamViewType: 'NEW_IMAGE' });
  });

  test('keeps commands for a week, encrypted', () => {
    data.hasResourceProperties('AWS::Kinesis::Stream', {
      RetentionPeriodHours: 168,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
  });

  test('has a quarantine that is private, encrypted, versioned and never emptied by itself', () => {
    data.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: Match.absent() })] },
    });
    const denied = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    for (const type of ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy']) {
      data.hasResourceProperties(type, { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(denied)]) } });
    }
  });

  test('names nothing, so that two deployments can live beside each other', () => {
    const names = ['TableName', 'BucketName', 'TopicName', 'StateMachineName', 'RoleName', 'LogGroupName'];
    for (const template of [data, synthesize(stage).pipeline]) {
      for (const [id, { Properties = {} }] of Object.entries(everyResource(template))) {
        expect(
          names.filter((name) => typeof Properties[name] === 'string'),
          id,
        ).toEqual([]);
      }
    }
  });
});

test('data of production outlives its stack', () => {
  const { data } = synthesize('prod');
  for (const type of [tables, 'AWS::Kinesis::Stream', 'AWS::S3::Bucket', 'AWS::KMS::Key']) {
    data.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  }
  data.allResourcesProperties(tables, { Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })] });
});

test('what the operators are told is encrypted with a key that alarms may use', () => {
  for (const stage of ['dev', 'prod']) {
    const { data } = synthesize(stage);
    data.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    const statement = Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } });
    data.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([statement]) },
    });
  }
});

test('the stream has two shards on one machine and scales by itself elsewhere', () => {
  const stream = 'AWS::Kinesis::Stream';
  synthesize('local').data.hasResourceProperties(stream, { ShardCount: 2 });
  for (const stage of ['dev', 'prod']) {
    synthesize(stage).data.hasResourceProperties(stream, { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  }
});

describe('a stage that others reach', () => {
  const prod = stageConfig('prod');

  test.each([{ faultInjection: true }, { allowLoopbackWebhooks: true }, { encryptReports: false }])(
    'refuses %o',
    (unsafe) => {
      const [name] = Object.keys(unsafe);
      expect(() => assertSafe({ ...prod, ...unsafe })).toThrow(`prod has ${name}`);
      expect(() => assertSafe({ ...stageConfig('dev'), ...unsafe })).toThrow(`dev has ${name}`);
    },
  );

  test('must be one of the known ones', () => {
    expect(() => stageConfig('staging')).toThrow('stage is "staging", expected one of local, dev, prod');
  });
});
