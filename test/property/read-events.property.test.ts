/**
 * Shows that the fast reader of events and the schemas agree: on every event that is written, and on texts that somebody changed,
 * where both refuse or both give the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from '../../core/contracts/read-events.ts';
import { decodeEvents, encodeEvent } from '../../core/contracts/stored-commit.ts';
import { decide } from '../../core/domain/account.ts';
import { commands, milliseconds, states } from '../arbitrary-commands.ts';

const RUNS = { numRuns: 2_000 };

const texts = fc
  .array(fc.tuple(states, commands, milliseconds), { maxLength: 3 })
  .map((cases) => `[${cases.map(([state, command, at]) => encodeEvent(decide(state, command, at))).join(',')}]`);

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return 'refused';
  }
}

test('both read what is written alike', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(readEvents(text)).toEqual(decodeEvents(text));
    }),
    RUNS,
  );
});

test('both make the same of a text that was changed', () => {
  const replacement = fc.constantFrom(
    '"',
    '1',
    '-',
    '1.5',
    'null',
    '{}',
    '[]',
    '"x":1,',
    ',',
    'true',
    '',
    '"1e3"',
    '-1',
  );
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(8), replacement, (text, place, length, by) => {
      const at = place % text.length;
      const changed = text.slice(0, at) + by + text.slice(at + length);
      expect(outcome(() => readEvents(changed))).toEqual(outcome(() => decodeEvents(changed)));
    }),
    RUNS,
  );
});

test('both make the same of an event with a member of another type, one more, or one less', () => {
  const values = fc.constantFrom<unknown>(null, '', 'x', '1', '-1', '01', 1, -1, 1.5, 2 ** 53, 0, true, false, {}, [], {
    version: 0,
    index: 0,
  });
  fc.assert(
    fc.property(
      states,
      commands,
      milliseconds,
      fc.nat(),
      values,
      fc.boolean(),
      (state, command, at, place, value, drop) => {
        const event: unknown = JSON.parse(encodeEvent(decide(state, command, at)));
        const members = Object.entries(Object(event));
        const [name = ''] = members[place % members.length] ?? [];
        const others = members.filter(([other]) => other !== name);
        const texts = [
          JSON.stringify([Object.fromEntries(drop ? others : [...others, [name, value]])]),
          JSON.stringify([Object.fromEntries([...members, ['another', value]])]),
        ];
        for (const text of texts) expect(outcome(() => readEvents(text))).toEqual(outcome(() => decodeEvents(text)));
      },
    ),
    RUNS,
  );
});
