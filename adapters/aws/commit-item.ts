/** A commit of the ledger as an item, in its table and in the table's stream. Names are storage format. */
import * as z from 'zod/mini';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import { DamagedCommit } from '../../core/ports.ts';
import { DamagedItem } from './failures.ts';
import {
  bytesOfHex,
  bytesOfPosition,
  hexAttribute,
  integerAttribute,
  number,
  positionAttribute,
  present,
  readItem,
  text,
  textAttribute,
} from './item-attributes.ts';
import type { Item } from './item-size.ts';

const commitSchema = z.object({
  account: textAttribute,
  version: integerAttribute,
  v: integerAttribute,
  at: integerAttribute,
  position: z.exactOptional(positionAttribute),
  high: integerAttribute,
  prev: z.exactOptional(hexAttribute),
  hash: hexAttribute,
  state: textAttribute,
  events: textAttribute,
});

export function itemOfCommit(commit: StoredCommit): Item {
  return present({
    account: text(commit.account),
    version: number(commit.version),
    v: number(commit.v),
    at: number(commit.at),
    position: commit.position === undefined ? undefined : bytesOfPosition(commit.position),
    high: number(commit.highArrival),
    prev: commit.prevHash === '' ? undefined : bytesOfHex(commit.prevHash),
    hash: bytesOfHex(commit.hash),
    state: text(commit.state),
    events: text(commit.events),
  });
}

/** Reads a commit; throws {@link DamagedCommit} on an item that is none. */
export function commitOfItem(item: unknown): StoredCommit {
  const { account, version, v, at, position, high, prev, hash, state, events } = readCommit(item);
  return {
    v,
    account,
    version,
    at,
    position,
    highArrival: high,
    prevHash: prev ?? '',
    hash,
    state,
    events,
  };
}

function readCommit(item: unknown): z.output<typeof commitSchema> {
  try {
    return readItem(commitSchema, item, 'a commit');
  } catch (cause) {
    if (cause instanceof DamagedItem) throw new DamagedCommit(cause.message, { cause });
    throw cause;
  }
}
