// What TensorFlow.js says of a convolution when it asks for a gradient of it.
import { backend_util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolution } from './patches.ts';

/** The attributes that both gradients share. */
interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Shapes of four dimensions: one of them a tensor's, the other an attribute's. */
export interface ConvolutionShapes {
  readonly input: TensorInfo['shape'];
  readonly filter: TensorInfo['shape'];
}

type Attributes = Parameters<NonNullable<KernelConfig['kernelFunc']>>[0]['attrs'];
type Shape = [number, number, number, number];

/**
 * The convolution of which the kernel is to compute a gradient.
 * @throws Error where the channels do not come last.
 */
export function convolutionOf(
  kernel: string,
  attrs: Attributes,
  { input, filter }: ConvolutionShapes,
): Convolution {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as ConvolutionAttributes;
  if (dataFormat !== 'NHWC')
    throw new Error(`${kernel}: dataFormat is ${dataFormat}, but only NHWC runs on the WASM backend`);
  const [of, by] = [input, filter] as [Shape, Shape];
  return backend_util.computeConv2DInfo(of, by, strides, 1, pad, dimRoundingMode, false);
}
