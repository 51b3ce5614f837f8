/** Which tokens a function trusts, as its environment says. */
import { assertIsJwks } from 'aws-jwt-verify/jwk';
import type { TokenSettings } from '../../adapters/node/token-verifier.ts';
import { env } from '../../core/contracts/env.ts';
import { EnvironmentError, optional, required } from './environment.ts';

/** @throws {EnvironmentError} if something is missing, or is not what it should be */
export function tokenSettings(): TokenSettings {
  const issuer = required(env.tokenIssuer);
  const tenantClaim = optional(env.tokenTenantClaim);
  const given = optional(env.tokenJwks);
  const jwksUri = optional(env.tokenJwksUri) ?? `${issuer.replace(/\/+$/, '')}/.well-known/jwks.json`;
  return {
    issuer,
    audience: required(env.tokenAudience),
    ...(tenantClaim === undefined ? {} : { tenantClaim }),
    keys: given === undefined ? { jwksUri } : { jwks: readJwks(given) },
  };
}

function readJwks(text: string) {
  try {
    const jwks = JSON.parse(text);
    assertIsJwks(jwks);
    return jwks;
  } catch (cause) {
    throw new EnvironmentError(`environment variable ${env.tokenJwks} is no set of keys (RFC 7517)`, { cause });
  }
}
