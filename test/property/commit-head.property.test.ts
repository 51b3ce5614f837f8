/**
 * The fast reader of commit heads gives what JSON gives, or leaves the head to it: on every head that is written, and on heads that
 * somebody changed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitHead, ENTRY_HEADER_BYTES, kinds, readCommit, writeEntry } from '../../adapters/embedded/entries.ts';
import { readCommitHead } from '../../adapters/embedded/read-commit-head.ts';
import { ByteScan, slicesOf } from '../../core/contracts/byte-scan.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';

const RUNS = { numRuns: 2_000 };
const hashes = fc.stringMatching(/^[0-9a-f]{64}$/);
const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const positions = fc.record({
  epoch: fc.nat(),
  sequence: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 50n }), fc.bigInt({ min: 0n, max: 10n ** 56n })),
  index: fc.nat(),
});
const commits: fc.Arbitrary<StoredCommit> = fc.record({
  v: fc.constantFrom(1, 2),
  account: fc.stringMatching(/^[a-z0-9-]{1,32}#[a-z0-9:_-]{1,64}$/),
  version: fc.integer({ min: 1, max: 2 ** 40 }),
  at: whole,
  position: fc.option(positions, { nil: undefined }),
  highArrival: whole,
  prevHash: fc.oneof(fc.constant(''), hashes),
  hash: hashes,
  state: fc.string({ unit: 'grapheme' }),
  events: fc.string({ unit: 'grapheme' }),
});
const heads = fc.tuple(commits, whole, whole).map(([commit, before, skip]) => commitHead(commit, before, skip));

function entryOf(head: string, texts: readonly [string, string] = ['', '']): Buffer {
  const buffer = Buffer.alloc(ENTRY_HEADER_BYTES + 3 * (head.length + texts[0].length + texts[1].length));
  return buffer.subarray(0, writeEntry(buffer, 0, kinds.commit, head, ...texts));
}

function scanOf(bytes: Buffer): ByteScan {
  return new ByteScan(bytes, 0, slicesOf(bytes.toString('latin1'), 0));
}

test('a commit is read as it was written', () => {
  fc.assert(
    fc.property(commits, whole, whole, (commit, before, skip) => {
      const entry = entryOf(commitHead(commit, before, skip), [commit.state, commit.events]);
      expect(readCommit(entry)).toEqual({ commit, before, skip });
    }),
    RUNS,
  );
});

test('the usual head is read from its bytes', () => {
  const usual = fc.tuple(commits, fc.nat(), fc.nat()).map(([commit, before, skip]) => {
    const position = commit.position && { ...commit.position, sequence: commit.position.sequence % 10n ** 12n };
    return commitHead(
      { ...commit, at: commit.at % 1e13, highArrival: commit.highArrival % 1e13, position },
      before,
      skip,
    );
  });
  fc.assert(
    fc.property(usual, (head) => {
      const bytes = Buffer.from(head);
      expect(readCommitHead(scanOf(bytes), bytes.length)).toBeDefined();
    }),
    RUNS,
  );
});

test('a head that was changed is refused, or read as JSON has it', () => {
  const by = fc.constantFrom(
    '"',
    '',
    '0',
    '-',
    '1.5',
    'null',
    ' ',
    ',',
    ']',
    '[',
    '\\',
    '\\u0041',
    'ü',
    '\n',
    '/',
    '1e3',
    'é"',
  );
  fc.assert(
    fc.property(heads, fc.nat(), fc.nat({ max: 4 }), by, (head, place, length, text) => {
      const at = place % head.length;
      const changed = head.slice(0, at) + text + head.slice(at + length);
      const bytes = Buffer.from(changed);
      const found = readCommitHead(scanOf(bytes), bytes.length);
      if (found === undefined) return;
      const { account, v, version, at: time, position, highArrival, prevHash, hash, before, skip, stateLength } = found;
      const placed = position === undefined ? '' : `${position.epoch}/${position.sequence}/${position.index}`;
      const again = [account, v, version, time, placed, highArrival, prevHash, hash, before, skip, stateLength];
      expect(again).toEqual(JSON.parse(changed));
    }),
    RUNS,
  );
});
