// What a kernel needs of the backend that it runs on, outside the tape.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** The backend as a kernel sees it. */
export type Backend = BackendWasm;

/** The floats of a tensor where they lie. Making another tensor may move them: ask again after that. */
export const floats = (backend: Backend, x: TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(x) as Float32Array;

/** The address of a tensor's first float in the backend's memory. */
export const placeOf = (backend: Backend, x: TensorInfo): number => backend.getMemoryOffset(x.dataId);

/** A tensor of zeros. */
export function zeros(backend: Backend, shape: number[]): TensorInfo {
  const made = backend.makeOutput(shape, 'float32');
  floats(backend, made).fill(0);
  return made;
}

/** Frees an intermediate's memory. */
export function dispose(backend: Backend, x: TensorInfo): void {
  backend.disposeData(x.dataId);
}
