// The gradient of a 2-D convolution by its input: one product of the output's gradient with the filter gives
// that of the patches, which are added up where they lie. The WASM backend's own is a scalar loop that takes
// several times as long.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, floats, product } from './call.ts';
import { convolutionOf } from './convolution_of.ts';
import { addPatches, type Convolution, patchShape } from './patches.ts';

/** The kernel, for registration with the WASM backend. NHWC only, as the WASM backend's convolution. */
export const conv2DBackpropInput: KernelConfig = {
  kernelName: 'Conv2DBackpropInput',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const filter = inputs.filter!;
    const shapes = { input: attrs!.inputShape as number[], filter: filter.shape };
    const of = convolutionOf('Conv2DBackpropInput', attrs, shapes);
    return inputGradient(backend as Backend, of, { filter, dy: inputs.dy! });
  },
};

function inputGradient(
  backend: Backend,
  of: Convolution,
  { filter, dy }: { readonly filter: TensorInfo; readonly dy: TensorInfo },
): TensorInfo {
  const [count, size] = patchShape(of);
  const patches = product(backend, {
    a: { ...dy, shape: [count, of.outChannels] },
    b: { ...filter, shape: [size, of.outChannels] },
    transposeB: true,
  });
  const gradient = backend.makeOutput(of.inShape, 'float32');
  const values = floats(backend, gradient).fill(0);
  addPatches(of, floats(backend, patches), values);
  dispose(backend, patches);
  return gradient;
}
