/** Who sends a request: as API Gateway's authorizer found out, or by the token itself where there is no authorizer before us. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { TokenVerifier } from '../../adapters/node/token-verifier.ts';
import { type Caller, callerOfContext } from '../../core/contracts/caller.ts';

/** Undefined for a request whose sender is not known. Rejects if that cannot be found out now. */
export type Identify = (event: APIGatewayProxyEvent) => Promise<Caller | undefined>;

/** Behind API Gateway: only what the authorizer says counts, headers say nothing. */
export const byAuthorizer: Identify = async (event) => callerOfContext(event.requestContext.authorizer);

/** Where nobody has looked at the token before. */
export function byToken(verifier: TokenVerifier): Identify {
  return async ({ headers }) => {
    const token = bearerToken(headers['authorization'] ?? headers['Authorization']);
    return token === undefined ? undefined : (await verifier.verify(token))?.caller;
  };
}

/** The token of an `Authorization` header (RFC 6750); undefined if it holds none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(header ?? '')?.[1];
}
