/**
 * Shows that the Merkle tree is the one of RFC 6962: roots of the vectors that certificate transparency's own tests use, and, in
 * trees of every size up to 70, a proof for every leaf that leads to the root, and to no other when anything in it is changed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Bytes } from '../../adapters/node/sha256.ts';
import { fromHex, toHex } from '../../core/contracts/seal.ts';
import { inclusionPath, leafHash, merkleRoot, rootOfPath } from '../../core/domain/merkle.ts';

const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

function leavesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(sha256Bytes, Uint8Array.of(i)));
}

test('roots are those of the known vectors', () => {
  const leaves = inputs.map((input) => leafHash(sha256Bytes, fromHex(input)));
  const made = roots.map((_, size) => toHex(merkleRoot(sha256Bytes, leaves.slice(0, size))));
  expect(made).toEqual(roots);
});

test('every leaf of a tree of any size has a path to its root', () => {
  for (let size = 1; size <= 70; size += 1) {
    const leaves = leavesOf(size);
    const root = toHex(merkleRoot(sha256Bytes, leaves));
    for (const [index, leaf] of leaves.entries()) {
      const path = inclusionPath(sha256Bytes, leaves, index);
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      expect(toHex(rootOfPath(sha256Bytes, leaf, { index, size }, path) ?? new Uint8Array())).toBe(root);
    }
  }
});

test('another leaf, place, size or path leads elsewhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
      const leaves = leavesOf(size);
      const root = toHex(merkleRoot(sha256Bytes, leaves));
      const [index, other] = [a % size, b % size];
      const path = inclusionPath(sha256Bytes, leaves, index);
      const leads = (
        leaf: Uint8Array | undefined,
        place: { index: number; size: number },
        way: readonly Uint8Array[],
      ) => {
        const led = rootOfPath(sha256Bytes, leaf ?? new Uint8Array(), place, way);
        return led === undefined ? undefined : toHex(led);
      };
      if (other !== index) {
        expect(leads(leaves[other], { index, size }, path)).not.toBe(root);
        expect(leads(leaves[index], { index: other, size }, path)).not.toBe(root);
      }
      expect(leads(leaves[index], { index, size }, path.slice(1))).toBeUndefined();
      expect(leads(leaves[index], { index, size }, [...path, path[0] ?? new Uint8Array()])).toBeUndefined();
      expect(leads(leaves[index], { index: size, size }, path)).toBeUndefined();
      const broken = path.map((step, i) =>
        i === b % path.length ? step.map((byte, at) => byte ^ (at === 0 ? 1 : 0)) : step,
      );
      expect(leads(leaves[index], { index, size }, broken)).not.toBe(root);
    }),
  );
});
