/**
 * The seals' bucket is private, encrypted and locked for as long as the preset says; nobody may remove, replace or unlock what is in
 * it; the function that seals has no way to the ledger, and whoever has one has none to the seals.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { allowances, resourceNamed, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'];

describe.each(stages)('the seals of stage %s', (stage) => {
  const { data, pipeline } = synthesize(stage);
  const { sealLock } = stageConfig(stage);
  const policies = Object.keys(resourcesOf(pipeline, 'AWS::IAM::Policy'));
  const onSeals = policies.flatMap((policy) =>
    allowances(pipeline, policy)
      .filter(({ resource }) => resource.includes('SealsDays'))
      .map(({ action, resource }) => `${policy} ${action} ${/[a-z]+\/\*/.exec(resource)?.[0] ?? ''}`.trim()),
  );

  test('are private, encrypted, versioned and locked', () => {
    const bucket = resourceNamed(data, 'AWS::S3::Bucket', 'SealsDays');
    expect(bucket.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: sealLock.mode.toUpperCase(), Days: sealLock.days } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: expect.anything(),
    });
    expect(bucket.Properties?.['LifecycleConfiguration']).toBeUndefined();
  });

  test('are added to by one function, which can do nothing else with them', () => {
    const [policy = ''] = policies.filter((id) => id.startsWith('SealingDaysRole'));
    expect([...onSeals].sort()).toEqual(
      [
        `${policy} s3:GetObjectVersion heads/*`,
        `${policy} s3:GetObjectVersion seals/*`,
        `${policy} s3:ListBucketVersions`,
        `${policy} s3:PutObject heads/*`,
        `${policy} s3:PutObject seals/*`,
      ].sort(),
    );
  });

  test('are made from the archive alone', () => {
    const asked = allowances(pipeline, 'SealingDaysRole').map(({ action }) => action);
    expect(asked.filter((action) => /^(dynamodb|kinesis|states|events|lambda):/.test(action))).toEqual([]);
    const reading = allowances(pipeline, 'SealingDaysRole').filter(({ action }) => action === 's3:GetObject');
    expect(reading.map(({ resource }) => /[a-z]+\/\*/.exec(resource)?.[0]).sort()).toEqual([
      'closing/*',
      'manifests/*',
    ]);
  });

  test('are looked at an hour after midnight', () => {
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 1 * * ? *)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SealingDays'), 'Arn'] } })],
    });
  });
});

test('the seals of production bind everybody for ten years, and outlive the stack', () => {
  const { mode, days } = stageConfig('prod').sealLock;
  expect({ mode, years: Math.floor(days / 365.25) }).toEqual({ mode: 'compliance', years: 10 });
  expect(resourceNamed(synthesize('prod').data, 'AWS::S3::Bucket', 'SealsDays').DeletionPolicy).toBe('Retain');
});
