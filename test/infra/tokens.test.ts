/**
 * Shows in the templates that nobody gets in without a token: every method that asks for a scope has the authorizer, in every
 * preset; whose tokens are trusted has no default; where a cloud has no authorizers the functions are told instead. And how the
 * requests of a tenant are counted.
 */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { env } from '../../core/contracts/env.ts';
import { operation, operationIds } from '../../core/contracts/operations.ts';
import { allowances, resourceNamed, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const stages = ['local', 'dev', 'prod'] as const;
const closed = operationIds.map(operation).filter(({ scopes }) => scopes.length > 0);
const METHOD = 'AWS::ApiGateway::Method';

describe.each(stages)('stage %s', (stage) => {
  const { data, pipeline, config } = synthesize(stage);
  const methods = Object.values(resourcesOf(pipeline, METHOD)).map(({ Properties = {} }) => Properties);

  test('asks the authorizer for every operation that needs a scope, and for no other', () => {
    const custom = methods.filter(({ AuthorizationType }) => AuthorizationType === 'CUSTOM');
    expect(custom).toHaveLength(closed.length);
    for (const method of custom) expect(method['AuthorizerId']).toBeDefined();
    const open = methods.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
    expect(open).toHaveLength(operationIds.length - closed.length);
  });

  test('remembers what the authorizer said for a minute', () => {
    pipeline.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  test('cannot be deployed by anybody who does not say whose tokens are trusted', () => {
    for (const name of ['TokenIssuer', 'TokenAudience']) {
      const [parameter] = Object.values(data.findParameters(name));
      expect(parameter).toBeDefined();
      expect(parameter).not.toHaveProperty('Default');
    }
    expect(Object.values(data.findParameters('TokenIssuer'))).toMatchObject([{ AllowedPattern: 'https://.+' }]);
  });

  test('lets the authorizer do nothing but write its log', () => {
    expect(new Set(allowances(pipeline, 'Authorizer').map(({ action }) => action))).toEqual(
      new Set(['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
    );
  });

  test('answers 401 with a challenge, whichever way a token is not good', () => {
    for (const ResponseType of ['UNAUTHORIZED', 'ACCESS_DENIED']) {
      pipeline.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        StatusCode: '401',
        ResponseParameters: Match.objectLike({
          'gatewayresponse.header.WWW-Authenticate': Match.stringLikeRegexp('^\'Bearer realm="wallet"'),
        }),
      });
    }
  });

  test('counts requests by the tier of their tenant, where the preset says so', () => {
    const plans = Object.entries(config.clientTiers?.plans ?? {});
    pipeline.resourceCountIs('AWS::ApiGateway::UsagePlan', plans.length);
    pipeline.resourceCountIs('AWS::ApiGateway::ApiKey', plans.length);
    for (const [, { rate, burst }] of plans) {
      pipeline.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
        Throttle: { RateLimit: rate, BurstLimit: burst },
      });
    }
    for (const { AuthorizationType, ApiKeyRequired = false } of methods)
      expect(ApiKeyRequired).toBe(AuthorizationType === 'CUSTOM' && plans.length > 0);
    pipeline.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
  });
});

test('where a cloud has no authorizers, each function checks tokens itself, and only preset local may be deployed so', () => {
  const wish = { functionsCheckTokens: true };
  const { pipeline } = synthesize('local', wish);
  pipeline.resourceCountIs('AWS::ApiGateway::Authorizer', 0);
  for (const name of ['Intake', 'Query']) {
    const { Properties = {} } = resourceNamed(pipeline, 'AWS::Lambda::Function', name);
    expect(JSON.stringify(Properties['Environment'])).toContain(env.tokenIssuer);
    const usual = resourceNamed(synthesize('local').pipeline, 'AWS::Lambda::Function', name);
    expect(JSON.stringify(usual.Properties?.['Environment'])).not.toContain(env.tokenIssuer);
  }
  for (const stage of ['dev', 'prod']) {
    synthesize(stage, wish).pipeline.resourceCountIs('AWS::ApiGateway::Authorizer', 1);
  }
});
