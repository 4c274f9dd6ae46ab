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
 */
export function selfTestSum(context: RingContext, federation: Federation): Uint8Array<ArrayBuffer> {
  const sum = new Accumulator(context, federation.id);
  for (const { index } of federation.members) {
    const { coordinates, rho } = selfTestChunk(context.params, federation, index);
    const stream = keyedStream(deriveKey(federation.id, 'self-test', u16(index)));
    const plain = encodeChunk(context.params, coordinates, rho);
    const { rows } = encryptWithWitness(context, federation, plain, stream);
    sum.add(encodeCiphertext(context, federation.id, { weight: 1, rows }));
  }
  return sum.sum();
}

/** The fewest sets of t that between them need every member's share. */
export function selfTestSets(federation: Federation): number[][] {
  const [n, t] = [federation.members.length, federation.threshold];
  return Array.from({ length: Math.ceil(n / t) }, (_, k) =>
    Array.from({ length: t }, (_, i) => Math.min(k * t, n - t) + i),
  );
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
