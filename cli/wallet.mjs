#!/usr/bin/env node
/**
 * The command `wallet`, as `npx wallet` finds it. The commands are TypeScript, which Node runs itself from version 24 on; an older one
 * hands them to the Node that is installed with the wallet. Plain JavaScript without packages, so that any Node from 20 on can do that.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Exit code of a command that could not be run at all. */
const NOT_RUN = 4;

const installed = path.resolve(import.meta.dirname, '..', 'node_modules', 'node', 'bin', 'node');
const isEnough = Number(process.versions.node.split('.')[0]) >= 24;
if (isEnough || existsSync(installed)) {
  const program = path.join(import.meta.dirname, 'wallet.ts');
  const node = isEnough ? process.execPath : installed;
  const { status } = spawnSync(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? NOT_RUN;
} else {
  process.stderr.write(
    `wallet needs Node 24 and runs on ${process.version}; "npm run setup" installs one beside it.\n`,
  );
  process.exitCode = NOT_RUN;
}
