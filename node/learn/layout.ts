// How a described model's parameters lie in the flat model, without building it, and the first ones.
import { NodeError } from '../errors.ts';
import type { LayeredModel, LayerSpec } from './model_spec.ts';
import type { ProgramModel } from './program/spec.ts';
import { seeded } from './random.ts';

/**
 * Most parameters a model may have: an index has 32 bits, but memory and a chunk's share of the model say
 * less.
 */
export const maxParameters = 16_777_216;

/** Where one weight lies in the flat model. */
export interface Weight {
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  /** Whether it is a bias, which starts at zero. */
  readonly bias: boolean;
}

/** A model's parameters, in the order of the layers, or in that of the description of a program. */
export interface ModelLayout {
  /** Parameters in all: the protocol's D. */
  readonly size: number;
  readonly weights: readonly Weight[];
}

/**
 * The layout of a model.
 * @throws NodeError `learning` where a layer does not fit the one before it, the last one gives no row of
 * logits, or the parameters are more than `maxParameters`.
 */
export function modelLayout(
  model: Pick<LayeredModel, 'input' | 'layers'> | Pick<ProgramModel, 'parameters'>,
): ModelLayout {
  const weights: Weight[] = [];
  let size = 0;
  for (const shape of 'parameters' in model
    ? model.parameters.map((one) => one.shape)
    : layerWeights(model)) {
    const floats = product(shape);
    weights.push({ shape, offset: size, size: floats, bias: shape.length === 1 });
    size += floats;
  }
  if (size > maxParameters)
    throw new NodeError(
      'learning',
      `the model has ${size} parameters, but at most ${maxParameters} are supported`,
    );
  return { size, weights };
}

/** Shapes of the weights of all layers, in order. */
function layerWeights({ input, layers }: Pick<LayeredModel, 'input' | 'layers'>): (readonly number[])[] {
  const shapes: (readonly number[])[] = [];
  let shape: readonly number[] = input;
  for (const [at, layer] of layers.entries()) {
    checkInput(layer, shape, at);
    shapes.push(...weightShapes(layer, shape.at(-1)!));
    shape = outputOf(layer, shape);
  }
  if (shape.length !== 1)
    throw new NodeError('learning', `the last layer gives ${sides(shape)}, but logits are one row`, {
      mend: 'Put a flatten before it.',
    });
  return shapes;
}

/**
 * First parameters of a model of layers, from a seed: He's normal law for weights (He et al. 2015), Glorot's before
 * the logits; biases zero. A single layer begins with zeros, whatever the seed: it has no hidden units that chance
 * must tell apart, and a few hundred steps on a few hundred rows would not forget where chance put it.
 */
export function initialModel({ size: all, weights }: ModelLayout, seed: number): Float32Array {
  const out = new Float32Array(all);
  const isSingle = weights.length === 2;
  if (isSingle) return out;
  weights.forEach(({ shape, offset, size, bias }, i) => {
    if (bias) return;
    const random = seeded(seed, 'initial', i);
    const fan = size / shape.at(-1)!;
    const last = i >= weights.length - 2;
    const deviation = Math.sqrt(last ? 2 / (fan + shape.at(-1)!) : 2 / fan);
    for (let j = 0; j < size; j++) out[offset + j] = deviation * random.normal();
  });
  return out;
}

const product = (shape: readonly number[]): number => shape.reduce((all, each) => all * each, 1);
const sides = (shape: readonly number[]): string => `[${shape.join(' x ')}]`;

/** @throws NodeError `learning` where a window does not fit the picture, or gets none. */
function checkInput(layer: LayerSpec, shape: readonly number[], at: number): void {
  if (layer.type !== 'conv2d' && layer.type !== 'maxPooling2d') return;
  const what = `layer ${at} is ${layer.type}`;
  if (shape.length !== 3)
    throw new NodeError(
      'learning',
      `${what} and gets ${sides(shape)}, but it takes height, width and channels`,
    );
  const window = layer.type === 'maxPooling2d' ? layer.pool : layer.padding === 'same' ? 1 : layer.kernel;
  if (window > Math.min(shape[0]!, shape[1]!))
    throw new NodeError(
      'learning',
      `${what} of ${window} x ${window} and gets ${sides(shape)}, but a window must fit into the picture`,
    );
}

/** Shapes of a layer's weights and biases over that many features or channels. */
function weightShapes(layer: LayerSpec, features: number): readonly number[][] {
  if (layer.type === 'dense') return [[features, layer.units], [layer.units]];
  if (layer.type === 'conv2d')
    return [[layer.kernel, layer.kernel, features, layer.filters], [layer.filters]];
  return [];
}

/** One example's shape after a layer. @param shape the one before it. */
export function outputOf(layer: LayerSpec, shape: readonly number[]): readonly number[] {
  switch (layer.type) {
    case 'dense':
      return [...shape.slice(0, -1), layer.units];
    case 'flatten':
      return [product(shape)];
    case 'conv2d': {
      const window = layer.padding === 'same' ? 1 : layer.kernel;
      return [...sidesAfter(shape, window, layer.strides), layer.filters];
    }
    case 'maxPooling2d':
      return [...sidesAfter(shape, layer.pool, layer.strides ?? layer.pool), shape.at(-1)!];
  }
}

/** Height and width of what a window leaves that moves over a picture by `stride`. */
const sidesAfter = ([height, width]: readonly number[], window: number, stride: number): number[] =>
  [height!, width!].map((length) => Math.floor((length - window) / stride) + 1);
