/**
 * Shows that a token never reaches the log: neither of a request that is served, nor of one that is refused, nor of one that fails,
 * nor when the authorizer itself fails. All that the logger writes, on every stream, is read.
 */
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { authorize } from '../../functions/authorizer/authorize.ts';
import { createQueryApi } from '../../functions/query/api.ts';
import { byToken } from '../../functions/runtime/identify.ts';
import { journal, meter, observed } from '../../functions/runtime/observability.ts';
import { LocalIssuer } from '../../local/issuer.ts';
import { eventOf } from '../memory-api.ts';
import { MemoryWallet } from '../memory-wallet.ts';

const written: string[] = [];
const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/v1/wallet/trial_balance';
const issuer = await LocalIssuer.at();
const token = await issuer.token({ subject: 'operator' });
const verifier = new JwtTokenVerifier(issuer.settings);
const unreachable = { ...issuer.settings, keys: { jwksUri: 'https://127.0.0.1:1/jwks.json' } };

beforeEach(() => {
  written.length = 0;
  const keep = (...values: unknown[]) => void written.push(values.map(String).join(' '));
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(keep);
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => void vi.restoreAllMocks());

const context: Context = Object.assign(Object.create(null), {
  functionName: 'query',
  getRemainingTimeInMillis: () => 29_000,
});

function expectNoToken(): void {
  const log = written.join('\n');
  expect(log).not.toContain(token);
  // Nor any part of it that could be put together again.
  for (const part of token.split('.')) expect(log).not.toContain(part);
}

test.each([
  ['is served', () => {}],
  [
    'fails',
    (wallet: MemoryWallet) => {
      wallet.views.accounts = () => {
        throw new TypeError('the table does not answer');
      };
    },
  ],
])('a request that %s leaves no token in the log', async (_, prepare) => {
  const wallet = new MemoryWallet();
  prepare(wallet);
  const handler = observed(createQueryApi({ ...wallet, meter, journal, identify: byToken(verifier) }));
  const headers = { Authorization: `Bearer ${token}` };
  const { statusCode } = await handler(
    eventOf('GET', '/v1/wallet/trial_balance', null, { headers, caller: null }),
    context,
  );
  expect([200, 500]).toContain(statusCode);
  if (statusCode === 500) expect(written.join('\n')).toContain('the table does not answer');
  expectNoToken();
});

test('an authorizer that cannot have the keys tells so, and not of which token', async () => {
  const handler = observed(() =>
    authorize(new JwtTokenVerifier(unreachable), undefined, { authorizationToken: `Bearer ${token}`, methodArn }),
  );
  await expect(handler({}, context)).rejects.toThrow();
  expect(written.join('\n')).toContain('127.0.0.1:1');
  expectNoToken();
});

test('a token that is refused is not logged either', async () => {
  const handler = observed(() => authorize(verifier, undefined, { authorizationToken: `Bearer ${token}x`, methodArn }));
  expect(await handler({}, context)).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } });
  expectNoToken();
});
