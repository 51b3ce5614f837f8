/**
 * What a pass over the whole file makes of a commit's bytes is what the commit's texts say: its members, its events and the hash of its
 * canonical text, of every commit that is written and of bytes that somebody changed.
 */
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitHead, ENTRY_HEADER_BYTES, kinds, readCommit, writeEntry } from '../../adapters/embedded/entries.ts';
import { readWholeCommit, type WholeCommit } from '../../adapters/embedded/read-commits.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import {
  canonicalText,
  decodeEvents,
  encodeEvent,
  encodeState,
  type StoredCommit,
} from '../../core/contracts/stored-commit.ts';
import { decide } from '../../core/domain/account.ts';
import { commands, milliseconds, states } from '../arbitrary-commands.ts';

const RUNS = { numRuns: 2_000 };
const hashes = fc.stringMatching(/^[0-9a-f]{64}$/);
const eventTexts = fc
  .array(fc.tuple(states, commands, milliseconds), { maxLength: 3 })
  .map((cases) => `[${cases.map(([state, command, at]) => encodeEvent(decide(state, command, at))).join(',')}]`);
const commits: fc.Arbitrary<StoredCommit> = fc.record({
  v: fc.constantFrom(1, 2, 2, 2),
  account: fc.stringMatching(/^[a-z0-9-]{1,32}#[a-z0-9:_-]{1,64}$/),
  version: fc.integer({ min: 1, max: 2 ** 40 }),
  at: fc.nat(),
  position: fc.option(
    fc.record({ epoch: fc.nat(), sequence: fc.bigInt({ min: 0n, max: 10n ** 20n }), index: fc.nat() }),
    { nil: undefined },
  ),
  highArrival: fc.nat(),
  prevHash: fc.oneof(fc.constant(''), hashes),
  hash: fc.oneof(hashes, fc.constantFrom('', 'short')),
  state: fc.oneof(states.map(encodeState), fc.string({ unit: 'grapheme' })),
  events: fc.oneof(eventTexts, fc.string({ unit: 'grapheme' })),
});
/** An entry with others before and behind it, which nobody must touch. */
const entries = fc.tuple(commits, fc.nat(), fc.nat()).map(([commit, before, skip]) => {
  const head = commitHead(commit, before, skip);
  const entry = Buffer.alloc(ENTRY_HEADER_BYTES + 3 * (head.length + commit.state.length + commit.events.length));
  const end = writeEntry(entry, 0, kinds.commit, head, commit.state, commit.events);
  return Buffer.concat([Buffer.from('before'), entry.subarray(0, end), Buffer.from('behind')]);
});
const AT = 'before'.length;

function byTexts(bytes: Buffer): WholeCommit | undefined {
  try {
    const { commit } = readCommit(bytes, AT);
    return { commit, contentHash: sha256(canonicalText(commit)), events: eventsOf(commit) };
  } catch {
    return undefined;
  }
}

function eventsOf({ events }: StoredCommit): WholeCommit['events'] {
  try {
    return decodeEvents(events);
  } catch {
    return undefined;
  }
}

test('a commit is read as its texts say', () => {
  fc.assert(
    fc.property(entries, (bytes) => {
      const expected = byTexts(bytes);
      expect(expected).toBeDefined();
      expect(readWholeCommit(bytes, AT, bytes.length - AT)).toEqual(expected);
      expect(bytes.toString('latin1', 0, AT)).toBe('before');
      expect(bytes.toString('latin1', bytes.length - AT)).toBe('behind');
    }),
    RUNS,
  );
});

test('so is one of which bytes were changed, and its hash is another', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat({ max: 255 }), (bytes, place, byte) => {
      const at = AT + ENTRY_HEADER_BYTES + (place % (bytes.length - 2 * AT - ENTRY_HEADER_BYTES));
      const before = byTexts(bytes);
      const changed = Buffer.from(bytes);
      changed[at] = byte;
      const expected = byTexts(changed);
      const isText = isUtf8(changed);
      const found = readWholeCommit(changed, AT, changed.length - AT);
      expect(found?.commit).toEqual(expected?.commit);
      expect(found?.events).toEqual(expected?.events);
      // Bytes that are no text have a hash of their own, which is not that of the text which is read instead.
      if (isText) expect(found?.contentHash).toBe(expected?.contentHash);
      if (found === undefined || before === undefined) return;
      if (canonicalText(found.commit) !== canonicalText(before.commit))
        expect(found.contentHash).not.toBe(before.contentHash);
    }),
    RUNS,
  );
});
