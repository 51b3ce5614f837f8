/**
 * Sets the checkout up from nothing: names missing prerequisites in one line, then installs the dependencies if the lockfile
 * has changed since. With `--node-only` it asks for nothing but Node, which is all that the embedded wallet needs. Plain JavaScript without packages, since it runs before there are any, on any Node from 20 on.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamp = path.join(root, 'node_modules', '.installed-lockfile');

/** Version that a command prints, as numbers, or undefined if there is no such command. */
function versionOf(command, args, pattern) {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const match = error ? undefined : pattern.exec(`${stdout}${stderr}`);
  return match?.slice(1).map(Number);
}

function atLeast(version, [major, minor]) {
  return version !== undefined && (version[0] > major || (version[0] === major && version[1] >= minor));
}

function missingPrerequisites() {
  const node = ['Node 20 or later', process.versions.node.split('.').map(Number), [20, 0]];
  if (process.argv.includes('--node-only')) return missingOf([node]);
  return missingOf([
    node,
    ['git', versionOf('git', ['--version'], /(\d+)\.(\d+)/), [2, 0]],
    ['Python 3.11 or later (python3)', versionOf('python3', ['--version'], /(\d+)\.(\d+)/), [3, 11]],
    ['Java 17 or later (java)', versionOf('java', ['-version'], /version "(\d+)(?:\.(\d+))?/), [17, 0]],
    ['Maven 3.6 or later (mvn)', versionOf('mvn', ['--version'], /Maven (\d+)\.(\d+)/), [3, 6]],
  ]);
}

function missingOf(wanted) {
  return wanted
    .filter(
      ([, version, least]) =>
        !atLeast(
          version?.map((part) => part || 0),
          least,
        ),
    )
    .map(([name]) => name);
}

const missing = missingPrerequisites();
if (missing.length > 0) {
  process.stderr.write(
    `The wallet needs ${missing.join(', ')} on this machine; install what is missing and run again.\n`,
  );
  process.exit(1);
}

const lockfile = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
if (installedLockfile() !== lockfile) {
  process.stdout.write('Installing dependencies ...\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockfile);
}

function installedLockfile() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}
