// What a layer makes of a batch, and how the loss changes with what it was made of: backpropagation, written out
// for the kernels of TensorFlow.js.
import * as tf from '@tensorflow/tfjs-core';
import type { LayerSpec } from './model_spec.ts';

/** A layer's output, and the way back. */
export interface Pass {
  readonly y: tf.Tensor;
  /** How many weights it took. */
  readonly weights: number;
  /** From the loss's gradient by `y` to those by what `y` was made of. */
  back(dy: tf.Tensor): Gradients;
}

/** Gradients of the loss. */
export interface Gradients {
  /** By the weights, in their order. */
  readonly weights: readonly tf.Tensor[];
  /** By the layer's input; the first layer is not asked. */
  input(): tf.Tensor;
}

/** Runs a batch through a layer. @param weights begin with its kernel and its bias, where it has such. */
export function forward(layer: LayerSpec, x: tf.Tensor, [kernel, bias]: readonly tf.Tensor[]): Pass {
  switch (layer.type) {
    case 'dense':
      return dense(layer, x, { kernel: kernel as tf.Tensor2D, bias: bias! });
    case 'conv2d':
      return convolution(layer, x as tf.Tensor4D, { kernel: kernel as tf.Tensor4D, bias: bias! });
    case 'maxPooling2d':
      return pooling(layer, x as tf.Tensor4D);
    case 'flatten':
      return {
        y: tf.reshape(x, [x.shape[0]!, -1]),
        weights: 0,
        back: (dy) => ({ weights: [], input: () => tf.reshape(dy, x.shape) }),
      };
  }
}

type Layer<Type extends LayerSpec['type']> = Extract<LayerSpec, { type: Type }>;
interface Weights<Kernel> {
  readonly kernel: Kernel;
  readonly bias: tf.Tensor;
}

/** A product for each row; rows may lie in any number of dimensions. */
function dense(
  { units, activation }: Layer<'dense'>,
  x: tf.Tensor,
  { kernel, bias }: Weights<tf.Tensor2D>,
): Pass {
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, x.shape.at(-1)!]);
  const { of, slope } = activations[activation];
  const y = of(tf.add(tf.matMul(rows, kernel), bias));
  return {
    y: tf.reshape(y, [...x.shape.slice(0, -1), units]),
    weights: 2,
    back(dy) {
      const d = slope(tf.reshape(dy, y.shape), y) as tf.Tensor2D;
      return {
        weights: [tf.matMul(rows, d, true), tf.sum(d, 0)],
        input: () => tf.reshape(tf.matMul(d, kernel, false, true), x.shape),
      };
    },
  };
}

function convolution(
  { strides, padding, activation }: Layer<'conv2d'>,
  x: tf.Tensor4D,
  { kernel, bias }: Weights<tf.Tensor4D>,
): Pass {
  const { of, slope } = activations[activation];
  const y = of(tf.add(tf.conv2d(x, kernel, strides, padding), bias));
  const attributes = { strides, pad: padding, dataFormat: 'NHWC' };
  return {
    y,
    weights: 2,
    back(dy) {
      const d = slope(dy, y);
      const byKernel = { ...attributes, filterShape: kernel.shape };
      const byInput = { ...attributes, inputShape: x.shape };
      return {
        weights: [run('Conv2DBackpropFilter', { x, dy: d }, byKernel), tf.sum(d, [0, 1, 2])],
        input: () => run('Conv2DBackpropInput', { dy: d, filter: kernel }, byInput),
      };
    },
  };
}

function pooling({ pool, strides = pool }: Layer<'maxPooling2d'>, x: tf.Tensor4D): Pass {
  const y = tf.maxPool(x, pool, strides, 'valid');
  const attributes = { filterSize: pool, strides, pad: 'valid' };
  return {
    y,
    weights: 0,
    back: (dy) => ({
      weights: [],
      input: () => run('MaxPoolGrad', { dy, input: x, output: y }, attributes),
    }),
  };
}

/** Runs a kernel that TensorFlow.js exports no operation for. */
const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes);

/** An activation, and the gradient by its input from the one by its output y. */
interface Activation {
  readonly of: (x: tf.Tensor) => tf.Tensor;
  readonly slope: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

const activations: Readonly<Record<Layer<'dense'>['activation'], Activation>> = {
  linear: { of: (x) => x, slope: (dy) => dy },
  relu: { of: tf.relu, slope: (dy, y) => tf.mul(dy, tf.step(y)) },
  sigmoid: { of: tf.sigmoid, slope: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))) },
  tanh: { of: tf.tanh, slope: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))) },
  // y + 1 below zero, 1 above.
  elu: { of: tf.elu, slope: (dy, y) => tf.mul(dy, tf.add(1, tf.minimum(y, 0))) },
};
