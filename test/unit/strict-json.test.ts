/**
 * JSON that two readers could understand differently is refused, and everything else is read as `JSON.parse` reads it: by examples,
 * and for any value by a property.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH, readStrictJson } from '../../functions/runtime/strict-json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('is refused', () => {
  test.each([
    ['a member twice', '{"amount":"1","amount":"2"}', '"amount" twice'],
    ['a member twice, once escaped', '{"amount":"1","\\u0061mount":"2"}', '"amount" twice'],
    ['a member twice with blanks before its colon', '{"a" \n:1,"b":2,"a"\t:3}', '"a" twice'],
    ['a member twice deep inside', '{"transfers":[{"a":1},{"b":{"c":1,"c":1}}]}', '"c" twice'],
    ['a member twice after a text with colons', '{"x":"\\":\\"{","y":1,"y":2}', '"y" twice'],
    ['an empty name twice', '{"":1,"":2}', '"" twice'],
    ['a member twice whose name is long', `{"${'n'.repeat(99)}":1,"${'n'.repeat(99)}":1}`, `${'n'.repeat(64)}" twice`],
    ['a member that would change prototypes', '{"a":{"__proto__":1}}', '__proto__'],
    ['too deep a list', nested(MAX_JSON_DEPTH + 1), 'nested'],
    ['a list deeper than any stack', '['.repeat(200_000), 'nested'],
    ['half of a surrogate pair', '{"a":"\\ud83d"}', 'surrogate'],
    ['half of a surrogate pair in a name', '{"\\udc00":1}', 'surrogate'],
    ['a text without end', '{"a":"b', 'JSON'],
    ['nothing', '', 'JSON'],
    ['a byte order mark', '\ufeff{}', 'JSON'],
    ['a number of no kind', '[NaN]', 'JSON'],
    ['a comment', '{}//', 'JSON'],
  ])('%s', (_, text, detail) => {
    const read = readStrictJson(text);
    expect(read.ok ? 'it was read' : read.detail).toContain(detail);
  });
});

test.each([
  ['the deepest that is allowed', nested(MAX_JSON_DEPTH)],
  ['one name in two objects', '[{"a":1},{"a":2}]'],
  ['a name that is a value too', '{"a":"a","b":"a"}'],
  ['a whole pair', '{"a":"\\ud83d\\ude00"}'],
  ['braces and colons in texts', '{"a{":":}\\"{","b":"\\\\"}'],
  ['names of the prototype', '{"constructor":1,"toString":2}'],
  ['a huge number', '[1e400,123456789012345678901234567890]'],
])('%s is read', (_, text) => {
  expect(readStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
});

test('whatever JSON.stringify writes is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      if (text.includes('__proto__')) return;
      expect(readStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test('a member that is repeated in any object is found', () => {
  const text = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name.isWellFormed());
  fc.assert(
    fc.property(fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, noNullPrototype: true }), (object) => {
      const [name = ''] = Object.keys(object);
      const members = [...Object.entries(object), [name, 0]].map(
        ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
      );
      expect(readStrictJson(`[{${members.join(',')}}]`).ok).toBe(false);
    }),
  );
});
