/**
 * Merkle trees as of RFC 6962, section 2.1: one hash that stands for a whole list, and a short proof that something is in it.
 * Leaves and nodes are hashed with different first bytes, so that no node can be passed off as a leaf.
 *
 *   root = H(1, left, right)       left: the largest power of two of leaves that is not all of them
 *   leaf = H(0, data)
 */

/** SHA-256 of bytes. */
export type HashBytes = (bytes: Uint8Array) => Uint8Array;

const LEAF = 0;
const NODE = 1;

export function leafHash(hash: HashBytes, data: Uint8Array): Uint8Array {
  return hash(joined([Uint8Array.of(LEAF), data]));
}

/** The root over the hashes of leaves; of an empty list it is the hash of nothing. */
export function merkleRoot(hash: HashBytes, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash(new Uint8Array());
  return rootOf(hash, leaves, 0, leaves.length);
}

/** The hashes that lead from a leaf to the root, nearest to the leaf first. */
export function inclusionPath(hash: HashBytes, leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const middle = from + leftOf(to - from);
    const isLeft = index < middle;
    path.push(isLeft ? rootOf(hash, leaves, middle, to) : rootOf(hash, leaves, from, middle));
    if (isLeft) to = middle;
    else from = middle;
  }
  return path.reverse();
}

/**
 * The root that a path leads to from a leaf; undefined if the path does not fit a tree of that size. Whoever checks a proof
 * compares it with a root that they trust.
 */
export function rootOfPath(
  hash: HashBytes,
  leaf: Uint8Array,
  place: { readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  const { index, size } = place;
  if (index < 0 || index >= size) return undefined;
  const turns = turnsOf(index, size);
  if (turns.length !== path.length) return undefined;
  return path.reduce(
    (below, beside, i) => (turns[i] === 'left' ? node(hash, below, beside) : node(hash, beside, below)),
    leaf,
  );
}

/** On which side a leaf's branch is at each step up to the root. */
function turnsOf(index: number, size: number): readonly ('left' | 'right')[] {
  const turns: ('left' | 'right')[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + leftOf(to - from);
    turns.push(index < middle ? 'left' : 'right');
    if (index < middle) to = middle;
    else from = middle;
  }
  return turns.reverse();
}

function rootOf(hash: HashBytes, leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const [only] = to - from === 1 ? leaves.slice(from, to) : [];
  if (only !== undefined) return only;
  const middle = from + leftOf(to - from);
  return node(hash, rootOf(hash, leaves, from, middle), rootOf(hash, leaves, middle, to));
}

function node(hash: HashBytes, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(joined([Uint8Array.of(NODE), left, right]));
}

/** Leaves of the left branch: the largest power of two below `size`, which is at least 2. */
function leftOf(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
