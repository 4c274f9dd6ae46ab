// A 2-D convolution and both of its gradients as matrix products over the picture as it lies: a patch is what
// one output looks at, and each of its rows of taps lies side by side in the picture (NHWC). Where patches
// reach over the edge, the picture is copied into a frame of zeros first.
import { backend_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { type Backend, dispose, floats, zeros } from './call.ts';
import { addProduct, every } from './product.ts';

type Shape = [number, number, number, number];

/** A convolution's sides. */
interface Convolution {
  readonly pictures: number;
  readonly channels: number;
  readonly filters: number;
  /** Of a picture, and of the frame that it lies in. */
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly frameHeight: number;
  readonly frameWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly filterHeight: number;
  /** Floats of a patch that lie side by side. */
  readonly run: number;
}

/** The attributes that the three kernels share. */
interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Call = Parameters<NonNullable<KernelConfig['kernelFunc']>>[0];

/** What TensorFlow.js says of a convolution. @throws Error where the channels do not come last. */
function convolutionOf(
  attrs: Call['attrs'],
  input: readonly number[],
  filter: readonly number[],
): Convolution {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as ConvolutionAttributes;
  if (dataFormat !== 'NHWC')
    throw new Error(`convolution: dataFormat is ${dataFormat}, but only NHWC runs on the WASM backend`);
  const of = backend_util.computeConv2DInfo(
    input as Shape,
    filter as Shape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
  );
  const { top, left, bottom, right } = of.padInfo;
  return {
    pictures: of.batchSize,
    channels: of.inChannels,
    filters: of.outChannels,
    height: of.inHeight,
    width: of.inWidth,
    top,
    left,
    frameHeight: of.inHeight + top + bottom,
    frameWidth: of.inWidth + left + right,
    outHeight: of.outHeight,
    outWidth: of.outWidth,
    strideY: of.strideHeight,
    strideX: of.strideWidth,
    filterHeight: of.filterHeight,
    run: of.filterWidth * of.inChannels,
  };
}

const isFramed = ({ height, width, frameHeight, frameWidth }: Convolution): boolean =>
  frameHeight > height || frameWidth > width;

const frameShape = ({ pictures, frameHeight, frameWidth, channels }: Convolution): number[] => [
  pictures,
  frameHeight,
  frameWidth,
  channels,
];

/** Where patches begin in the framed pictures, in the order of the outputs. */
function patches(of: Convolution): Int32Array {
  const { pictures, outHeight, outWidth, strideY, strideX, frameHeight, frameWidth, channels } = of;
  const offsets = new Int32Array(pictures * outHeight * outWidth);
  let at = 0;
  for (let n = 0; n < pictures; n++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        offsets[at++] = ((n * frameHeight + y * strideY) * frameWidth + x * strideX) * channels;
  return offsets;
}

/** Where the taps of a patch lie from its beginning, in the filter's order. */
function taps({ filterHeight, run, frameWidth, channels }: Convolution): Int32Array {
  const offsets = new Int32Array(filterHeight * run);
  for (let tap = 0; tap < offsets.length; tap++)
    offsets[tap] = Math.floor(tap / run) * frameWidth * channels + (tap % run);
  return offsets;
}

/** Copies rows of pictures into their frames, or out of them. */
function copyFrames(of: Convolution, pictures: Float32Array, frames: Float32Array, out: boolean): void {
  const { height, width, top, left, frameHeight, frameWidth, channels } = of;
  const row = width * channels;
  for (let y = 0; y < of.pictures * height; y++) {
    const n = Math.floor(y / height);
    const at = ((n * frameHeight + (y % height) + top) * frameWidth + left) * channels;
    if (out) pictures.set(frames.subarray(at, at + row), y * row);
    else frames.set(pictures.subarray(y * row, (y + 1) * row), at);
  }
}

/** Runs `use` on the pictures in their frames. */
function withFrames(
  backend: Backend,
  of: Convolution,
  x: TensorInfo,
  use: (framed: TensorInfo) => void,
): void {
  if (!isFramed(of)) {
    use(x);
    return;
  }
  const framed = zeros(backend, frameShape(of));
  copyFrames(of, floats(backend, x), floats(backend, framed), false);
  use(framed);
  dispose(backend, framed);
}

const matrixOf = (of: TensorInfo, columns: number) => ({ of, offset: 0, down: columns, right: 1 });

/** Patches times filter. Takes the place of the backend's own `Conv2D`, which keeps filters with holes. */
export const conv2D = (own: KernelConfig): KernelConfig => ({
  ...own,
  kernelFunc: (call) => {
    const { x, filter } = call.inputs as { readonly x: TensorInfo; readonly filter: TensorInfo };
    const { dilations } = call.attrs as unknown as { readonly dilations: [number, number] | number };
    if ([dilations].flat().some((side) => side !== 1)) return own.kernelFunc(call);
    const of = convolutionOf(call.attrs, x.shape, filter.shape);
    const backend = call.backend as Backend;
    const to = zeros(backend, [of.pictures, of.outHeight, of.outWidth, of.filters]);
    withFrames(backend, of, x, (left) =>
      addProduct(backend, {
        left,
        rows: patches(of),
        depth: taps(of),
        right: matrixOf(filter, of.filters),
        columns: of.filters,
        to,
        places: every(of.filters, of.pictures * of.outHeight * of.outWidth),
      }),
    );
    return to;
  },
});

/** The gradient by the filter: patches, transposed, times the output's gradient. */
export const conv2DBackpropFilter: KernelConfig = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { x, dy } = inputs as { readonly x: TensorInfo; readonly dy: TensorInfo };
    const { filterShape } = attrs as unknown as { readonly filterShape: number[] };
    const of = convolutionOf(attrs, x.shape, filterShape);
    const own = backend as Backend;
    const to = zeros(own, filterShape);
    withFrames(own, of, x, (left) =>
      addProduct(own, {
        left,
        rows: taps(of),
        depth: patches(of),
        right: matrixOf(dy, of.filters),
        columns: of.filters,
        to,
        places: every(of.filters, of.filterHeight * of.run),
      }),
    );
    return to;
  },
};

/** The gradient by the input: the output's gradient times the filter, transposed, added up where patches lie. */
export const conv2DBackpropInput: KernelConfig = {
  kernelName: 'Conv2DBackpropInput',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { filter, dy } = inputs as { readonly filter: TensorInfo; readonly dy: TensorInfo };
    const { inputShape } = attrs as unknown as { readonly inputShape: number[] };
    const of = convolutionOf(attrs, inputShape, filter.shape);
    const own = backend as Backend;
    const framed = zeros(own, frameShape(of));
    const begin = patches(of);
    const rows = every(of.filters, begin.length);
    for (let i = 0; i < of.filterHeight; i++)
      addProduct(own, {
        left: dy,
        rows,
        depth: every(1, of.filters),
        right: { of: filter, offset: i * of.run * of.filters, down: 1, right: of.filters },
        columns: of.run,
        to: framed,
        places: begin.map((at) => at + i * of.frameWidth * of.channels),
      });
    if (!isFramed(of)) return framed;
    const gradient = own.makeOutput(inputShape, 'float32');
    copyFrames(of, floats(own, gradient), floats(own, framed), true);
    dispose(own, framed);
    return gradient;
  },
};
