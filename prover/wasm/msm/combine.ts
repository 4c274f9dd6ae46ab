// The last step of a sum: few points, each times a power of two, by Horner's rule in the curve's WebAssembly.
import { bn254 } from '@noble/curves/bn254.js';
import { curveWasm, type GroupName, readPoint, withRoom, writePoint } from '../../kzg/group.ts';
import type { G1, G2 } from '../../kzg/points.ts';
import { g2JacobianBytes } from '../../kzg/wasm.ts';
import type { Weighted } from './summer.ts';

/** The sum's affine numbers; zeros for infinity. */
function horner(group: GroupName, terms: readonly Weighted[]): bigint[] {
  const wasm = curveWasm();
  const [double, add] = [wasm.call[`${group}_double`]!, wasm.call[`${group}_add`]!];
  const sorted = [...terms].sort((a, b) => b.exponent - a.exponent);
  return withRoom(wasm, 2 * g2JacobianBytes, (sum) => {
    const point = sum + g2JacobianBytes;
    wasm.call[`${group}_zero`]!(sum);
    let exponent = sorted[0]?.exponent ?? 0;
    const doubleTo = (next: number) => {
      for (; exponent > next; exponent--) double(sum, sum);
    };
    for (const term of sorted) {
      doubleTo(term.exponent);
      writePoint(wasm, point, [...term.x, ...term.y]);
      add(sum, point, sum);
    }
    doubleTo(0);
    return readPoint(wasm, sum, group);
  });
}

/** The sum in G1. */
export function combineG1(terms: readonly Weighted[]): G1 {
  const [x, y] = horner('g1m', terms) as [bigint, bigint];
  return x === 0n && y === 0n ? bn254.G1.Point.ZERO : new bn254.G1.Point(x, y, 1n);
}

/** The sum in G2. */
export function combineG2(terms: readonly Weighted[]): G2 {
  const numbers = horner('g2m', terms);
  if (numbers.every((number) => number === 0n)) return bn254.G2.Point.ZERO;
  const [x0, x1, y0, y1] = numbers as [bigint, bigint, bigint, bigint];
  return bn254.G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
}
