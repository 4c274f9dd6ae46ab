// The self-test: before a task starts, the members open sums that all of them know.

import { blindingOf, type ChunkVector, fieldOrder } from '@murmuration/core';
import { encodeChunk } from './encoding.ts';
import { ensure } from './errors.ts';
import type { KeyGroup } from './keys/group.ts';
import type { Parameters } from './parameters.ts';
import { deriveKey, keyedStream, publicStream } from './sampling/stream.ts';
import { Accumulator } from './sum/accumulator.ts';
import { encryptWithWitness } from './wellformed/encrypt.ts';
import { encodeCiphertext, type RingContext } from './wire/ciphertext.ts';
import { concat, u16 } from './wire/message.ts';

/** Which sum of a self-test is meant. */
export interface SelfTest {
  /** The group whose key is tested. */
  readonly group: KeyGroup;
  /**
   * A digest of everything that all members dealt. The randomness is drawn from it, or a dealer would know c1
   * and deal shares that are off by 1 / c1: they open this sum and no other.
   */
  readonly dealt: Uint8Array;
  /**
   * Which of {@link selfTestSets} it is for: every set has a ciphertext of its own, so none is flooded more
   * than once.
   */
  readonly which: number;
}

/** A self-test's sum, opened. */
export interface OpenedSelfTest {
  /** The group whose key is tested. */
  readonly group: KeyGroup;
  /**
   * Indices of the members whose chunks are in the sum: all members of the group, unless a test says
   * otherwise.
   */
  readonly members: readonly number[];
  /** The opened sum. */
  readonly opened: ChunkVector;
}

/** The public chunk that stands for member `index` in the self-test. */
export function selfTestChunk(p: Parameters, group: Pick<KeyGroup, 'id'>, index: number): ChunkVector {
  const label = new TextEncoder().encode('murmuration/v1/he/self-test');
  const stream = publicStream(concat(label, group.id, u16(index)));
  const most = 2 ** (p.coordinateBits - 1) - 1;
  const words = new Uint16Array(stream(2 * p.coordinatesPerChunk).slice().buffer);
  const coordinates = Int32Array.from(words, (word) => (word % (2 * most + 1)) - most);
  const element = () => BigInt(`0x${Buffer.from(stream(32)).toString('hex')}`) % fieldOrder;
  return { coordinates, blinding: blindingOf(element) };
}

/**
 * The sum of all members' self-test chunks, encrypted with public randomness. Each member computes it for
 * itself, so nobody can slip in a ciphertext that would make the others decrypt something else than what all
 * know.
 * @returns a ciphertext on the wire, of weight n.
 */
export function selfTestSum(
  context: RingContext,
  { group, dealt, which }: SelfTest,
): Uint8Array<ArrayBuffer> {
  const sum = new Accumulator(context, group);
  for (const { index } of group.members) {
    const stream = keyedStream(deriveKey(group.id, 'self-test', dealt, u16(which), u16(index)));
    const plain = encodeChunk(context.params, selfTestChunk(context.params, group, index));
    const { rows } = encryptWithWitness(context, { group, plain, stream });
    sum.add(encodeCiphertext(context, group.id, { weight: 1, rows }));
  }
  return sum.sum();
}

/**
 * Sets which, if all of them open, show that every set does: the n - t + 1 runs of t neighbours. Each asks
 * that one linear combination of the members' deviations from the shared polynomials be 0, and each after the
 * first brings in one member more: the deviations that are left have t - 1 dimensions, just the polynomials
 * of degree below t that are 0 at 0. A combination that is not 0 opens to noise, but for one c1 in 2^45, as
 * long as c1 is drawn after it.
 */
export function selfTestSets(group: Pick<KeyGroup, 'members' | 'threshold'>): number[][] {
  const [n, t] = [group.members.length, group.threshold];
  return Array.from({ length: n - t + 1 }, (_, first) => Array.from({ length: t }, (_, i) => first + i));
}

/**
 * Checks that a self-test's sum opened to what all members know.
 * @throws HeError `set` where `opened` is not the sum of the given members' self-test chunks.
 */
export function checkSelfTest(p: Parameters, { group, members, opened }: OpenedSelfTest): void {
  const chunks = members.map((index) => selfTestChunk(p, group, index));
  const right =
    opened.coordinates.every(
      (value, j) => value === chunks.reduce((sum, chunk) => sum + chunk.coordinates[j]!, 0),
    ) &&
    opened.blinding.every(
      (value, k) => value === chunks.reduce((sum, chunk) => sum + chunk.blinding[k]!, 0n) % fieldOrder,
    );
  ensure(
    right,
    'set',
    () => 'self-test: the sum opened to other values than all members know',
    'Generate the key again, with a new epoch.',
  );
}
