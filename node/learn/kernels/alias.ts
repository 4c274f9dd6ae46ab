// A tensor that stands for another one of the same numbers. The WASM backend copies them where a gradient only
// passes through.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Backend } from './call.ts';

/** Takes the place of the backend's own `Identity` or `Cast`, which keeps what changes the type, and text. */
export const aliasing = (own: KernelConfig): KernelConfig => ({
  ...own,
  kernelFunc: (call) => {
    const x = call.inputs.x as TensorInfo;
    const { dtype = x.dtype } = (call.attrs ?? {}) as { readonly dtype?: TensorInfo['dtype'] };
    if (dtype !== x.dtype || dtype === 'string') return own.kernelFunc(call);
    (call.backend as Backend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype };
  },
});
