// The figures of an update: all that its alignment proofs publish, coarse on purpose (docs/encodings.md, "Figures"). One
// score for each group of validators and the size of the update to a power of two.
import { ProverError } from './errors.ts';
import { maxGroups } from './references.ts';

/** A cosine of one, in the units of a score. */
export const scoreUnit = 128n;
/** The largest size of a score. */
export const maxScore = 127n;
const scoreBits = 8n;
const bucketBits = 5n;
const bucketAt = scoreBits * BigInt(maxGroups);

/** What is published about an update. */
export interface Figures {
  /**
   * Seven scores, one for each group: the cosine between update and references in units of 1/128, rounded toward zero, in [-127,
   * 127]; 0 for a group without references.
   */
  readonly scores: readonly number[];
  /** `floor(log2 norm)` of the update's squared norm over all chunks, in [0, 31]; 0 for an update of zeros. */
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
 * The figures of totals over all chunks. A score is `128 product / sqrt(squaredLength norm + 1)`, rounded toward zero and held
 * in [-127, 127]: the 1 stands for nothing but that an update of zeros has scores of 0.
 */
export function figuresOf({ products, norm }: Totals, squaredLength: bigint): Figures {
  const square = squaredLength * norm + 1n;
  const scores = products.map((product) => {
    const size = boundedRoot((scoreUnit * product) ** 2n, square);
    return Number(product < 0n ? -size : size);
  });
  return { scores, bucket: norm === 0n ? 0 : norm.toString(2).length - 1 };
}

/** The figures as the last chunk's public signal `out`: `sum_g (score_g + 128) 2^(8 g) + bucket 2^56`. */
export function encodeFigures({ scores, bucket }: Figures): bigint {
  return scores.reduce(
    (sum, score, g) => sum + ((BigInt(score) + scoreUnit) << (scoreBits * BigInt(g))),
    BigInt(bucket) << bucketAt,
  );
}

/**
 * Inverse of {@link encodeFigures}; for who reads a proven `out`.
 *
 * @throws {ProverError} `argument` for a number that no proof gives.
 */
export function decodeFigures(out: bigint): Figures {
  const scores = Array.from({ length: maxGroups }, (_, g) =>
    Number(((out >> (scoreBits * BigInt(g))) & 0xffn) - scoreUnit),
  );
  const bucket = out >> bucketAt;
  if (out < 0n || bucket >> bucketBits !== 0n || scores.some((score) => score < -maxScore)) {
    throw new ProverError('argument', `out is ${out}, but figures are seven bytes of 1 to 255 and a bucket`);
  }
  return { scores, bucket: Number(bucket) };
}

/** The largest `t` in [0, 127] with `t^2 square <= q`, bit by bit as the circuit finds it. */
function boundedRoot(q: bigint, square: bigint): bigint {
  let root = 0n;
  for (let step = 64n; step > 0n; step >>= 1n) {
    if ((root + step) ** 2n * square <= q) root += step;
  }
  return root;
}
