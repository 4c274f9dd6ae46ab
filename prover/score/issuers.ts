// The tree of issuers: 256 places, each a key's hash or 0 for none, hashed in pairs by Poseidon. A proof shows that its signer is in it,
// and not where.
import { ProverError } from '../errors.ts';
import { poseidon } from '../poseidon/permutation.ts';
import { issuerDepth } from './shape.ts';
import type { IssuerKey } from './signature.ts';

/** The way from a leaf to the root, the lowest level first. */
export interface IssuerPath {
  /** The other node of each pair. */
  readonly siblings: readonly bigint[];
  /** Whether the way comes from the right. */
  readonly right: readonly boolean[];
}

/** What the tree holds for a key; for a place without one, 0. */
export function issuerLeaf(key: IssuerKey | undefined): bigint {
  return key ? poseidon([key.x, key.y]) : 0n;
}

/**
 * The root of issuers in their places.
 *
 * @throws {ProverError} `argument` for more than 256.
 */
export function issuersRoot(keys: readonly (IssuerKey | undefined)[]): bigint {
  return levelsOf(keys).at(-1)![0]!;
}

/**
 * The way from an issuer's place to the root.
 *
 * @throws {ProverError} `argument` for a place without a key.
 */
export function issuerPath(keys: readonly (IssuerKey | undefined)[], place: number): IssuerPath {
  if (!keys[place])
    throw new ProverError('argument', `place ${place} has no issuer, but a path starts at one`);
  const levels = levelsOf(keys).slice(0, -1);
  const at = (level: number) => place >> level;
  return {
    siblings: levels.map((nodes, level) => nodes[at(level) ^ 1] ?? emptyNode(level)),
    right: levels.map((_, level) => (at(level) & 1) === 1),
  };
}

/** Nodes of each level, from the leaves up; those behind the last key are left out. */
function levelsOf(keys: readonly (IssuerKey | undefined)[]): bigint[][] {
  if (keys.length > 2 ** issuerDepth) {
    throw new ProverError('argument', `there are ${keys.length} issuers, but a set has ${2 ** issuerDepth}`);
  }
  const levels = [keys.map(issuerLeaf)];
  for (let level = 0; level < issuerDepth; level++) {
    const nodes = levels[level]!;
    const count = Math.max(1, Math.ceil(nodes.length / 2));
    const node = (i: number) => nodes[i] ?? emptyNode(level);
    levels.push(Array.from({ length: count }, (_, i) => poseidon([node(2 * i), node(2 * i + 1)])));
  }
  return levels;
}

const empty: bigint[] = [0n];

/** The node of a level below which there is no key. */
function emptyNode(level: number): bigint {
  empty[level] ??= poseidon([emptyNode(level - 1), emptyNode(level - 1)]);
  return empty[level];
}
