/**
 * Shows which tokens are good: signed by a key of the configured issuer with RS256 or ES256, for this wallet, with an end that has
 * not come, and with claims that fit. Every other token is refused, however little is wrong with it, and a good one is remembered no
 * longer than it is good.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CachedTokenVerifier, REMEMBER_MS } from '../../adapters/node/cached-token-verifier.ts';
import { JwtTokenVerifier, type VerifiedToken } from '../../adapters/node/token-verifier.ts';
import { LocalIssuer } from '../../local/issuer.ts';

const issuer = 'https://login.example.com';
const audience = 'wallet';
const publicKey = z.looseObject({ kty: z.string() });

async function keyFor(alg: 'ES256' | 'RS256' | 'ES384', kid: string) {
  const { privateKey, publicKey: shown } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...publicKey.parse(await exportJWK(shown)), kid, alg, use: 'sig' as const } };
}

const es = await keyFor('ES256', 'es');
const rs = await keyFor('RS256', 'rs');
const strong = await keyFor('ES384', 'es384');
const foreign = await keyFor('ES256', 'es');
const verifier = new JwtTokenVerifier({ issuer, audience, keys: { jwks: { keys: [es.jwk, rs.jwk, strong.jwk] } } });

const now = Math.floor(Date.now() / 1_000);
const claims: JWTPayload = { iss: issuer, aud: audience, sub: 'alice', scope: 'wallet:read openid', exp: now + 600 };

function sign(
  payload: JWTPayload,
  key = es.privateKey,
  header: { alg: string; kid?: string } = { alg: 'ES256', kid: 'es' },
) {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

function without(name: keyof typeof claims): JWTPayload {
  const { [name]: _, ...rest } = claims;
  return rest;
}

describe('a good token', () => {
  test.each([
    ['ES256', () => sign(claims)],
    ['RS256', () => sign(claims, rs.privateKey, { alg: 'RS256', kid: 'rs' })],
  ])('signed with %s tells who calls, and what for', async (_, make) => {
    const caller = { scope: 'default', subject: 'alice', permissions: new Set(['wallet:read']) };
    expect(await verifier.verify(await make())).toEqual({ caller, expiresAt: (now + 600) * 1_000 });
  });

  test('may name a tenant, in a claim whose name is configured', async () => {
    const keys = { jwks: { keys: [es.jwk] } };
    const other = new JwtTokenVerifier({ issuer, audience, keys, tenantClaim: 'https://example.com/org' });
    const token = await sign({ ...claims, tenant: 'wrong', 'https://example.com/org': 'acme' });
    expect((await other.verify(token))?.caller.scope).toBe('acme');
    expect((await verifier.verify(await sign({ ...claims, tenant: 'acme' })))?.caller.scope).toBe('acme');
  });

  test('without scopes permits nothing', async () => {
    expect((await verifier.verify(await sign(without('scope'))))?.caller.permissions.size).toBe(0);
  });

  test('is good a little longer, for clocks differ', async () => {
    expect(await verifier.verify(await sign({ ...claims, exp: now - 10 }))).toBeDefined();
    expect(await verifier.verify(await sign({ ...claims, nbf: now + 10 }))).toBeDefined();
  });
});

const [head = '', body = '', signature = ''] = (await sign(claims)).split('.');
const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url');
const hmac = new TextEncoder().encode(JSON.stringify(es.jwk));

describe('refused is', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['a token that has ended', () => sign({ ...claims, exp: now - 60 })],
    ['a token that has not begun', () => sign({ ...claims, nbf: now + 60 })],
    ['a token without an end', () => sign(without('exp'))],
    ['a token for somebody else', () => sign({ ...claims, aud: 'shop' })],
    ['a token for nobody in particular', () => sign(without('aud'))],
    ["another issuer's token", () => sign({ ...claims, iss: 'https://login.example.org' })],
    ['a token of no issuer', () => sign(without('iss'))],
    ['a token signed with another key under the same name', () => sign(claims, foreign.privateKey)],
    ['a token of a key that is not known', () => sign(claims, es.privateKey, { alg: 'ES256', kid: 'other' })],
    ['a token that names no key', () => sign(claims, es.privateKey, { alg: 'ES256' })],
    [
      'a token signed with an algorithm of the issuer that is not ours',
      () => sign(claims, strong.privateKey, { alg: 'ES384', kid: 'es384' }),
    ],
    ['a token that is not signed', () => new UnsecuredJWT(claims).encode()],
    [
      'a token signed with the public key as a secret',
      () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'es' }).sign(hmac),
    ],
    ['a token without a signature', () => `${head}.${body}.`],
    ['a token with the claims of another', () => `${head}.${forged}.${signature}`],
    ['a token without a subject', () => sign(without('sub'))],
    ['a subject that no ledger takes', () => sign({ ...claims, sub: 'a'.repeat(65) })],
    ['a subject with a control character', () => sign({ ...claims, sub: 'alice\n' })],
    ['a subject of nothing', () => sign({ ...claims, sub: '' })],
    ['a tenant with a separator', () => sign({ ...claims, tenant: 'acme#bob' })],
    ['a tenant with a colon', () => sign({ ...claims, tenant: 'acme:bob' })],
    ['a tenant that is too long', () => sign({ ...claims, tenant: 'a'.repeat(33) })],
    ['a tenant that is no text', () => sign({ ...claims, tenant: ['acme'] })],
    ['what is no token', () => 'alice'],
    ['nothing', () => ''],
    ['more than a header can hold', () => 'a'.repeat(10_000)],
  ])('%s', async (_, make) => {
    expect(await verifier.verify(await make())).toBeUndefined();
  });
});

test('an issuer whose keys cannot be had is its own trouble, and not that of the token', async () => {
  const keys = { jwksUri: 'https://127.0.0.1:1/jwks.json' };
  const cut = new JwtTokenVerifier({ issuer, audience, keys });
  await expect(cut.verify(await sign(claims))).rejects.toThrow('127.0.0.1:1');
});

describe('what is remembered', () => {
  const caller = { scope: 'default', subject: 'alice', permissions: new Set<never>() };
  const verified: VerifiedToken = { caller, expiresAt: REMEMBER_MS * 10 };

  test('is a good token, for a minute, and never beyond its end', async () => {
    let time = 0;
    let checks = 0;
    let answer: VerifiedToken | undefined = verified;
    const verify = async () => {
      checks += 1;
      return answer;
    };
    const cached = new CachedTokenVerifier({ verify }, () => time);
    for (time of [0, REMEMBER_MS - 1]) expect(await cached.verify('t')).toBe(verified);
    expect(checks).toBe(1);
    time = REMEMBER_MS;
    answer = { caller, expiresAt: REMEMBER_MS + 5 };
    expect(await cached.verify('t')).toBe(answer);
    time = REMEMBER_MS + 5;
    answer = undefined;
    expect(await cached.verify('t')).toBeUndefined();
    expect(checks).toBe(3);
  });

  test('is never a bad token, and no more than there is room for', async () => {
    const asked: string[] = [];
    const verify = async (token: string) => {
      asked.push(token);
      return token === 'bad' ? undefined : verified;
    };
    const cached = new CachedTokenVerifier({ verify }, () => 0, 2);
    for (const token of ['bad', 'bad', 'a', 'b', 'c', 'b', 'a']) await cached.verify(token);
    expect(asked).toEqual(['bad', 'bad', 'a', 'b', 'c', 'a']);
  });
});

describe('the local issuer', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-issuer-'));
  const file = path.join(folder, 'keys', 'key.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has one key, which only its owner can read, however many make it at once', async () => {
    const issuers = await Promise.all([1, 2, 3].map(() => LocalIssuer.at(file)));
    const keys = new Set(issuers.map(({ settings }) => JSON.stringify(settings.keys)));
    expect(keys.size).toBe(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([...keys][0]).not.toContain('"d"');
  });

  test('signs what a wallet that trusts it takes', async () => {
    const local = await LocalIssuer.at(file);
    const token = await local.token({ subject: 'alice', scope: 'wallet:transfer', tenant: 'acme', expires: '1m' });
    const trusting = new JwtTokenVerifier(local.settings);
    expect((await trusting.verify(token))?.caller).toEqual({
      scope: 'acme',
      subject: 'alice',
      permissions: new Set(['wallet:transfer']),
    });
    expect(await verifier.verify(token)).toBeUndefined();
  });
});
