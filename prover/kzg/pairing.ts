// Products of pairings over BN254 (EIP-197's check): one Miller loop a pair and one final exponentiation, in the
// curve's WebAssembly.
import { bn254 } from '@noble/curves/bn254.js';
import { curveWasm, withRoom, writePoint } from './group.ts';
import { type G1, type G2, g1ToPoint, g2ToPoint } from './points.ts';
import { g1JacobianBytes, g1PreparedBytes, g2JacobianBytes, g2PreparedBytes, targetBytes } from './wasm.ts';

export const g1Generator: G1 = bn254.G1.Point.BASE;

/** A point of G2 with the lines of its Miller loop, which depend on it alone; no lines for infinity. */
export interface PreparedG2 {
  readonly lines: Uint8Array | undefined;
}

export interface PairingInput {
  readonly g1: G1;
  readonly g2: G2 | PreparedG2;
}

/** Computes the lines of a point that stays: a third of its pairings' time. The point must have been checked. */
export function prepareG2(point: G2): PreparedG2 {
  if (point.is0()) return { lines: undefined };
  const wasm = curveWasm();
  const { x, y } = g2ToPoint(point);
  const lines = withRoom(wasm, g2JacobianBytes + g2PreparedBytes, (address) => {
    writePoint(wasm, address, [x.c0, x.c1, y.c0, y.c1]);
    wasm.call.bn128_prepareG2!(address, address + g2JacobianBytes);
    return wasm.read(address + g2JacobianBytes, g2PreparedBytes);
  });
  return { lines };
}

export const g2Generator: G2 = bn254.G2.Point.BASE;

let generator: PreparedG2 | undefined;

/** The generator of G2, prepared. */
export function preparedG2Generator(): PreparedG2 {
  generator ??= prepareG2(g2Generator);
  return generator;
}

/**
 * Whether `prod e(g1_i, g2_i) = 1`. A pair with infinity contributes 1. The points must have been checked.
 */
export function pairingProductIsOne(pairs: readonly PairingInput[]): boolean {
  const wasm = curveWasm();
  const { call } = wasm;
  return withRoom(wasm, 2 * targetBytes + g1JacobianBytes + g1PreparedBytes + g2PreparedBytes, (product) => {
    const factor = product + targetBytes;
    const point = factor + targetBytes;
    const [left, right] = [point + g1JacobianBytes, point + g1JacobianBytes + g1PreparedBytes];
    call.ftm_one!(product);
    for (const { g1, g2 } of pairs) {
      const { lines } = 'lines' in g2 ? g2 : prepareG2(g2);
      if (g1.is0() || !lines) continue;
      const { x, y } = g1ToPoint(g1);
      writePoint(wasm, point, [x, y]);
      call.bn128_prepareG1!(point, left);
      wasm.write(right, lines);
      call.bn128_millerLoop!(left, right, factor);
      call.ftm_mul!(product, factor, product);
    }
    call.bn128_finalExponentiation!(product, factor);
    return call.ftm_eq!(factor, wasm.targetOne) === 1;
  });
}
