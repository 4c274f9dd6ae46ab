// The gradient of a 2-D convolution by its input: one product of the output's gradient with the filter gives
// that of the patches, which are added up where they lie. The WASM backend's own is a scalar loop that takes
// several times as long.
import { backend_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, floats, product } from './call.ts';
import { type ConvolutionAttributes, checkChannelsLast } from './conv2d_attributes.ts';
import { addPatches, type Convolution, patchShape } from './patches.ts';

/** The kernel, for registration with the WASM backend. NHWC only, as the WASM backend's convolution. */
export const conv2DBackpropInput: KernelConfig = {
  kernelName: 'Conv2DBackpropInput',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const filter = inputs.filter!;
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } =
      attrs as unknown as ConvolutionAttributes & {
        readonly inputShape: [number, number, number, number];
      };
    checkChannelsLast('Conv2DBackpropInput', dataFormat);
    const shape = filter.shape as [number, number, number, number];
    const of = backend_util.computeConv2DInfo(inputShape, shape, strides, 1, pad, dimRoundingMode, false);
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
