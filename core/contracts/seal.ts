/**
 * The seal of a day: one hash for what every account's log was at midnight UTC, stored apart from the ledger, and proofs of
 * balances that lead to it. Names, texts and hashes are for ever; golden vectors in the tests hold them.
 *
 * Leaf of an account: the JSON array ["wallet.head", 1, day, account key, version, hash] of the newest commit before midnight, hashed as of
 * RFC 6962. The day is in every leaf, so a root stands for one day only.
 */
import * as z from 'zod/mini';
import { type HashBytes, leafHash, merkleRoot } from '../domain/merkle.ts';
import { decodePosition, encodePosition, type StoredCommit } from './stored-commit.ts';

export const SEAL_VERSION = 1;
export const SEALS_PREFIX = 'seals/';
const HEADS_PREFIX = 'heads/';

/** The newest commit of an account at the end of a day. */
export interface ChainHead {
  /** Key of the account. */
  readonly account: string;
  readonly version: number;
  readonly hash: string;
}

export interface DaySeal {
  readonly v: typeof SEAL_VERSION;
  readonly day: string;
  /** Number of leaves: of accounts that had a log by then. */
  readonly accounts: number;
  /** Root over their heads, in the order of their keys, hexadecimal. */
  readonly root: string;
  /** The seal before: a seal that is made anew must be made with all that follow it. */
  readonly previous: { readonly day: string; readonly root: string } | null;
}

/** Proof of what an account's log says of one moment; see docs/AUDIT.md for what it proves. */
export interface BalanceProof {
  readonly v: typeof SEAL_VERSION;
  readonly account: string;
  /** UTC milliseconds. */
  readonly at: number;
  readonly day: string;
  readonly root: string;
  /** Place of the account's leaf among those of the day. */
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  /** From the commit that tells the balance to the day's last, in order; from the first one if none was there yet. */
  readonly commits: readonly StoredCommit[];
}

export function sealName(day: string): string {
  return `${SEALS_PREFIX}${day}`;
}

export function headsName(day: string): string {
  return `${HEADS_PREFIX}${day}`;
}

/** In the order of the tree: by code units, which for keys of accounts are bytes. */
export function inLeafOrder(heads: readonly ChainHead[]): readonly ChainHead[] {
  return [...heads].sort((a, b) => (a.account < b.account ? -1 : Number(a.account > b.account)));
}

export function leafOf(hash: HashBytes, day: string, { account, version, hash: head }: ChainHead): Uint8Array {
  return leafHash(
    hash,
    new TextEncoder().encode(JSON.stringify(['wallet.head', SEAL_VERSION, day, account, version, head])),
  );
}

/** @param heads in leaf order */
export function rootOfHeads(hash: HashBytes, day: string, heads: readonly ChainHead[]): string {
  return toHex(
    merkleRoot(
      hash,
      heads.map((head) => leafOf(hash, day, head)),
    ),
  );
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param hex an even number of hexadecimal digits */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

const day = z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const whole = z.int().check(z.nonnegative());
const sealSchema = z.strictObject({
  v: z.literal(SEAL_VERSION),
  day,
  accounts: whole,
  root: sha256,
  previous: z.nullable(z.strictObject({ day, root: sha256 })),
});
const headsSchema = z.array(z.tuple([z.string(), z.int().check(z.positive()), sha256]));
const position = z.pipe(
  z.string().check(z.regex(/^([0-9]+\/[0-9]+\/[0-9]+)?$/)),
  z.transform((text) => decodePosition(text)),
);
const commitSchema = z.strictObject({
  v: z.int(),
  account: z.string(),
  version: z.int().check(z.positive()),
  at: whole,
  position,
  highArrival: whole,
  prevHash: z.string(),
  hash: sha256,
  state: z.string(),
  events: z.string(),
});
const proofSchema = z.strictObject({
  v: z.literal(SEAL_VERSION),
  account: z.string(),
  at: whole,
  day,
  root: sha256,
  index: whole,
  size: whole,
  path: z.array(sha256),
  commits: z.array(commitSchema),
});

export function encodeSeal({ v, day: sealed, accounts, root, previous }: DaySeal): string {
  return JSON.stringify({ v, day: sealed, accounts, root, previous });
}

/** Throws on a text that is no seal. */
export function decodeSeal(text: string): DaySeal {
  return sealSchema.parse(JSON.parse(text));
}

/** @param heads in leaf order */
export function encodeHeads(heads: readonly ChainHead[]): string {
  return JSON.stringify(heads.map(({ account, version, hash }) => [account, version, hash]));
}

/** Throws on a text that holds none. */
export function decodeHeads(text: string): readonly ChainHead[] {
  return headsSchema.parse(JSON.parse(text)).map(([account, version, hash]) => ({ account, version, hash }));
}

export function encodeProof(proof: BalanceProof): string {
  const commits = proof.commits.map((commit) => ({ ...commit, position: encodePosition(commit.position) }));
  return JSON.stringify({ ...proof, commits }, null, 1);
}

/** Throws on a text that is no proof. */
export function decodeProof(text: string): BalanceProof {
  return proofSchema.parse(JSON.parse(text));
}
