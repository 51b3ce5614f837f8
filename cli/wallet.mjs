#!/usr/bin/env node
/**
 * The command `wallet`, as `npx wallet` finds it. The commands are TypeScript, which Node runs as they are from version 24.2 on; an older one
 * hands them to the Node that is installed with the wallet. Plain JavaScript without packages, so that any Node from 20 on can do that.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Exit code of a command that could not be run at all. */
const NOT_RUN = 4;

const folder = path.dirname(fileURLToPath(import.meta.url));
const installed = path.resolve(folder, '..', 'node_modules', 'node', 'bin', 'node');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// Before 24.2 a module is not told that it is the program, and every command would do nothing.
const isEnough = major > 24 || (major === 24 && minor >= 2);
if (isEnough || existsSync(installed)) {
  const program = path.join(folder, 'wallet.ts');
  const node = isEnough ? process.execPath : installed;
  const { status } = spawnSync(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? NOT_RUN;
} else {
  process.stderr.write(
    `wallet needs Node 24.2 and runs on ${process.version}; "npm run setup" installs one beside it.\n`,
  );
  process.exitCode = NOT_RUN;
}
