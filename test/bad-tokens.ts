/** Tokens that no wallet may take, each with one thing wrong with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { LocalIssuer } from '../local/issuer.ts';

/** By what is wrong; `undefined` is no token at all. */
export async function badTokens(issuer: LocalIssuer): Promise<Readonly<Record<string, string | undefined>>> {
  const good = await issuer.token({ subject: 'operator' });
  return {
    'no token': undefined,
    'a token that has ended': await issuer.token({ subject: 'operator', expires: '2 minutes ago' }),
    'a token for somebody else': await issuer.token({ subject: 'operator', audience: 'shop' }),
    "a token of somebody else's key": await foreignToken(),
    'a token that is not signed': new UnsecuredJWT(decodeJwt(good)).encode(),
    'a token that was changed': `${good.slice(0, -4)}${good.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`,
  };
}

async function foreignToken(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-foreign-issuer-'));
  try {
    const foreign = await LocalIssuer.at(path.join(folder, 'key.json'));
    return await foreign.token({ subject: 'operator' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
