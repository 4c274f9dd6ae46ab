// A few multiples of points of G1 and their sum, as checks, combinations of commitments and the end of a proof
// need them.
import { bn254 } from '@noble/curves/bn254.js';
import { curveWasm, readPoint, withRoom, writePoint, writeScalar } from './group.ts';
import { type G1, g1ToPoint } from './points.ts';
import { g1JacobianBytes } from './wasm.ts';

/** A point and what it is multiplied by, in [0, r); faster below 2^136. */
export interface Multiple {
  readonly point: G1;
  readonly scalar: bigint;
}

/** `sum_i scalar_i point_i`. The points must have been checked. */
export function sumOfMultiples(multiples: readonly Multiple[]): G1 {
  const wasm = curveWasm();
  const [x, y] = withRoom(wasm, 3 * g1JacobianBytes + 32, (total) => {
    const [point, multiple] = [total + g1JacobianBytes, total + 2 * g1JacobianBytes];
    const word = total + 3 * g1JacobianBytes;
    wasm.call.g1m_zero!(total);
    for (const { point: added, scalar } of multiples) {
      if (added.is0()) continue;
      const affine = g1ToPoint(added);
      writePoint(wasm, point, [affine.x, affine.y]);
      writeScalar(wasm, word, scalar);
      wasm.call.g1m_timesScalar!(point, word, scalarBytes(scalar), multiple);
      wasm.call.g1m_add!(total, multiple, total);
    }
    return readPoint(wasm, total, 'g1m') as [bigint, bigint];
  });
  return x === 0n && y === 0n ? bn254.G1.Point.ZERO : new bn254.G1.Point(x, y, 1n);
}

/** Bytes that are read of a scalar: the time of a multiple is in proportion, and random weights are short. */
function scalarBytes(scalar: bigint): number {
  return scalar >> 136n === 0n ? 17 : 32;
}
