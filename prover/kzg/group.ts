// Single points of BN254 in the curve's WebAssembly: in, out, and whether one lies in G2.
import { fieldOrder } from '@murmuration/core';
import { readLittle, viewOf, writeLittle } from './bytes.ts';
import { type CurveWasm, createCurveWasm, g2JacobianBytes } from './wasm.ts';

/** Numbers `x, y` of an affine point, not infinity: two for G1, four for G2 (real part first). */
export type Affine = readonly bigint[];

/** The prefix of a group's functions in the module. */
export type GroupName = 'g1m' | 'g2m';

let instance: CurveWasm | undefined;

/** The instance for single points, one a thread. */
export function curveWasm(): CurveWasm {
  instance ??= createCurveWasm();
  return instance;
}

/** Calls `work` with the address of `bytes` free bytes, which are overwritten and given back at its end. */
export function withRoom<T>(wasm: CurveWasm, bytes: number, work: (address: number) => T): T {
  const address = wasm.alloc(bytes);
  try {
    return work(address);
  } finally {
    wasm.write(address, new Uint8Array(bytes));
    wasm.free(address);
  }
}

/** Writes a point of G1 or G2, Jacobian and in the module's own form, at an address with as much room. */
export function writePoint(wasm: CurveWasm, address: number, affine: Affine): void {
  const bytes = new Uint8Array(affine.length * 32);
  const view = viewOf(bytes);
  affine.forEach((value, i) => {
    writeLittle(view, 32 * i, value);
  });
  const group = affine.length === 2 ? 'g1m' : 'g2m';
  wasm.write(address, bytes);
  wasm.call[`${group}_toMontgomeryAffine`]!(address, address);
  wasm.call[`${group}_toJacobian`]!(address, address);
}

/** Writes a number below 2^256 in 32 bytes. */
export function writeScalar(wasm: CurveWasm, address: number, scalar: bigint): void {
  const bytes = new Uint8Array(32);
  writeLittle(viewOf(bytes), 0, scalar);
  wasm.write(address, bytes);
}

/** The numbers of a Jacobian point in WebAssembly memory, which is overwritten; zeros for infinity. */
export function readPoint(wasm: CurveWasm, address: number, group: GroupName): bigint[] {
  wasm.call[`${group}_toAffine`]!(address, address);
  wasm.call[`${group}_fromMontgomeryAffine`]!(address, address);
  const numbers = group === 'g1m' ? 2 : 4;
  const view = viewOf(wasm.read(address, 32 * numbers));
  return Array.from({ length: numbers }, (_, i) => readLittle(view, 32 * i));
}

/** Whether an affine point, its numbers canonical, is on the twist and in the subgroup of order r. */
export function isInG2(affine: Affine): boolean {
  const wasm = curveWasm();
  return withRoom(wasm, 2 * g2JacobianBytes + 32, (point) => {
    const [multiple, word] = [point + g2JacobianBytes, point + 2 * g2JacobianBytes];
    writePoint(wasm, point, affine);
    if (wasm.call.g2m_inCurve!(point) !== 1) return false;
    writeScalar(wasm, word, fieldOrder);
    wasm.call.g2m_timesScalar!(point, word, 32, multiple);
    return wasm.call.g2m_isZero!(multiple) === 1;
  });
}
