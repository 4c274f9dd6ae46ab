// A few multiples of points of G1 and their sum, as checks and combinations of commitments need them. Points and
// scalars are public.
import { bn254 } from '@noble/curves/bn254.js';
import { curveWasm, readJacobian, withRoom, writePoint, writeScalar } from './group.ts';
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
  const sum = withRoom(wasm, 3 * g1JacobianBytes + 32, (total) => {
    const [point, multiple] = [total + g1JacobianBytes, total + 2 * g1JacobianBytes];
    const word = total + 3 * g1JacobianBytes;
    wasm.call.g1m_zero!(total);
    for (const { point: added, scalar } of multiples) {
      if (added.is0()) continue;
      const { x, y } = g1ToPoint(added);
      writePoint(wasm, point, [x, y]);
      writeScalar(wasm, word, scalar);
      wasm.call.g1m_timesScalar!(point, word, scalarBytes(scalar), multiple);
      wasm.call.g1m_add!(total, multiple, total);
    }
    return readJacobian(wasm, total);
  });
  return sum.x === 0n && sum.y === 0n ? bn254.G1.Point.ZERO : new bn254.G1.Point(sum.x, sum.y, 1n);
}

/** Bytes that are read of a scalar: the time of a multiple is in proportion, and random weights are short. */
function scalarBytes(scalar: bigint): number {
  return scalar >> 136n === 0n ? 17 : 32;
}
