/**
 * The archive's bucket and table, and what closes days and prunes the ledger: private, encrypted, versioned, kept; each function may
 * do its own part alone; midnight starts the closing and an hour later somebody looks.
 */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { stageConfig } from '../../infra/config.ts';
import { allowances, resourceNamed, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'];

describe.each(stages)('the archive of stage %s', (stage) => {
  const { data, pipeline } = synthesize(stage);
  const config = stageConfig(stage);

  test('is private, encrypted and versioned; raw texts are forgotten, closed days grow cold and stay', () => {
    const bucket = resourceNamed(data, 'AWS::S3::Bucket', 'ArchiveTexts');
    expect(bucket.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: expect.anything(),
    });
    const { Rules } = JSON.parse(JSON.stringify(bucket.Properties?.['LifecycleConfiguration'] ?? {}));
    const expiring = Rules.filter((rule: object) => 'ExpirationInDays' in rule);
    expect(expiring).toMatchObject([{ Prefix: 'raw/', ExpirationInDays: 35 }]);
    for (const Prefix of ['log/', 'closing/'])
      expect(Rules).toContainEqual(
        expect.objectContaining({ Prefix, Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }] }),
      );
  });

  test('each function may do its part of it alone', () => {
    const writing = (role: string) =>
      allowances(pipeline, role)
        .filter(({ action }) => /^(s3:(Put|Delete)Object|dynamodb:(?!Get|Query|Scan|Describe|List))/.test(action))
        .filter(({ resource }) => /Archive|LedgerCommits/.test(resource))
        .map(({ action, resource }) => `${action} ${/[a-z]+\/\*/.exec(resource)?.[0] ?? ''}`.trim())
        .sort();
    expect(writing('PublisherRole')).toEqual(['s3:PutObject raw/*']);
    expect(writing('ClosingDaysRole')).toEqual([
      'dynamodb:BatchWriteItem',
      's3:PutObject closing/*',
      's3:PutObject log/*',
      's3:PutObject manifests/*',
      's3:PutObject segments/*',
    ]);
    for (const reader of ['Query', 'TrialBalance', 'CheckBack', 'Projector'])
      expect(writing(`${reader}Role`), reader).toEqual([]);
    expect(writing('ClosingPruningRole')).toEqual(
      config.hotDays === undefined ? [] : ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
    );
    expect(writing('SealingDaysRole')).toEqual([]);
    expect(writing('ProcessorRole')).not.toContain('dynamodb:DeleteItem');
  });

  test('who reads or writes views may ask which generation they are of', () => {
    for (const role of ['Projector', 'Query', 'TrialBalance', 'ClosingDays']) {
      const asked = allowances(pipeline, `${role}Role`).filter(({ action }) => action === 'dynamodb:GetItem');
      expect(asked.map(({ resource }) => resource).join(' '), role).toContain('LedgerViews');
    }
  });

  test('the trial balance writes its reports into the table of views, and nothing else there', () => {
    const key = 'dynamodb:LeadingKeys';
    pipeline.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^TrialBalanceRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:PutItem',
            Condition: { 'ForAllValues:StringLike': { [key]: ['reports#*'] }, Null: { [key]: 'false' } },
          }),
        ]),
      },
    });
    const writing = allowances(pipeline, 'TrialBalanceRole').filter(({ action }) =>
      /^dynamodb:(Put|Update|Delete|BatchWrite|PartiQL)/.test(action),
    );
    expect(writing.map(({ action }) => action)).toEqual(['dynamodb:PutItem']);
  });

  test('no function deletes rows of views: that is for operators', () => {
    const removing = allowances(pipeline, '').filter(({ action }) => /DeleteItem|PartiQLDelete/.test(action));
    for (const { resource } of removing) expect(resource).not.toMatch(/LedgerViews|ArchiveIndex/);
  });

  test('midnight starts the closing, and an hour later it is looked at', () => {
    const machine = { Ref: Match.stringLikeRegexp('^ClosingMachine') };
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 0 * * ? *)',
      Targets: [Match.objectLike({ Arn: machine, Input: Match.stringLikeRegexp('^{"waitSeconds":[0-9]+}$') })],
    });
    pipeline.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 1 * * ? *)',
      Targets: [Match.objectLike({ Input: '{"step":"check"}' })],
    });
  });

  test('the machine waits for the last writer, closes segments at once, and prunes where the preset says so', () => {
    const machine = resourceNamed(pipeline, 'AWS::StepFunctions::StateMachine', 'ClosingMachine');
    const { definition, text } = definitionOf(machine.Properties);
    expect(machine.Properties).toMatchObject({ StateMachineType: 'STANDARD' });
    expect(definition.StartAt).toBe('UntilWritersAreOver');
    expect(definition.States['UntilWritersAreOver'].SecondsPath).toBe('$.waitSeconds');
    expect(midnightWait(pipeline)).toBeGreaterThanOrEqual(660);
    expect(definition.States['Segments'].ItemProcessor.ProcessorConfig).toEqual({
      Mode: 'DISTRIBUTED',
      ExecutionType: 'STANDARD',
    });
    expect(definition.States['Finish'].Next).toBe('Plan');
    expect(definition.States['IsDayDue'].Default).toBe('Seal');
    const { IsMoreToSeal } = definition.States;
    expect(IsMoreToSeal.Choices).toMatchObject([{ Variable: '$.seal.more', Next: 'Seal' }]);
    // Nothing leaves the ledger before every closed day is sealed.
    expect(IsMoreToSeal.Default).toBe(config.hotDays === undefined ? 'Closed' : 'PruneSegments');
    expect(text).toContain('Retry');
    const starting = allowances(pipeline, 'ClosingMapPolicy').filter(
      ({ action }) => action === 'states:StartExecution',
    );
    expect(starting).toHaveLength(1);
  });
});

test('nothing leaves the ledger before a week', () => {
  for (const stage of stages) expect(stageConfig(stage).hotDays ?? 7).toBeGreaterThanOrEqual(7);
});

test('the archive of production outlives its stack', () => {
  const { data } = synthesize('prod');
  for (const [id, { DeletionPolicy }] of Object.entries(resourcesOf(data, 'AWS::S3::Bucket')))
    expect(DeletionPolicy, id).toBe('Retain');
});

/** Seconds that the schedule of midnight tells the machine to wait. */
function midnightWait(pipeline: Template): number {
  const rules = Object.values(resourcesOf(pipeline, 'AWS::Events::Rule'));
  const midnight = rules.find(({ Properties }) => Properties?.['ScheduleExpression'] === 'cron(0 0 * * ? *)');
  const [target] = JSON.parse(JSON.stringify(midnight?.Properties?.['Targets'] ?? []));
  return JSON.parse(target.Input).waitSeconds;
}

/** The definition as Step Functions gets it, with names of other resources left out. */
function definitionOf(properties: Readonly<Record<string, unknown>> = {}) {
  const joined = JSON.parse(JSON.stringify(properties['DefinitionString']));
  const parts: readonly unknown[] = joined['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'name')).join('');
  return { definition: JSON.parse(text), text };
}
