// A model in the form of TensorFlow.js: `model.json` with a Keras topology, and a file of weights beside it.
import type { LayerSpec } from '../learn/index.ts';
import { encodeModel } from '../protocol/index.ts';
import { checkUnadapted, type PlacedLayer, placedLayers, type TrainedModel } from './model.ts';

/** Both files of a model. */
export interface TfjsFiles {
  /** `model.json`. */
  readonly model: string;
  /** What `model.json` finds beside itself. */
  readonly weights: Uint8Array;
}

/**
 * A model for `loadLayersModel` of TensorFlow.js. It takes encoded rows, and gives probabilities: one a class, or the
 * second class's alone where the loss is binary.
 * @param weightsFile is the name of the weights' file, which the topology names.
 * @throws NodeError `learning` for a model that has no layout, or that a site has adapted.
 */
export function tfjs(model: TrainedModel, weightsFile: string): TfjsFiles {
  checkUnadapted(model, 'tfjs');
  const { description, parameters, lineage, producer } = model;
  const placed = placedLayers(description.model, parameters);
  const layers = [
    layer('InputLayer', 'input', {
      batch_input_shape: [null, ...description.model.input],
      dtype: 'float32',
      sparse: false,
    }),
    ...placed.flatMap(kerasLayer),
    layer('Activation', 'probabilities', {
      activation: description.model.loss === 'binary' ? 'sigmoid' : 'softmax',
    }),
  ];
  const manifest = {
    paths: [weightsFile],
    weights: placed.flatMap(({ name, weights }) =>
      weights.map(({ shape }, at) => ({
        name: `${kerasName(name)}/${at === 0 ? 'kernel' : 'bias'}`,
        shape,
        dtype: 'float32',
      })),
    ),
  };
  return {
    model: `${JSON.stringify({
      format: 'layers-model',
      generatedBy: `${producer.name} ${producer.version}`,
      convertedBy: null,
      modelTopology: {
        class_name: 'Sequential',
        config: { name: 'model', layers },
        keras_version: '2.15.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [manifest],
      userDefinedMetadata: lineage,
    })}\n`,
    weights: encodeModel(parameters),
  };
}

interface KerasLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const layer = (kind: string, name: string, config: Readonly<Record<string, unknown>>): KerasLayer => ({
  class_name: kind,
  config: { name, ...config },
});

/** `layers.0` as Keras writes names, which has no point in them. */
const kerasName = (name: string): string => name.replace('.', '_');

/** No layer for what changes nothing: Keras flattens no rows that are flat. */
function kerasLayer({ layer: spec, name, input }: PlacedLayer): KerasLayer[] {
  if (spec.type === 'flatten' && input.length === 1) return [];
  const [kind, config] = configOf(spec);
  return [layer(kind, kerasName(name), { ...config, trainable: true, dtype: 'float32' })];
}

function configOf(spec: LayerSpec): readonly [kind: string, config: Readonly<Record<string, unknown>>] {
  switch (spec.type) {
    case 'dense':
      return ['Dense', { units: spec.units, activation: spec.activation, use_bias: true }];
    case 'conv2d':
      return [
        'Conv2D',
        {
          filters: spec.filters,
          kernel_size: [spec.kernel, spec.kernel],
          strides: [spec.strides, spec.strides],
          padding: spec.padding,
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          activation: spec.activation,
          use_bias: true,
        },
      ];
    case 'maxPooling2d': {
      const stride = spec.strides ?? spec.pool;
      return [
        'MaxPooling2D',
        {
          pool_size: [spec.pool, spec.pool],
          strides: [stride, stride],
          padding: 'valid',
          data_format: 'channels_last',
        },
      ];
    }
    case 'flatten':
      return ['Flatten', { data_format: 'channels_last' }];
  }
}
