/**
 * The root stack's template: tables, stream, bucket and topic have the keys, encryption, retention and protection that the protocol
 * and the presets say. Every stage is synthesized in memory; no account is needed.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { assertSafe, stageConfig } from '../../infra/config.ts';
import { resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'];
const tables = 'AWS::DynamoDB::GlobalTable';

describe.each(stages)('data of stage %s', (stage) => {
  const { data } = synthesize(stage);

  test('has the tables of the protocol, on demand and with point-in-time recovery', () => {
    const keys = [
      [{ AttributeName: 'account', KeyType: 'HASH' }, { AttributeName: 'version', KeyType: 'RANGE' }],
      [{ AttributeName: 'id', KeyType: 'HASH' }],
      [{ AttributeName: 'view', KeyType: 'HASH' }, { AttributeName: 'key', KeyType: 'RANGE' }],
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
    const streamed = Object.entries(resourcesOf(data, tables)).filter(([, { Properties }]) => Properties?.['StreamSpecification']);
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
    const { pipeline } = synthesize(stage);
    const names = ['TableName', 'BucketName', 'TopicName', 'FunctionName', 'StateMachineName', 'RoleName', 'LogGroupName'];
    for (const template of [data, pipeline]) {
      for (const [id, { Type, Properties = {} }] of Object.entries(template.toJSON()['Resources'])) {
        const own = names.filter((name) => Type !== 'AWS::Lambda::EventSourceMapping' && typeof Properties[name] === 'string');
        expect(own, id).toEqual([]);
      }
    }
  });
});
