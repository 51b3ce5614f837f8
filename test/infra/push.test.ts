/**
 * The templates of what tells others: a bus that outlives deployments where data does, nothing at all of it where a preset does not
 * ask for it.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { env } from '../../core/contracts/env.ts';
import { everyResource, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const bus = 'AWS::Events::EventBus';

describe('outcomes', () => {
  test('have a bus that stays where data stays', () => {
    synthesize('prod').data.allResources(bus, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    for (const stage of ['local', 'dev', 'prod']) synthesize(stage).data.resourceCountIs(bus, 1);
  });

  test('are not told where the preset does not ask for it', () => {
    const { data, pipeline } = synthesize('prod', { settings: { publishOutcomes: false } });
    data.resourceCountIs(bus, 0);
    const named = Object.keys(everyResource(pipeline)).filter((id) =>
      /^Publisher|^Webhooks|AlarmsPublisher|AlarmsOutcomes|AlarmsWebhook/.test(id),
    );
    expect(named).toEqual([]);
    expect(Object.keys(resourcesOf(pipeline, 'AWS::Lambda::EventSourceMapping'))).toHaveLength(2);
  });
});

describe.each(['local', 'dev', 'prod'])('webhooks of stage %s', (stage) => {
  const { data, pipeline } = synthesize(stage);
  const queue = 'AWS::SQS::Queue';

  test('have queues that are encrypted, reached by TLS only, and lose nothing that breaks the sender', () => {
    data.resourceCountIs(queue, 3);
    data.allResourcesProperties(queue, { SqsManagedSseEnabled: true });
    data.resourcePropertiesCountIs(queue, { RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }) }, 2);
    const policies = Object.values(resourcesOf(data, 'AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(3);
    for (const { Properties } of policies) expect(JSON.stringify(Properties)).toContain('aws:SecureTransport');
  });

  test('get every outcome of the bus, and what cannot be put into their queue is kept', () => {
    data.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.anyValue(),
      EventPattern: { source: ['wallet'] },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() } })],
    });
  });

  test('are sent to message by message, by a bounded number of senders', () => {
    for (const [name, MaximumConcurrency] of [
      ['Events', 10],
      ['Deliveries', 50],
    ] as const) {
      pipeline.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        EventSourceArn: { Ref: Match.stringLikeRegexp(`Webhooks${name}`) },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency },
        BatchSize: 10,
      });
    }
  });

  test('have secrets that leave by no other way than their table, with a time for what is dead', () => {
    data.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      SSESpecification: stage === 'local' ? { SSEEnabled: false } : { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('may be on this machine in preset local only', () => {
    expect(JSON.stringify(everyResource(pipeline)).includes(env.allowLoopbackWebhooks)).toBe(stage === 'local');
  });
});
