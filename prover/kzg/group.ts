// Single points of BN254 in the curve's WebAssembly: in, out, and whether one lies in G2. All of them are public:
// the memory is never cleared.
import { fieldOrder } from '@murmuration/core';
import { readLittle, viewOf, writeLittle } from './bytes.ts';
import { type CurveWasm, createCurveWasm, g1Bytes, g2JacobianBytes } from './wasm.ts';

/** Numbers `x, y` of an affine point, not infinity: two for G1, four for G2 (real part first). */
export type Affine = readonly bigint[];

let instance: CurveWasm | undefined;

/** The instance for single points, one a thread. */
export function curveWasm(): CurveWasm {
  instance ??= createCurveWasm();
  return instance;
}

/** Calls `work` with the address of `bytes` free bytes, which are given back at its end. */
export function withRoom<T>(wasm: CurveWasm, bytes: number, work: (address: number) => T): T {
  const address = wasm.alloc(bytes);
  try {
    return work(address);
  } finally {
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

/** The affine numbers of a Jacobian point of G1 in WebAssembly memory, which is overwritten; (0, 0) for infinity. */
export function readJacobian(wasm: CurveWasm, address: number): { x: bigint; y: bigint } {
  wasm.call.g1m_toAffine!(address, address);
  wasm.call.g1m_fromMontgomeryAffine!(address, address);
  const view = viewOf(wasm.read(address, g1Bytes));
  return { x: readLittle(view, 0), y: readLittle(view, 32) };
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
