// How a round's sum moves the model, bit for bit (docs/encodings.md, "Scale, and how a sum is applied").
import { scaleUnit } from './scale.ts';

/** A round's opened sum and what it is applied with. */
export interface Step {
  /** Indices of the model's parameters that move, strictly increasing. */
  readonly support: Uint32Array;
  /** Coordinates of the sum in the support's order; coordinates of padding may follow and are ignored. */
  readonly sum: ArrayLike<number>;
  /** Sum of the accepted updates' weights, at least 1. */
  readonly weight: number;
  /** The round's scale, in units of 2^-48. */
  readonly scale: bigint;
  /** The task's step size. */
  readonly eta: number;
}

/** The coordinates of all chunks in a row, as `applySum` reads them. */
export function inRow(chunks: readonly Int32Array[]): Int32Array {
  const row = new Int32Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    row.set(chunk, at);
    at += chunk.length;
  }
  return row;
}

/**
 * The next model: `fround(model[S_j] + eta * (scale * 2^-48) * s_j / W)` on the support, in float64 from left
 * to right.
 * @throws RangeError where weight, sum or support do not fit the model.
 */
export function applySum(model: Float32Array, { support, sum, weight, scale, eta }: Step): Float32Array {
  if (!Number.isInteger(weight) || weight < 1)
    throw new RangeError(`apply: weight is ${weight}; it must be 1 or more`);
  if (sum.length < support.length)
    throw new RangeError(
      `apply: ${sum.length} coordinates for a support of ${support.length}; there must be one for each index`,
    );
  const next = model.slice();
  const factor = Number(scale) * scaleUnit;
  for (let j = 0; j < support.length; j++) {
    const index = support[j]!;
    if (index >= model.length)
      throw new RangeError(`apply: index ${index}; the model has ${model.length} parameters`);
    next[index] = Math.fround(model[index]! + (eta * factor * sum[j]!) / weight);
  }
  return next;
}
