/**
 * Tokens that were found good, remembered for a short time: checking a signature costs more than everything else that a request
 * does in the embedded wallet. A token that is not good is checked each time, so that nobody can fill the memory with them.
 */
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** As long as API Gateway remembers what the authorizer said. */
export const REMEMBER_MS = 60_000;
/** About 1 KB a token. */
const MOST_TOKENS = 10_000;

interface Remembered {
  readonly verified: VerifiedToken;
  readonly until: number;
}

export class CachedTokenVerifier implements TokenVerifier {
  private readonly inner: TokenVerifier;
  private readonly now: () => number;
  private readonly most: number;
  private readonly remembered = new Map<string, Remembered>();

  /** @param now UTC milliseconds */
  constructor(inner: TokenVerifier, now: () => number = Date.now, most = MOST_TOKENS) {
    this.inner = inner;
    this.now = now;
    this.most = most;
  }

  async verify(token: string): Promise<VerifiedToken | undefined> {
    const known = this.remembered.get(token);
    const now = this.now();
    if (known !== undefined && now < known.until) return known.verified;
    this.remembered.delete(token);
    const verified = await this.inner.verify(token);
    if (verified !== undefined) this.remember(token, verified, now);
    return verified;
  }

  /** What was remembered first makes room: it would have to be checked again soonest anyway. */
  private remember(token: string, verified: VerifiedToken, now: number): void {
    this.remembered.set(token, { verified, until: Math.min(now + REMEMBER_MS, verified.expiresAt) });
    if (this.remembered.size <= this.most) return;
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined) this.remembered.delete(oldest);
  }
}
