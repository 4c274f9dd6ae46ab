// The allow-list of a task: a Merkle tree in the form of OpenZeppelin's StandardMerkleTree, whose root is in the task's
// parameters and against which the marketplace checks who joins (contracts/src/market/Membership.sol).
import { type Address, concat, encodeAbiParameters, type Hex, keccak256 } from 'viem';

/** A place on the list. */
export interface ListedPlace {
  readonly account: Address;
  /** Of its updates in the sum, 1 to 1023; a validator's is 1. */
  readonly weight: number;
  readonly role: 'trainer' | 'validator';
}

/** The roles' numbers in a leaf: those of the contract's `Role`. */
const roleNumber = { trainer: 1, validator: 2 } as const;

/** A leaf is hashed twice, so that no inner node passes for one. */
const leafOf = ({ account, weight, role }: ListedPlace): Hex =>
  keccak256(
    keccak256(
      encodeAbiParameters(
        [{ type: 'address' }, { type: 'uint32' }, { type: 'uint8' }],
        [account, weight, roleNumber[role]],
      ),
    ),
  );

/** Two nodes are hashed in ascending order, so that a proof needs no sides. */
const nodeOf = (a: Hex, b: Hex): Hex => keccak256(a < b ? concat([a, b]) : concat([b, a]));

/**
 * Root and proofs of a list of one place or more: a complete binary tree in an array, its leaves in ascending order from
 * the end.
 * @returns proofs from the leaf up, in the order of the places.
 */
export function allowList(places: readonly ListedPlace[]): { readonly root: Hex; readonly proofs: Hex[][] } {
  if (places.length === 0) throw new RangeError('an allow-list of nobody: give a place at least');
  const leaves = places.map((place, at) => ({ leaf: leafOf(place), at })).toSorted(ascending);
  const tree = new Array<Hex>(2 * places.length - 1);
  const nodeAt = new Map<number, number>();
  leaves.forEach(({ leaf, at }, i) => {
    tree[tree.length - 1 - i] = leaf;
    nodeAt.set(at, tree.length - 1 - i);
  });
  for (let node = places.length - 2; node >= 0; node--)
    tree[node] = nodeOf(tree[2 * node + 1]!, tree[2 * node + 2]!);
  return { root: tree[0]!, proofs: places.map((_, at) => proofFrom(tree, nodeAt.get(at)!)) };
}

const ascending = (a: { readonly leaf: Hex }, b: { readonly leaf: Hex }): number =>
  a.leaf < b.leaf ? -1 : a.leaf > b.leaf ? 1 : 0;

/** The siblings on the way up. */
function proofFrom(tree: readonly Hex[], leaf: number): Hex[] {
  const proof: Hex[] = [];
  for (let node = leaf; node > 0; node = (node - 1) >> 1)
    proof.push(tree[node % 2 === 0 ? node - 1 : node + 1]!);
  return proof;
}
