/**
 * The templates of what tells others: a bus that outlives deployments where data does, webhooks, a WebSocket; nothing at all of it
 * where a preset does not ask for it.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { env } from '../../core/contracts/env.ts';
import { stageConfig, withWishes } from '../../infra/config.ts';
import { allowances, everyResource, resourceNamed, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const bus = 'AWS::Events::EventBus';

describe('outcomes', () => {
  test('have a bus that stays where data stays', () => {
    synthesize('prod').data.allResources(bus, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    for (const stage of ['local', 'dev', 'prod']) synthesize(stage).data.resourceCountIs(bus, 1);
  });

  test('are not told where the preset does not ask for it', () => {
    const { data, pipeline } = synthesize('prod', { settings: { publishOutcomes: false, webSocketPush: false } });
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

describe.each(['dev', 'prod'])('the WebSocket of stage %s', (stage) => {
  const { data, pipeline, config } = synthesize(stage);
  const route = 'AWS::ApiGatewayV2::Route';

  test('has three routes to one function, of which the one for messages answers', () => {
    pipeline.resourceCountIs(route, 3);
    for (const RouteKey of ['$connect', '$disconnect', '$default']) pipeline.hasResourceProperties(route, { RouteKey });
    pipeline.hasResourceProperties(route, { RouteKey: '$default', RouteResponseSelectionExpression: '$default' });
    pipeline.resourceCountIs('AWS::ApiGatewayV2::RouteResponse', 1);
    const integrations = Object.values(resourcesOf(pipeline, 'AWS::ApiGatewayV2::Integration'));
    expect(integrations).toHaveLength(3);
    for (const { Properties } of integrations) expect(JSON.stringify(Properties)).toContain('OutcomeSocketClients');
  });

  test('is throttled below what the API may take, counted, and logged without any header', () => {
    pipeline.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: {
        ThrottlingRateLimit: config.throttleRate / 10,
        ThrottlingBurstLimit: config.throttleBurst / 10,
        DetailedMetricsEnabled: true,
      },
    });
    const { Properties = {} } = resourceNamed(pipeline, 'AWS::ApiGatewayV2::Stage', 'OutcomeSocket');
    const log = JSON.stringify(Properties['AccessLogSettings']);
    expect(log).toContain('$context.requestId');
    expect(log).not.toMatch(/header|protocol|queryString|authorizer/i);
    // Nothing of a request goes to the log of executions, where the token would be in clear.
    expect(JSON.stringify(Properties)).not.toMatch(/DataTraceEnabled":true|LoggingLevel/);
  });

  test('trusts the tokens that the deployment names, which the function checks itself', () => {
    const { Properties = {} } = resourceNamed(pipeline, 'AWS::Lambda::Function', 'OutcomeSocketClients');
    expect(JSON.stringify(Properties['Environment'])).toContain(env.tokenIssuer);
    const pusher = resourceNamed(pipeline, 'AWS::Lambda::Function', 'OutcomeSocketPush');
    expect(JSON.stringify(pusher.Properties?.['Environment'])).not.toContain(env.tokenIssuer);
  });

  test('lets its functions reach the connections of its own stage, and only one of them say something', () => {
    const reached = (name: string) =>
      allowances(pipeline, name).filter(({ action }) => action.startsWith('execute-api:'));
    const methodsOf = (name: string) =>
      reached(name).map(({ resource }) => /\/(POST|DELETE|GET|\*)\/@connections\/\*/.exec(resource)?.[1]);
    expect(methodsOf('OutcomeSocketClients')).toEqual(['DELETE']);
    expect(methodsOf('OutcomeSocketPush').sort()).toEqual(['DELETE', 'POST']);
    for (const { resource } of reached('OutcomeSocket')) expect(resource).toContain('OutcomeSocketApi');
  });

  test('has a table whose items leave by themselves, and a queue that keeps nothing longer than connections last', () => {
    pipeline.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    pipeline.resourceCountIs('AWS::SQS::Queue', 2);
    pipeline.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    pipeline.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 3 * 3_600,
      VisibilityTimeout: 60,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
    pipeline.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('OutcomeSocketPush') },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });

  test('is named by the stack, and has no part in what outlives it', () => {
    data.hasOutput('SocketUrl', {});
    expect(Object.keys(everyResource(data)).filter((id) => /Push|Socket/.test(id))).toEqual([]);
  });
});

test('preset local has no WebSocket unless it is asked for, and only preset local hears that', () => {
  const names = (settings: object) =>
    Object.keys(everyResource(synthesize('local', { settings }).pipeline)).filter((id) =>
      /^Push|^OutcomeSocket|AlarmsPush/.test(id),
    );
  expect(names({})).toEqual([]);
  expect(names({ webSocketPush: true }).length).toBeGreaterThan(10);
  const { Properties = {} } = resourceNamed(synthesize('local').pipeline, 'AWS::Lambda::Function', 'Projector');
  expect(JSON.stringify(Properties)).not.toContain(env.subscriptionsTable);
  for (const wish of [true, false]) {
    expect(withWishes(stageConfig('local'), { webSocketPush: wish }).webSocketPush).toBe(wish);
    expect(withWishes(stageConfig('prod'), { webSocketPush: wish }).webSocketPush).toBe(true);
  }
});

test('an emulator is named by path in preset local alone', () => {
  const text = (stage: string) =>
    JSON.stringify(everyResource(synthesize(stage, { settings: { webSocketPush: true } }).pipeline));
  expect(text('local')).toContain(env.emulatedSocketPath);
  for (const stage of ['dev', 'prod']) expect(text(stage)).not.toContain(env.emulatedSocketPath);
});
