// BN254 in WebAssembly: the module that wasmcurves carries, called directly in memory of its own, on the calling
// thread.
//
// Inside, a number is 32 bytes, little end first, in Montgomery form; a point is affine `(x, y)` with zeros
// for infinity, or Jacobian `(x, y, z)` with z = 0 for infinity. This is also how snarkjs's files write
// affine points.
/// <reference path="./wasmcurves.d.ts" />
import * as bn128 from 'wasmcurves/build/bn128_wasm.js';
import { type WasmModule, webAssembly } from '../webassembly.ts';

/** Bytes of an affine point of G1, and of a Jacobian one. G2's are twice as long. */
export const g1Bytes = 64;
export const g1JacobianBytes = 96;
export const g2Bytes = 128;
export const g2JacobianBytes = 192;

const page = 0x10000;
/** Room kept free above the last allocation for what the module's own functions allocate, in bytes. */
const headroom = 1 << 22;

type WasmFunction = (...pointersOrNumbers: number[]) => number;

let compiled: WasmModule | undefined;

/** Bytes of a point of G1 and of G2 that was prepared for Miller loops. */
export const g1PreparedBytes = bn128.prePSize;
export const g2PreparedBytes = bn128.preQSize;
/** Bytes of an element of the target group. */
export const targetBytes = 12 * 32;

/** One instance of the module with a memory of its own and a stack of allocations. */
export interface CurveWasm {
  /** The module's functions by name, such as `g1m_addMixed(pJacobian, pAffine, pOut)`. */
  readonly call: Readonly<Record<string, WasmFunction>>;
  /** Addresses of the Jacobian generators. */
  readonly g1Generator: number;
  readonly g2Generator: number;
  /** Address of the target group's one. */
  readonly targetOne: number;
  /** Reserves bytes, 8-byte aligned, and returns their address. */
  alloc(bytes: number): number;
  /** Frees what was allocated at `address` and everything allocated after it. */
  free(address: number): void;
  /** Copies bytes in. */
  write(address: number, bytes: Uint8Array): void;
  /** Copies bytes out. */
  read(address: number, length: number): Uint8Array;
}

/** A fresh instance of the module, which is compiled once a thread (some milliseconds). */
export function createCurveWasm(): CurveWasm {
  compiled ??= new webAssembly.Module(Buffer.from(bn128.code, 'base64'));
  const memory = new webAssembly.Memory({ initial: 25, maximum: 32767 });
  const instance = new webAssembly.Instance(compiled, { env: { memory } });
  const top = () => new Uint32Array(memory.buffer, 0, 1);
  const grow = (end: number) => {
    const missing = Math.ceil((end + headroom - memory.buffer.byteLength) / page);
    if (missing > 0) memory.grow(missing);
  };
  grow(top()[0]!);
  return {
    call: instance.exports as unknown as Record<string, WasmFunction>,
    g1Generator: bn128.pG1gen,
    g2Generator: bn128.pG2gen,
    targetOne: bn128.pOneT,
    alloc(bytes) {
      const address = (top()[0]! + 7) & ~7;
      grow(address + bytes);
      top()[0] = address + bytes;
      return address;
    },
    free(address) {
      top()[0] = address;
    },
    write(address, bytes) {
      new Uint8Array(memory.buffer).set(bytes, address);
    },
    read(address, length) {
      return new Uint8Array(memory.buffer).slice(address, address + length);
    },
  };
}
