// The gradient of a 2-D convolution by its filter, which the WASM backend lacks, composed from kernels it has
// (im2col): pad the input, cut one strided slice for each filter tap, lay them side by side, and one matrix
// product with the output's gradient gives the filter's. NHWC only, as the WASM backend's convolution.
import { backend_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, kernel } from './call.ts';

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** The kernel, for registration with the WASM backend. */
export const conv2DBackpropFilter: KernelConfig = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const x = inputs.x!;
    const dy = inputs.dy!;
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as Attributes;
    if (dataFormat !== 'NHWC')
      throw new Error(
        `Conv2DBackpropFilter: dataFormat is ${dataFormat}; only NHWC runs on the WASM backend`,
      );
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode, false);
    return filterGradient(x, dy, info, backend as Backend);
  },
};

function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
  backend: Backend,
): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, inChannels, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, padInfo } = info;
  const padded = kernel(
    backend,
    'PadV2',
    { x },
    {
      paddings: [
        [0, 0],
        [padInfo.top, padInfo.bottom],
        [padInfo.left, padInfo.right],
        [0, 0],
      ],
      constantValue: 0,
    },
  );
  const rows = batchSize * outHeight * outWidth;
  const taps: TensorInfo[] = [];
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const tap = kernel(
        backend,
        'StridedSlice',
        { x: padded },
        {
          begin: [0, i, j, 0],
          end: [
            batchSize,
            i + (outHeight - 1) * strideHeight + 1,
            j + (outWidth - 1) * strideWidth + 1,
            inChannels,
          ],
          strides: [1, strideHeight, strideWidth, 1],
          beginMask: 0,
          endMask: 0,
          ellipsisMask: 0,
          newAxisMask: 0,
          shrinkAxisMask: 0,
        },
      );
      taps.push({ ...tap, shape: [rows, inChannels] });
    }
  }
  dispose(backend, padded);
  const columns = kernel(backend, 'Concat', taps as unknown as Record<string, TensorInfo>, { axis: 1 });
  for (const tap of taps) dispose(backend, tap);
  const out = kernel(
    backend,
    'BatchMatMul',
    { a: columns, b: { ...dy, shape: [rows, outChannels] } },
    { transposeA: true, transposeB: false },
  );
  dispose(backend, columns);
  return { ...out, shape: info.filterShape };
}
