// Calling one TensorFlow.js kernel from inside another, outside the tape, on the backend that is running.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** The backend as a kernel sees it. */
export type Backend = BackendWasm;

/** Runs `name` of the WASM backend and returns its single output. */
export function kernel(
  backend: Backend,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): TensorInfo {
  const config = getKernel(name, 'wasm');
  if (!config)
    throw new Error(`the WASM backend has no kernel ${name}; is @tensorflow/tfjs-backend-wasm 4.22 loaded?`);
  return config.kernelFunc({ inputs, backend, attrs }) as TensorInfo;
}

/** The product of two matrices, which may be transposed first. */
export const product = (
  backend: Backend,
  { a, b, transposeA = false, transposeB = false }: MatrixProduct,
): TensorInfo => kernel(backend, 'BatchMatMul', { a, b }, { transposeA, transposeB });

/** The factors of a product of rank 2. */
export interface MatrixProduct {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A matrix with rows and columns changed over. */
export const transposed = (backend: Backend, x: TensorInfo): TensorInfo =>
  kernel(backend, 'Transpose', { x }, { perm: [1, 0] });

/** The floats of a tensor where they lie. Making another tensor may move them: ask again after that. */
export const floats = (backend: Backend, x: TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(x) as Float32Array;

/** Frees an intermediate's memory. */
export function dispose(backend: Backend, x: TensorInfo): void {
  backend.disposeData(x.dataId);
}
