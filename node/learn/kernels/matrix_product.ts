// The product of two matrices, which may be transposed. The WASM backend's own sends a transposed one, which
// every weight's gradient has, through a scalar loop.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, zeros } from './call.ts';
import { addProduct, every } from './product.ts';

/** Takes the place of the backend's own `BatchMatMul`, which keeps the products of several matrices at once. */
export function matrixProduct(own: KernelConfig): KernelConfig {
  return {
    ...own,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as { readonly a: TensorInfo; readonly b: TensorInfo };
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
      if (!isMatrix(a) || !isMatrix(b)) return own.kernelFunc(call);
      const [m, depth] = sides(a, transposeA);
      const [, n] = sides(b, transposeB);
      const backend = call.backend as Backend;
      const to = zeros(backend, [...longer(a.shape, b.shape).slice(0, -2), m, n]);
      addProduct(backend, {
        left: a,
        rows: every(transposeA ? 1 : depth, m),
        depth: every(transposeA ? m : 1, depth),
        right: { of: b, offset: 0, down: transposeB ? 1 : n, right: transposeB ? depth : 1 },
        columns: n,
        to,
        places: every(n, m),
      });
      return to;
    },
  };
}

/** Whether a tensor holds one matrix of floats. */
const isMatrix = ({ shape, dtype }: TensorInfo): boolean =>
  dtype === 'float32' && shape.slice(0, -2).every((side) => side === 1);

/** Rows and columns, after transposition. */
function sides({ shape }: TensorInfo, transpose: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transpose ? [columns, rows] : [rows, columns];
}

const longer = <T extends readonly unknown[]>(a: T, b: T): T => (a.length >= b.length ? a : b);
