/** The authorizer Lambda: looks at the token of a request before API Gateway lets it in. */
import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { observed } from '../runtime/observability.ts';
import { authorize } from './authorize.ts';
import { config } from './config.ts';

const verifier = new JwtTokenVerifier(config.tokens);

export const handler = observed((event: APIGatewayTokenAuthorizerEvent) => authorize(verifier, config.tiers, event));
