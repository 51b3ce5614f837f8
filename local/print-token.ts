/**
 * `npm run token -- --sub NAME [--scope "wallet:read ..."] [--tenant T] [--expires 1h]`: prints a token of the local issuer, which
 * the wallets that are started here trust. `npm run -s token` prints nothing else.
 */
import { parseArgs } from 'node:util';
import { callerOfClaims } from '../core/contracts/caller.ts';
import { scopes } from '../core/contracts/operations.ts';
import { LocalIssuer } from './issuer.ts';

const USAGE = `usage: npm run -s token -- --sub NAME [--scope "${scopes.join(' ')}"] [--tenant T] [--expires 1h]`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { sub, scope = scopes.join(' '), tenant, expires } = options;
  const unknown = scope.split(' ').filter((name) => !scopes.some((known) => known === name));
  if (unknown.length > 0 || callerOfClaims({ sub, scope, tenant }) === undefined) {
    console.error(
      unknown.length > 0
        ? `there is no scope "${unknown.join('", "')}"`
        : 'the wallet takes subjects of 1 to 64 printable ASCII characters, and tenants of 1 to 32 of a-z, 0-9, "_" and "-"',
    );
    return 2;
  }
  const issuer = await LocalIssuer.at();
  const optional = { ...(tenant === undefined ? {} : { tenant }), ...(expires === undefined ? {} : { expires }) };
  console.log(await issuer.token({ subject: sub, scope, ...optional }));
  return 0;
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sub: { type: 'string' },
        scope: { type: 'string' },
        tenant: { type: 'string' },
        expires: { type: 'string' },
      },
    });
    return values.sub === undefined ? undefined : { ...values, sub: values.sub };
  } catch {
    return undefined;
  }
}
