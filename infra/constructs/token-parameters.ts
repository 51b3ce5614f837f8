/**
 * Whose tokens the wallet trusts, as parameters of the deployment: they have no default, so nothing can be deployed that would let
 * anybody in by an oversight, and synthesis still needs to know nothing.
 *
 *   npx cdk deploy --parameters TokenIssuer=https://login.example.com --parameters TokenAudience=wallet
 */
import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';

/** As environment variables of a function. */
export type TokenEnvironment = Readonly<Record<string, string>>;

/** Makes the parameters in the root stack, where the command line can set them. */
export function tokenParameters(root: Construct): TokenEnvironment {
  const parameter = (id: string, description: string, more: object) =>
    new CfnParameter(root, id, { type: 'String', description, ...more }).valueAsString;
  return {
    [env.tokenIssuer]: parameter('TokenIssuer', 'Issuer of the tokens that callers send: their claim "iss".', {
      allowedPattern: 'https://.+',
      constraintDescription: 'must be the https address that the tokens have as "iss"',
    }),
    [env.tokenAudience]: parameter('TokenAudience', 'Whom the tokens must be for: their claim "aud".', {
      minLength: 1,
      constraintDescription: 'must be what the tokens have as "aud"',
    }),
    [env.tokenJwksUri]: parameter('TokenJwksUri', 'Address of the public keys, if not ISSUER/.well-known/jwks.json.', {
      default: '',
      allowedPattern: '|https://.+',
    }),
    [env.tokenJwks]: parameter(
      'TokenJwks',
      'The public keys themselves (RFC 7517), for an issuer without an address.',
      {
        default: '',
      },
    ),
    [env.tokenTenantClaim]: parameter('TokenTenantClaim', 'Name of the claim that holds the tenant.', {
      default: 'tenant',
      minLength: 1,
    }),
  };
}
