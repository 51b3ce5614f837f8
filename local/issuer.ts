/**
 * The local issuer of tokens: a key pair of this checkout, made when it is first needed, kept readable for its owner alone. The
 * scripts that start a wallet let it trust this key, and sign with it the tokens that they and `npm run token` need. It is for the
 * machine that it is on; a wallet that others reach trusts an identity provider instead.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import * as z from 'zod';
import type { TokenSettings } from '../adapters/node/token-verifier.ts';
import { scopes } from '../core/contracts/operations.ts';

/** No address: nothing is ever fetched from it. */
const ISSUER = 'https://issuer.wallet.invalid';
const AUDIENCE = 'wallet';
const ALGORITHM = 'ES256';
const KEY_FILE = path.resolve(import.meta.dirname, '..', '.wallet', 'issuer', 'key.json');
/** As long as anybody keeps a local wallet up without asking for a new token. */
const USUAL_HOURS = 12;

/** A key of the P-256 curve with its private part `d` (RFC 7517). */
const keySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
});
type PrivateKey = z.infer<typeof keySchema>;

export interface TokenRequest {
  readonly subject: string;
  /** Names of scopes, separated by spaces; all of them unless given. */
  readonly scope?: string;
  readonly tenant?: string;
  /** As jose reads it: `30s`, `1h`, `2 days`. */
  readonly expires?: string;
  /** Whom the token is for; the wallet unless given. */
  readonly audience?: string;
}

export class LocalIssuer {
  private readonly key: PrivateKey;

  private constructor(key: PrivateKey) {
    this.key = key;
  }

  /** @param file where its key is, or will be */
  static async at(file = KEY_FILE): Promise<LocalIssuer> {
    return new LocalIssuer(readKey(file) ?? (await makeKey(file)));
  }

  /** What a wallet must know to trust this issuer. */
  get settings(): TokenSettings & { readonly keys: { readonly jwks: { keys: PublicKey[] } } } {
    const { d: _, ...publicPart } = this.key;
    return {
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: { jwks: { keys: [{ ...publicPart, alg: ALGORITHM, use: 'sig' }] } },
    };
  }

  async token({
    subject,
    scope = scopes.join(' '),
    tenant,
    expires = `${USUAL_HOURS}h`,
    audience = AUDIENCE,
  }: TokenRequest): Promise<string> {
    const claims = { scope, ...(tenant === undefined ? {} : { tenant }) };
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: this.key.kid, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(await importJWK(this.key, ALGORITHM));
  }
}

type PublicKey = Omit<PrivateKey, 'd'> & { readonly alg: string; readonly use: 'sig' };

function readKey(file: string): PrivateKey | undefined {
  try {
    return keySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${file} is no key of the local issuer; take it away, and a new one is made`, { cause: error });
  }
}

/** Several processes may make one at once: the first that is in place is everybody's. */
async function makeKey(file: string): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = keySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${Date.now()}`;
  writeFileSync(draft, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
    return key;
  } catch {
    const first = readKey(file);
    if (first === undefined) throw new Error(`no key could be put at ${file}`);
    return first;
  } finally {
    rmSync(draft);
  }
}

/** A token with which the scripts do their work. */
export async function operatorsToken(): Promise<string> {
  const issuer = await LocalIssuer.at();
  return await issuer.token({ subject: 'operator' });
}
