/**
 * The hash by which transfers are found is HalfSipHash, as an implementation of its own from the published description gives it; so who
 * does not know the key cannot choose identities that share a hash. Runs on disk are sorted by it: it never changes.
 */
import { expect, test } from 'vitest';
import { type HashKey, hashOf } from '../../adapters/embedded/id-hash.ts';
import { transferId } from '../memory-wallet.ts';

const KEY: HashKey = [0x01234567, -0x12345678];

test.each([
  ['', 1994331159, 3750586011],
  ['a', 159283346, 4154869952],
  ['ab', 404103683, 163106918],
  ['default#0190a5d4-7b3e-7c62-9a4f-3c1d5e6f7a8c', 335740224, 2641998585],
  ['x'.repeat(300), 2597873674, 4106400936],
  ['é€𝄞', 2921830437, 3951139797],
])('%j has the hash that it has elsewhere', (id, high, low) => {
  expect(hashOf(id, KEY)).toEqual({ high, low });
});

test('with another key every identity has another hash', () => {
  const other: HashKey = [KEY[0], KEY[1] ^ 1];
  for (let n = 1; n <= 1_000; n += 1) expect(hashOf(transferId(n), other)).not.toEqual(hashOf(transferId(n), KEY));
});
