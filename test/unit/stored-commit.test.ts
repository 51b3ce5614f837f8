/**
 * Shows how a commit is stored: texts that are read back as they were, a canonical text whose hash anybody can compute again
 * (golden vectors, made with another program, which hold for ever), and room for both within an item of the table.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import {
  COMMIT_VERSION,
  canonicalText,
  decodeEvents,
  decodePosition,
  decodeState,
  encodeEvents,
  encodePosition,
  encodeState,
  MAX_EVENTS_BYTES,
  type StoredCommit,
} from '../../core/contracts/stored-commit.ts';
import { decide, unopened } from '../../core/domain/account.ts';
import { open, T0 } from '../account-commands.ts';
import { commands, milliseconds, states } from '../arbitrary-commands.ts';

const first: Omit<StoredCommit, 'hash'> = {
  v: 1,
  account: 'default#alice',
  version: 1,
  at: T0,
  position: undefined,
  highArrival: 0,
  prevHash: '',
  state: encodeState({ ...unopened, status: 'open', currency: 'USD', owner: 'Alice' }),
  events: encodeEvents([decide(unopened, open(), T0)]),
};
const second: Omit<StoredCommit, 'hash'> = {
  ...first,
  account: 'tenant-1#settlement:cash "quoted" \\ ü',
  version: 2,
  at: T0 + 1,
  position: {
    epoch: 1,
    sequence: 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n,
    index: 7,
  },
  highArrival: T0,
  prevHash: '2b6bb44142406b9fdca78ab220d8da14fe05ccd6c46c04f1b17e8655525f6e5b',
  events: '[]',
};

describe('the canonical text', () => {
  test('of a first commit of 0.1.0', () => {
    expect(canonicalText(first)).toBe(
      String.raw`["wallet.commit",1,"default#alice",1,1767225600000,"",0,"","{\"status\":\"open\",\"kind\":\"customer\",\"currency\":\"USD\",\"owner\":\"Alice\",\"balance\":\"0\",\"held\":\"0\",\"overdraftLimit\":\"0\",\"closingVersion\":0}","[{\"type\":\"Opened\",\"request\":\"r-1\",\"arrival\":1767225600000,\"kind\":\"customer\",\"currency\":\"USD\",\"owner\":\"Alice\",\"overdraftLimit\":\"0\"}]"]`,
    );
    expect(sha256(canonicalText(first))).toBe('2b6bb44142406b9fdca78ab220d8da14fe05ccd6c46c04f1b17e8655525f6e5b');
  });

  test('of a later commit of 0.1.0 with a position', () => {
    expect(canonicalText(second)).toBe(
      String.raw`["wallet.commit",1,"tenant-1#settlement:cash \"quoted\" \\ ü",2,1767225600001,"1/49590338271490256608559692538361571095921575989136588898/7",1767225600000,"2b6bb44142406b9fdca78ab220d8da14fe05ccd6c46c04f1b17e8655525f6e5b","{\"status\":\"open\",\"kind\":\"customer\",\"currency\":\"USD\",\"owner\":\"Alice\",\"balance\":\"0\",\"held\":\"0\",\"overdraftLimit\":\"0\",\"closingVersion\":0}","[]"]`,
    );
    expect(sha256(canonicalText(second))).toBe('36b14013c64b336240aeed49c83b6b915e9bf04c5bc20a7a79d3294bd1cebf5d');
  });

  test('of a first commit', () => {
    const newest = { ...first, v: COMMIT_VERSION };
    expect(canonicalText(newest)).toBe(
      '["wallet.commit",2,"default#alice",1,1767225600000,"",0,"",133]{"status":"open","kind":"customer","currency":"USD","owner":"Alice","balance":"0","held":"0","overdraftLimit":"0","closingVersion":0}[{"type":"Opened","request":"r-1","arrival":1767225600000,"kind":"customer","currency":"USD","owner":"Alice","overdraftLimit":"0"}]',
    );
    expect(sha256(canonicalText(newest))).toBe('eb58a304ec9b4f16b155ccc0cc8890b10ef97a3b51acd6172511e63b92924aab');
  });

  test('of a later commit with a position', () => {
    const newest = { ...second, v: COMMIT_VERSION };
    expect(canonicalText(newest)).toBe(
      String.raw`["wallet.commit",2,"tenant-1#settlement:cash \"quoted\" \\ ü",2,1767225600001,"1/49590338271490256608559692538361571095921575989136588898/7",1767225600000,"2b6bb44142406b9fdca78ab220d8da14fe05ccd6c46c04f1b17e8655525f6e5b",133]{"status":"open","kind":"customer","currency":"USD","owner":"Alice","balance":"0","held":"0","overdraftLimit":"0","closingVersion":0}[]`,
    );
    expect(sha256(canonicalText(newest))).toBe('9a9598ac2c81177685df67f14085c62fbe9fe3365e3882cf6ab70c80322cd6ec');
  });

  const changes: readonly [string, Partial<StoredCommit>][] = [
    ['version of the shape', { v: COMMIT_VERSION + 1 }],
    ['account', { account: 'default#bob' }],
    ['version', { version: 3 }],
    ['time', { at: T0 + 2 }],
    ['position', { position: { epoch: 1, sequence: 1n, index: 7 } }],
    ['highest arrival', { highArrival: T0 + 1 }],
    ['previous hash', { prevHash: '00' }],
    ['state', { state: first.state.replace('Alice', 'alice') }],
    ['events', { events: '[{}]' }],
  ];
  it.each(changes)('changes with the %s', (_, change) => {
    expect(canonicalText({ ...second, ...change })).not.toBe(canonicalText(second));
    const newest = { ...second, v: COMMIT_VERSION };
    expect(canonicalText({ ...newest, ...change })).not.toBe(canonicalText(newest));
  });

  test('of two commits is the same only if they are the same, wherever one member ends and the next begins', () => {
    const texts = fc.string({ maxLength: 3, unit: fc.constantFrom('"', ',', '\\', '[', 'a') });
    fc.assert(
      fc.property(texts, texts, texts, texts, (stateA, eventsA, stateB, eventsB) => {
        const same = stateA === stateB && eventsA === eventsB;
        for (const v of [1, COMMIT_VERSION]) {
          const a = canonicalText({ ...second, v, state: stateA, events: eventsA });
          const b = canonicalText({ ...second, v, state: stateB, events: eventsB });
          expect(a === b).toBe(same);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what was stored is read as it was', () => {
  test('events, whatever was decided', () => {
    fc.assert(
      fc.property(states, fc.array(commands, { maxLength: 5 }), milliseconds, (state, decided, arrival) => {
        const events = decided.map((command) => decide(state, command, arrival));
        expect(decodeEvents(encodeEvents(events))).toEqual(events);
      }),
    );
  });

  test('states', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decodeState(encodeState(state))).toEqual(state);
      }),
    );
  });

  test('positions', () => {
    const positions = fc.record({
      epoch: fc.integer({ min: 1, max: 1_000 }),
      sequence: fc.bigInt({ min: 0n, max: 10n ** 56n }),
      index: fc.nat(),
    });
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodePosition(encodePosition(position))).toEqual(position);
      }),
    );
    expect(decodePosition(encodePosition(undefined))).toBeUndefined();
  });
});

describe('what is damaged is not read', () => {
  it.each([
    ['no JSON', '['],
    ['no list', '{}'],
    ['an unknown event', '[{"type":"Minted"}]'],
    [
      'an event without its amount',
      '[{"type":"Debited","transfer":"x","to":"b","currency":"USD","arrival":1,"balance":"1"}]',
    ],
    [
      'an amount that is a number',
      '[{"type":"Debited","transfer":"x","to":"b","amount":1,"currency":"USD","arrival":1,"balance":"1"}]',
    ],
  ])('events: %s', (_, text) => {
    expect(() => decodeEvents(text)).toThrow();
  });

  it.each([
    ['no JSON', ''],
    ['nothing', '{}'],
    ['an unknown status', first.state.replace('"open"', '"rich"')],
    ['a balance with decimals', first.state.replace('"balance":"0"', '"balance":"0.5"')],
  ])('state: %s', (_, text) => {
    expect(() => decodeState(text)).toThrow();
  });

  it.each(['1/2', '1/2/3/4', 'a/b/c', '1/-2/3', ' '])('position %j', (text) => {
    expect(() => decodePosition(text)).toThrow(/position/);
  });
});

test('events up to their bound leave room for the rest of an item of 400 KB', () => {
  const longest = 64;
  const account = `${'s'.repeat(32)}#${'a'.repeat(longest)}`;
  const state = encodeState({
    ...unopened,
    status: 'unopened',
    kind: 'settlement',
    owner: 'o'.repeat(longest),
    balance: -(10n ** 37n),
    held: 10n ** 37n,
    overdraftLimit: 10n ** 37n,
    closingVersion: Number.MAX_SAFE_INTEGER,
  });
  const rest = canonicalText({ ...second, account, prevHash: 'f'.repeat(64), state, events: '' }).length;
  const namesAndHash = 500;
  expect(MAX_EVENTS_BYTES + rest + namesAndHash).toBeLessThan(409_600);
});
