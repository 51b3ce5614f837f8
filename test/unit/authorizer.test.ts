/** What the authorizer answers: who calls, everything of the stage or nothing, and under which plan the request counts. */
import { expect, test } from 'vitest';
import type { TokenVerifier } from '../../adapters/node/token-verifier.ts';
import { callerOfContext } from '../../core/contracts/caller.ts';
import { authorize } from '../../functions/authorizer/authorize.ts';
import { keyOfTenant, readTiers } from '../../functions/authorizer/tiers.ts';
import { customer } from '../memory-api.ts';

const caller = customer('alice', 'acme');
const verifier: TokenVerifier = {
  verify: async (token) => (token === 'good' ? { caller, expiresAt: 0 } : undefined),
};
const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/v1/wallet/accounts/a';
const tiers = readTiers('{"keys":{"usual":"key-u","small":"key-s"},"tenants":{"acme":"small"},"usual":"usual"}');

test('a good token opens every method of the stage, since the answer is kept for all of them', async () => {
  const answer = await authorize(verifier, tiers, { authorizationToken: 'bearer good', methodArn });
  expect(answer).toMatchObject({
    principalId: 'alice',
    policyDocument: {
      Statement: [{ Effect: 'Allow', Resource: 'arn:aws:execute-api:us-east-1:123456789012:api/prod/*' }],
    },
    usageIdentifierKey: 'key-s',
  });
  expect(callerOfContext(answer.context)).toEqual(caller);
});

test.each(['Bearer bad', 'good', 'Basic good', 'Bearer', 'Bearer good good', ''])(
  '"%s" opens nothing',
  async (header) => {
    const answer = await authorize(verifier, tiers, { authorizationToken: header, methodArn });
    expect(answer).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } });
    expect(callerOfContext(answer.context)).toBeUndefined();
  },
);

test('tenants that are not named are of the usual tier; without tiers nothing is counted', async () => {
  if (tiers === undefined) throw new Error('there are tiers');
  expect(keyOfTenant('default', tiers)).toBe('key-u');
  expect(await authorize(verifier, undefined, { authorizationToken: 'Bearer good', methodArn })).not.toHaveProperty(
    'usageIdentifierKey',
  );
  expect(readTiers(undefined)).toBeUndefined();
  expect(() => readTiers('{}')).toThrow('which tiers');
});
