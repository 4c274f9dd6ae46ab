// Calling one TensorFlow.js kernel from inside another, outside the tape, on the backend that is running.
import {
  type DataId,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** The backend as a kernel sees it. */
export type Backend = KernelBackend & { disposeData(id: DataId): boolean };

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

/** Frees an intermediate's memory. */
export function dispose(backend: Backend, x: TensorInfo): void {
  backend.disposeData(x.dataId);
}
