// The self-test: before a task starts, the parties open a sum that all of them know.

import { type Blinding, blindingOf, blindingOrder, encodeChunk, type OpenedSum } from './encoding.ts';
import { HeError } from './errors.ts';
import type { Federation } from './keys/federation.ts';
import type { Parameters } from './parameters.ts';
import { deriveKey, keyedStream, publicStream } from './sampling/stream.ts';
import { Accumulator } from './sum/accumulator.ts';
import { encryptWithWitness } from './wellformed/encrypt.ts';
import { encodeCiphertext, type RingContext } from './wire/ciphertext.ts';
import { concat, u16 } from './wire/message.ts';

export interface Chunk {
  readonly coordinates: Int32Array;
  readonly rho: Blinding;
}

/** The public chunk that stands for member `index` in the self-test. */
export function selfTestChunk(p: Parameters, federation: Federation, index: number): Chunk {
  const label = new TextEncoder().encode('murmuration/v1/he/self-test');
  const stream = publicStream(concat(label, federation.id, u16(index)));
  const most = 2 ** (p.coordinateBits - 1) - 1;
  const words = new Uint16Array(stream(2 * p.coordinates).slice().buffer);
  const coordinates = Int32Array.from(words, (word) => (word % (2 * most + 1)) - most);
  const element = () => BigInt(`0x${Buffer.from(stream(32)).toString('hex')}`) % blindingOrder;
  return { coordinates, rho: blindingOf(element) };
}

/**
 * The sum of all members' self-test chunks, encrypted with public randomness: each member computes it for itself, and nobody
 * can slip in a ciphertext that would make the others decrypt something else than what all know.
 * @param dealt a digest of everything that all members dealt. The randomness is drawn from it, or a dealer would know c1 and deal
 *   shares that are off by 1 / c1: they open this sum, and no other one.
 * @param which of {@link selfTestSets} it is for: every set has a ciphertext of its own, so none is flooded more than once.
 */
export function selfTestSum(
  context: RingContext,
  federation: Federation,
  dealt: Uint8Array,
  which: number,
): Uint8Array<ArrayBuffer> {
  const sum = new Accumulator(context, federation.id);
  for (const { index } of federation.members) {
    const { coordinates, rho } = selfTestChunk(context.params, federation, index);
    const stream = keyedStream(deriveKey(federation.id, 'self-test', dealt, u16(which), u16(index)));
    const plain = encodeChunk(context.params, coordinates, rho);
    const { rows } = encryptWithWitness(context, federation, plain, stream);
    sum.add(encodeCiphertext(context, federation.id, { weight: 1, rows }));
  }
  return sum.sum();
}

/**
 * Sets which, if all of them open, show that every set does: the n - t + 1 runs of t neighbours. Each asks that one linear
 * combination of the members' deviations from the shared polynomials be 0, and each after the first brings in one member more:
 * what is left has t - 1 dimensions, just the polynomials of degree below t that are 0 at 0. A combination that is not 0 opens to
 * noise, but for one c1 in 2^45, as long as c1 is drawn after it.
 */
export function selfTestSets(federation: Federation): number[][] {
  const [n, t] = [federation.members.length, federation.threshold];
  return Array.from({ length: n - t + 1 }, (_, first) => Array.from({ length: t }, (_, i) => first + i));
}

/** @throws HeError `set` where `opened` is not the sum of the given members' self-test chunks. */
export function checkSelfTest(
  p: Parameters,
  federation: Federation,
  members: readonly number[],
  opened: OpenedSum,
): void {
  const chunks = members.map((index) => selfTestChunk(p, federation, index));
  const right =
    opened.coefficients.every(
      (value, j) => value === chunks.reduce((sum, chunk) => sum + chunk.coordinates[j]!, 0),
    ) &&
    opened.R.every(
      (value, k) => value === chunks.reduce((sum, chunk) => sum + chunk.rho[k]!, 0n) % blindingOrder,
    );
  if (!right) throw new HeError('set', 'self-test: the sum opened to other values; generate the key again');
}
