// The support of a round (docs/encodings.md, "Support"): the model's parameters that its coordinates stand
// for. Everyone merges the same proposals by the same rule, so the support itself never travels. It always has
// full length: on a support of one index, what is published of an update would be the update itself.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { NodeError } from '../errors.ts';
import { greatestCommonDivisor } from './integers.ts';

/** What all supports and proposals of one round have in common. */
export interface SupportShape {
  /** Coordinates that the round carries: the length of its support and of each proposal; 1 to `size`. */
  readonly count: number;
  /** D, parameters of the model. */
  readonly size: number;
  /** The round from 0. It seeds the public order. */
  readonly round: number;
}

/**
 * Merges ranked proposals: in turn, each proposal's best index that is not taken yet, until `count` are taken.
 * Without any proposal it takes the first of the public order.
 * @param proposals in the order of their proposers' seats, which decides ties.
 * @returns `count` strictly increasing indices.
 * @throws NodeError `wire` for a proposal that is malformed.
 */
export function mergeProposals(proposals: readonly Uint32Array[], shape: SupportShape): Uint32Array {
  for (const proposal of proposals) checkProposal(proposal, shape);
  const taken = new Set<number>();
  const at = proposals.map(() => 0);
  // Each proposal is as long as the support, so none runs out before the support is full.
  while (proposals.length > 0 && taken.size < shape.count)
    for (const [p, proposal] of proposals.entries()) {
      if (taken.size === shape.count) break;
      while (taken.has(proposal[at[p]!]!)) at[p]!++;
      taken.add(proposal[at[p]!]!);
    }
  return fill(taken, shape).sort();
}

/**
 * A ranked list as a proposal: brought to its length by the first indices of the public order that it lacks.
 * @param ranked different indices, at most `count` of them, best first.
 */
export const completeProposal = (ranked: Uint32Array, shape: SupportShape): Uint32Array =>
  fill(new Set(ranked), shape);

/** The indices taken, in their order, and as many of the public order as it takes to be `count`. */
function fill(taken: Set<number>, shape: SupportShape): Uint32Array {
  for (const index of publicOrder(shape)) {
    if (taken.size >= shape.count) break;
    taken.add(index);
  }
  return Uint32Array.from(taken);
}

/**
 * All indices of the model in an order that nobody chose: steps of one length around the circle of all
 * indices. Start and length are drawn by a hash, and a length that shares no factor with `size` meets each
 * index once.
 */
function* publicOrder({ size, round }: Omit<SupportShape, 'count'>): Generator<number> {
  const seed = new Uint8Array(tag.length + 4);
  seed.set(tag);
  new DataView(seed.buffer).setUint32(tag.length, round, true);
  const words = new DataView(sha256(seed).buffer);
  let index = Number(words.getBigUint64(0, true) % BigInt(size));
  let step = Number(words.getBigUint64(8, true) % BigInt(size));
  while (greatestCommonDivisor(step, size) !== 1) step++;
  for (let k = 0; k < size; k++) {
    yield index;
    index = (index + step) % size;
  }
}

const tag = new TextEncoder().encode('murmuration/v1/support');

/** A proposal has exactly `count` different indices below `size`. */
function checkProposal(proposal: Uint32Array, { count, size }: SupportShape): void {
  if (proposal.length !== count)
    throw new NodeError('wire', `proposal has ${proposal.length} indices, but the round carries ${count}`);
  const seen = new Uint8Array(size);
  for (const index of proposal) {
    if (index >= size)
      throw new NodeError('wire', `proposal has index ${index}, but the model has ${size} parameters`);
    if (seen[index]) throw new NodeError('wire', `proposal has index ${index} twice, but each is sent once`);
    seen[index] = 1;
  }
}

/** A proposal's bytes, 4 an index, in rank order. */
export function encodeProposal(proposal: Uint32Array): Uint8Array {
  return bytesOfWords(proposal);
}

/**
 * Reads a proposal from bytes that anyone may have made.
 * @throws NodeError `wire` unless it has exactly `count` different indices below `size`.
 */
export function decodeProposal(bytes: Uint8Array, shape: SupportShape): Uint32Array {
  if (bytes.length !== shape.count * 4)
    throw new NodeError('wire', `proposal has ${bytes.length} bytes, but ${shape.count} indices have 4 each`);
  const proposal = wordsOfBytes(Uint32Array, bytes);
  checkProposal(proposal, shape);
  return proposal;
}
