/**
 * Bearer tokens: JSON Web Tokens (RFC 7519) that a configured issuer signed for this wallet. The signature, the issuer, the
 * audience and the times are checked by aws-jwt-verify; what it leaves open is closed here: the algorithms are RS256 and ES256 and
 * no others, and a token without an end is none.
 */
import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksValidationError, JwkValidationError } from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { type Caller, callerOfClaims } from '../../core/contracts/caller.ts';

/** How far the issuer's clock may be from ours, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** A header that API Gateway takes has 10 KB at most; a longer text is not worth decoding. */
const MAX_TOKEN_LENGTH = 8_192;

/** Name under which keys that were given are kept; nothing is fetched from it. */
const NO_ADDRESS = 'https://keys.invalid';

const algorithms: readonly (string | undefined)[] = ['RS256', 'ES256'];

export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly tenantClaim?: string;
  /** Where the issuer's public keys are: an address (https, cached, fetched again for a key that is not known), or the keys themselves. */
  readonly keys: { readonly jwksUri: string } | { readonly jwks: Jwks };
}

/** A token that was found good. */
export interface VerifiedToken {
  readonly caller: Caller;
  /** UTC milliseconds. */
  readonly expiresAt: number;
}

export interface TokenVerifier {
  /** Undefined for what is no good token, whatever is wrong with it. Rejects if the issuer's keys cannot be had. */
  verify(token: string): Promise<VerifiedToken | undefined>;
}

class NotAccepted extends Error {
  override readonly name = 'NotAccepted';
}

export class JwtTokenVerifier implements TokenVerifier {
  private readonly settings: TokenSettings;
  private readonly verifier: ReturnType<typeof verifierFor>;

  constructor(settings: TokenSettings) {
    this.settings = settings;
    this.verifier = verifierFor(settings);
    if ('jwks' in settings.keys) this.verifier.cacheJwks(settings.keys.jwks);
  }

  async verify(token: string): Promise<VerifiedToken | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    const claims = await this.claimsOf(token);
    const caller = claims === undefined ? undefined : callerOfClaims(claims, this.settings.tenantClaim);
    if (caller === undefined || claims?.exp === undefined) return undefined;
    return { caller, expiresAt: claims.exp * 1_000 };
  }

  private async claimsOf(token: string) {
    try {
      // Keys that were given are all there are: nothing is fetched for a key that is not among them.
      return 'jwks' in this.settings.keys ? this.verifier.verifySync(token) : await this.verifier.verify(token);
    } catch (error) {
      if (isTroubleWithKeys(error)) throw error;
      return undefined;
    }
  }
}

function verifierFor({ issuer, audience, keys }: TokenSettings) {
  return JwtVerifier.create({
    issuer,
    audience,
    graceSeconds: CLOCK_TOLERANCE_SECONDS,
    jwksUri: 'jwksUri' in keys ? keys.jwksUri : NO_ADDRESS,
    customJwtCheck: ({ header, payload }) => {
      if (!algorithms.includes(header.alg)) throw new NotAccepted(`algorithm ${header.alg}`);
      if (payload.exp === undefined) throw new NotAccepted('no end');
    },
  });
}

/** The issuer's trouble and not the bearer's: the same token may be good when the keys can be had again. */
function isTroubleWithKeys(error: unknown): boolean {
  return error instanceof FetchError || error instanceof JwksValidationError || error instanceof JwkValidationError;
}
