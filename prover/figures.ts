// The figures of an update: all that its alignment proofs publish, coarse on purpose (docs/encodings.md, "Figures"): a score for
// each group of validators, and the size of the update to a power of two.
import { ProverError } from './errors.ts';
import { maxGroups } from './references.ts';

/** A cosine of 1 is `figureUnit` in a score. */
export const figureUnit = 128;

const scoreBits = 8n;
const bucketAt = scoreBits * BigInt(maxGroups);

/** What is published of an update. */
export interface Figures {
  /**
   * One a group, in [-127, 127]: the cosine between the update and the innovation of the group's opened sum, as a part of that
   * sum's whole length, in units of 1/128, rounded toward zero. Only those of groups that count say anything.
   */
  readonly scores: readonly number[];
  /** `floor(log2 norm)` of the update's squared norm, all chunks added, in [0, 31]; 0 where the norm is 0. */
  readonly bucket: number;
}

/** Sums over the chunks so far: what a chunk's proof hands to the next one, hidden. */
export interface Totals {
  /** Seven inner products with the references of each group, each of size below 2^32. */
  readonly products: readonly bigint[];
  /** The squared norm, below 2^32. */
  readonly norm: bigint;
}

/** The totals before the first chunk. */
export const noTotals: Totals = Object.freeze({
  products: Object.freeze(Array.from({ length: maxGroups }, () => 0n)),
  norm: 0n,
});

/**
 * The figures of totals over all chunks. A score is `128 product / sqrt(squaredLength norm + 1)`, rounded toward zero and held within 127. The
 * 1 is there for an update of zeros, whose scores are 0.
 */
export function figuresOf({ products, norm }: Totals, squaredLength: bigint): Figures {
  const square = squaredLength * norm + 1n;
  const scores = products.map((product) => {
    const size = largestRoot((BigInt(figureUnit) * product) ** 2n, square);
    return product < 0n ? -size : size;
  });
  return { scores, bucket: norm === 0n ? 0 : norm.toString(2).length - 1 };
}

/** The figures as the last chunk's public signal `out`: `sum_g (score_g + 128) 2^(8 g) + bucket 2^56`. */
export function encodeFigures({ scores, bucket }: Figures): bigint {
  return scores.reduce(
    (word, score, g) => word + (BigInt(score + figureUnit) << (scoreBits * BigInt(g))),
    BigInt(bucket) << bucketAt,
  );
}

/**
 * The figures in a word, see {@link encodeFigures}; for who reads a proven one.
 *
 * @throws {ProverError} `argument` for a word outside [0, 2^64).
 */
export function decodeFigures(word: bigint): Figures {
  if (word < 0n || word >> 64n !== 0n) {
    throw new ProverError('argument', `the word is ${word}, but eight bytes hold figures`);
  }
  const scores = Array.from({ length: maxGroups }, (_, g) => {
    const byte = (word >> (scoreBits * BigInt(g))) & 0xffn;
    return Number(byte) - figureUnit;
  });
  return { scores, bucket: Number(word >> bucketAt) };
}

/** The largest `t` in [0, 127] with `t^2 square <= q`, bit by bit as the circuit finds it. */
function largestRoot(q: bigint, square: bigint): number {
  let root = 0;
  for (let step = 64; step >= 1; step /= 2) {
    if (BigInt((root + step) ** 2) * square <= q) root += step;
  }
  return root;
}
