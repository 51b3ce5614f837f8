/**
 * How a function behind API Gateway knows who calls. The authorizer has looked at the token already. On a cloud whose API Gateway
 * has no authorizers the function is told which tokens to trust, and looks itself: there is no way without a token.
 */
import { CachedTokenVerifier } from '../../adapters/node/cached-token-verifier.ts';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { env } from '../../core/contracts/env.ts';
import { optional } from './environment.ts';
import { byAuthorizer, byToken, type Identify } from './identify.ts';
import { tokenSettings } from './token-settings.ts';

export const identify: Identify =
  optional(env.tokenIssuer) === undefined
    ? byAuthorizer
    : byToken(new CachedTokenVerifier(new JwtTokenVerifier(tokenSettings())));
