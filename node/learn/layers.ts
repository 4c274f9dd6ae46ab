// From a layer's description to TensorFlow.js's layer. Weights start at zero; `Network.initial` gives the
// real ones.
import { layers, type Sequential } from '@tensorflow/tfjs-layers';
import type { LayerSpec } from './model_spec.ts';

type Layer = Parameters<Sequential['add']>[0];

const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;

/** @param input one example's shape, for the first layer only. */
export function toLayer(spec: LayerSpec, input: number[] | undefined): Layer {
  const shape = input ? { inputShape: input } : {};
  switch (spec.type) {
    case 'dense':
      return layers.dense({ ...shape, ...zeros, units: spec.units, activation: spec.activation });
    case 'conv2d':
      return layers.conv2d({
        ...shape,
        ...zeros,
        filters: spec.filters,
        kernelSize: spec.kernel,
        strides: spec.strides,
        padding: spec.padding,
        activation: spec.activation,
      });
    case 'maxPooling2d':
      return layers.maxPooling2d({ ...shape, poolSize: spec.pool, strides: spec.strides ?? spec.pool });
    case 'flatten':
      return layers.flatten(shape);
  }
}
