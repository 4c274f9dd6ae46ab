// How many parameters a described model has, without building it.
import type { LayerSpec, ModelSpec } from './model_spec.ts';

/** D of a model, as `Network.size` says it once it is built. */
export function modelSize({ input, layers }: Pick<ModelSpec, 'input' | 'layers'>): number {
  let shape: readonly number[] = input;
  let size = 0;
  for (const layer of layers) {
    size += weightsOf(layer, shape.at(-1)!);
    shape = outputOf(layer, shape);
  }
  return size;
}

/** Weights and biases of a layer over that many features or channels. */
function weightsOf(layer: LayerSpec, features: number): number {
  if (layer.type === 'dense') return (features + 1) * layer.units;
  if (layer.type === 'conv2d') return (layer.kernel ** 2 * features + 1) * layer.filters;
  return 0;
}

/** One example's shape after a layer. */
function outputOf(layer: LayerSpec, shape: readonly number[]): readonly number[] {
  switch (layer.type) {
    case 'dense':
      return [...shape.slice(0, -1), layer.units];
    case 'flatten':
      return [shape.reduce((product, side) => product * side, 1)];
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
  [height!, width!].map((side) => Math.floor((side - window) / stride) + 1);
