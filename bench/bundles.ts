/** The functions' bundles: made as the CDK app makes them, and what is in them. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
/** Clients of AWS and what they are made of; bundled too, but their size is not ours to choose. */
const SDK = /node_modules\/(@aws-sdk|@smithy|@aws-crypto|@aws|fast-xml-parser|strnum|bowser|tslib)\//;

export interface Bundle {
  readonly name: string;
  /** Path of the bundle, if it was written. */
  readonly file: string;
  /** Minified bytes of the wallet and all packages except the SDK. */
  readonly ownBytes: number;
  readonly sdkBytes: number;
}

/** Names of all functions. */
export function functionNames(): readonly string[] {
  const folders = readdirSync(path.join(root, 'functions'), { withFileTypes: true });
  return folders.filter((entry) => entry.isDirectory() && entry.name !== 'runtime').map(({ name }) => name);
}

/** Bundles a function's handler into a folder. */
export async function bundle(name: string, folder: string): Promise<Bundle> {
  const file = path.join(folder, `${name}.mjs`);
  const { metafile } = await build({
    entryPoints: [path.join(root, 'functions', name, 'handler.ts')],
    outfile: file,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  let ownBytes = 0;
  let sdkBytes = 0;
  for (const [input, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {})) {
    if (SDK.test(input)) sdkBytes += bytesInOutput;
    else ownBytes += bytesInOutput;
  }
  return { name, file, ownBytes, sdkBytes };
}
