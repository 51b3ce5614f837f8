/**
 * Lanes: every command of an account travels in the account's lane, and a lane's key places it on one shard, so the commands of
 * an account stay in order whatever else shares the shard. The number of lanes is fixed when the stream is made.
 */
import type { AccountRef } from './account.ts';

/** Key of an account in every store: `scope#account`. A scope has no `#`, so two accounts never share a key. */
export function accountKey({ scope, account }: AccountRef): string {
  return `${scope}#${account}`;
}

/** The account that a key names. */
export function accountOfKey(key: string): AccountRef {
  const hash = key.indexOf('#');
  return { scope: key.slice(0, hash), account: key.slice(hash + 1) };
}

/**
 * Lane of an account: the first 4 bytes of SHA-256 of its key, big-endian, modulo the number of lanes.
 *
 * @param digest SHA-256 of the account's key, hexadecimal
 */
export function laneOf(digest: string, lanes: number): number {
  return Number.parseInt(digest.slice(0, 8), 16) % lanes;
}
