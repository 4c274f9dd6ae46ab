// What anyone calls to add ciphertexts up: whole ones, or in segments around a ring of parties. No key is
// needed, and no SEAL.

import type { KeyGroup } from '../keys/group.ts';
import type { Accumulator } from '../sum/accumulator.ts';
import type { Segment, SegmentRange, SegmentSource } from '../sum/segment.ts';

/**
 * Weighted sums. The weights of a sum, each times the weight that its ciphertext has, add up to Wmax at most.
 *
 * @example
 * ```ts
 * import { createHe } from '@murmuration/he';
 * import { centralKeyGroup } from '@murmuration/he/testing';
 *
 * const he = await createHe('tiny');
 * const { group } = centralKeyGroup(he, 3, 2);
 * const encryptor = await he.createEncryptor(group);
 * const [a, b] = [1, 2].map((value) =>
 *   encryptor.encryptChunk({ coordinates: new Int32Array(96).fill(value), blinding: [0n, 0n, 0n] }),
 * ) as [Uint8Array, Uint8Array];
 * encryptor.close();
 *
 * const sum = he.createAccumulator(group).add(a, 3).add(b, 5).sum();
 * console.log(he.checkCiphertext(group, sum).weight); // 8
 *
 * // Around a ring each party adds its own part to what its neighbour sent, one range at a time.
 * const segments = he.segmentRanges(2).map((range) => {
 *   const sent = he.encodeSegment(group, he.takeSegment({ group, ciphertext: a, range, weight: 3 }));
 *   const own = he.takeSegment({ group, ciphertext: b, range, weight: 5 });
 *   return he.addSegments(he.decodeSegment(group, sent), own);
 * });
 * console.log(Buffer.compare(he.assembleSegments(group, segments), sum)); // 0
 * ```
 */
export interface Sums {
  /**
   * A streaming sum of whole ciphertexts, in the memory of one. Anyone calls it who recomputes a sum, and a
   * decrypting member must: a sum that others made may be one of their choice.
   */
  createAccumulator(group: Pick<KeyGroup, 'id'>): Accumulator;

  /**
   * Cuts the ring's N coefficients into `parts` ranges, whose lengths differ by 8 at most. A ring of m
   * parties takes m.
   * @param parts an integer from 1 to N / 8.
   * @throws HeError `argument` for any other number.
   */
  segmentRanges(parts: number): SegmentRange[];

  /**
   * The range of `weight` times a ciphertext: what a ring member puts in.
   * @throws HeError `argument` for a bad range or a weight beyond Wmax; `wire` or `mismatch` for a bad
   *   ciphertext.
   */
  takeSegment(source: SegmentSource): Segment;

  /**
   * The sum of two segments of one range: one hop of the ring.
   * @throws HeError `argument` for other ranges or too much weight.
   */
  addSegments(a: Segment, b: Segment): Segment;

  /** A segment as bytes, to be sent to the next ring member: 75 and 22.5 a coefficient in `base`. */
  encodeSegment(group: Pick<KeyGroup, 'id'>, segment: Segment): Uint8Array<ArrayBuffer>;

  /**
   * Reads what the ring member before sent.
   * @throws HeError `wire` or `mismatch` unless it is a canonical segment of these parameters and this key
   *   group.
   */
  decodeSegment(group: Pick<KeyGroup, 'id'>, bytes: Uint8Array): Segment;

  /**
   * The sum whose segments these are, as a ciphertext. A ring member calls it at the end of the ring.
   * @throws HeError `argument` unless they cover every coefficient once, in order, with one weight.
   */
  assembleSegments(group: Pick<KeyGroup, 'id'>, segments: readonly Segment[]): Uint8Array<ArrayBuffer>;
}
