/**
 * `npm run build:decisions [-- FILE]`: makes this version's decisions into one file, for `wallet audit replay --with FILE`. Keep one of
 * every version that decided anything.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const DEFAULT_FILE = path.join(root, '.wallet', 'decisions.mjs');

/** @param plugins change what is built; for tests of builds that decide otherwise */
export async function buildDecisions(file: string, plugins: readonly Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [path.join(root, 'core', 'flows', 'decide-again.ts')],
    outfile: file,
    bundle: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
    plugins: [...plugins],
  });
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const file = path.resolve(positionals[0] ?? DEFAULT_FILE);
  await buildDecisions(file);
  console.log(file);
}
