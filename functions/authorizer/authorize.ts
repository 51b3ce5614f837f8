/**
 * The answer of a Lambda authorizer: who calls, and that the caller may call. What a token permits is not decided here, for API
 * Gateway keeps the answer and uses it for every method that the same token is sent to; each function asks for the scope of its
 * operation.
 */
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import type { TokenVerifier } from '../../adapters/node/token-verifier.ts';
import { contextOfCaller } from '../../core/contracts/caller.ts';
import { bearerToken } from '../runtime/identify.ts';
import { keyOfTenant, type Tiers } from './tiers.ts';

/**
 * Decides on a request's token. One that is not good is denied, which API Gateway is told to answer with 401, and not refused by an
 * exception, which would count as a failure of the function. Rejects if the issuer's keys cannot be had.
 */
export async function authorize(
  verifier: TokenVerifier,
  tiers: Tiers | undefined,
  { authorizationToken, methodArn }: Pick<APIGatewayTokenAuthorizerEvent, 'authorizationToken' | 'methodArn'>,
): Promise<APIGatewayAuthorizerResult> {
  const token = bearerToken(authorizationToken);
  const verified = token === undefined ? undefined : await verifier.verify(token);
  if (verified === undefined) return { principalId: 'nobody', policyDocument: everythingOf(methodArn, 'Deny') };
  const { caller } = verified;
  const key = tiers === undefined ? undefined : keyOfTenant(caller.scope, tiers);
  return {
    principalId: caller.subject,
    policyDocument: everythingOf(methodArn, 'Allow'),
    context: { ...contextOfCaller(caller) },
    ...(key === undefined ? {} : { usageIdentifierKey: key }),
  };
}

/** @param methodArn `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` */
function everythingOf(methodArn: string, effect: 'Allow' | 'Deny'): APIGatewayAuthorizerResult['policyDocument'] {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: `${api}/${stage}/*` }],
  };
}
