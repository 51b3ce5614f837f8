/**
 * Shows how an account's key and lane are made. The golden vectors hold for ever: with another lane, the commands of an account
 * would leave the order that they have in their shard.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { accountKey, accountOfKey, laneOf } from '../../core/domain/lane.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the lane of an account', () => {
  it.each([
    ['default#alice', 33, 6_881],
    ['default#bob', 52, 2_164],
    ['default#settlement:cash', 3, 6_531],
    ['tenant-1#alice', 39, 7_079],
    ['default#berka:7', 31, 2_015],
  ])('%s: %s of 64, %s of 8192', (key, of64, of8192) => {
    expect(laneOf(digest(key), 64)).toBe(of64);
    expect(laneOf(digest(key), 8_192)).toBe(of8192);
  });

  test('takes the first 4 bytes as an unsigned number, big-endian', () => {
    expect(laneOf(`00000102${'f'.repeat(56)}`, 1_000)).toBe(258);
    expect(laneOf(`ffffffff${'0'.repeat(56)}`, 1_000)).toBe(4_294_967_295 % 1_000);
  });

  test('accounts spread over all lanes evenly', () => {
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 6_400; i += 1) {
      const lane = laneOf(digest(`default#account-${i}`), 64);
      counts[lane] = (counts[lane] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(150);
  });
});

describe('the key of an account', () => {
  test('is read back as the account', () => {
    const account = { scope: 'tenant-1', account: 'settlement:cash_in' };
    expect(accountKey(account)).toBe('tenant-1#settlement:cash_in');
    expect(accountOfKey(accountKey(account))).toEqual(account);
  });

  test('differs where scope and account differ, however they are cut', () => {
    expect(accountKey({ scope: 'a', account: 'b:c' })).not.toBe(accountKey({ scope: 'a:b', account: 'c' }));
  });
});
