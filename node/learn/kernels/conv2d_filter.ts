// The gradient of a 2-D convolution by its filter, which the WASM backend lacks: one product of the output's
// gradient with the input's patches.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, floats, product, transposed } from './call.ts';
import { convolutionOf } from './convolution_of.ts';
import { type Convolution, patchShape, takePatches } from './patches.ts';

/** The kernel, for registration with the WASM backend. NHWC only, as the WASM backend's convolution. */
export const conv2DBackpropFilter: KernelConfig = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const x = inputs.x!;
    const shapes = { input: x.shape, filter: attrs!.filterShape as number[] };
    const of = convolutionOf('Conv2DBackpropFilter', attrs, shapes);
    return filterGradient(backend as Backend, of, { x, dy: inputs.dy! });
  },
};

function filterGradient(
  backend: Backend,
  of: Convolution,
  { x, dy }: { readonly x: TensorInfo; readonly dy: TensorInfo },
): TensorInfo {
  const [count, size] = patchShape(of);
  const patches = backend.makeOutput([count, size], 'float32');
  const values = floats(backend, patches).fill(0);
  takePatches(of, floats(backend, x), values);
  // The other way round, the patches would have to be transposed, which are the larger of the two.
  const flat = { ...dy, shape: [count, of.outChannels] };
  const byChannel = product(backend, { a: flat, b: patches, transposeA: true });
  dispose(backend, patches);
  const gradient = transposed(backend, byChannel);
  dispose(backend, byChannel);
  return { ...gradient, shape: of.filterShape };
}
