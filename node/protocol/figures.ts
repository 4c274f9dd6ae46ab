// What a trainer's alignment proof says, as one word (docs/encodings.md, "Scores"): seven figures of a cosine
// and the bucket of the update's norm.
import { maxGroups } from './groups.ts';
import type { References } from './innovation/index.ts';
import { isqrt } from './integers.ts';

/** A cosine of 1 is `figureUnit` in a figure. */
export const figureUnit = 128;

/** The figure that stands where nothing was proven. No proof says it: proven ones lie within 127. */
export const noFigure = -figureUnit;

/** What is published of an update and its alignment with each group's innovation. */
export interface Figures {
  /**
   * One a group, in [-127, 127]: the cosine between the update and the innovation of the group's opened sum, as
   * a part of that sum's whole length, in units of 1/128, rounded toward zero. Only those of groups that count
   * say anything.
   */
  readonly innovations: readonly number[];
  /** `floor(log2 norm)` of the update, all chunks added; 0 where the norm is 0. */
  readonly bucket: number;
}

/**
 * The figures of an update against the round's references: `128 <u, r_g> / (|u| kappa)`, rounded toward zero and
 * within 127, exact.
 * @param update its coordinates in a row, padding included; the references reach as far as the support.
 */
export function measureUpdate(update: ArrayLike<number>, { squaredLength, groups }: References): Figures {
  let norm = 0;
  for (let j = 0; j < update.length; j++) norm += update[j]! * update[j]!;
  const innovations = groups.map((reference) => {
    let score = 0;
    for (let j = 0; j < reference.length; j++) score += update[j]! * reference[j]!;
    if (norm === 0) return 0;
    const square = (BigInt(figureUnit) * BigInt(score)) ** 2n / (BigInt(squaredLength) * BigInt(norm));
    return Math.sign(score) * Math.min(figureUnit - 1, Number(isqrt(square)));
  });
  return { innovations, bucket: norm === 0 ? 0 : BigInt(norm).toString(2).length - 1 };
}

const bucketShift = BigInt(8 * maxGroups);

/** The figures in the word `out` of the last chunk's proof: `sum_g (b_g + 128) 2^(8 g) + bucket 2^56`. */
export function figuresOf(word: bigint): Figures {
  const byte = (g: number) => Number((word >> BigInt(8 * g)) & 0xffn);
  return {
    innovations: Array.from({ length: maxGroups }, (_, g) => byte(g) - figureUnit),
    bucket: Number(word >> bucketShift),
  };
}

/** The word that {@link figuresOf} reads. */
export function figuresWord({ innovations, bucket }: Figures): bigint {
  const figures = innovations.reduce((word, b, g) => word + (BigInt(b + figureUnit) << BigInt(8 * g)), 0n);
  return figures + (BigInt(bucket) << bucketShift);
}
