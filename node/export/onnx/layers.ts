// Layers as operations of ONNX. Pictures lie there with channels first, here with channels last.
import type { LayerSpec } from '../../learn/index.ts';
import type { NamedWeight, PlacedLayer } from '../model.ts';
import type { Graph } from './graph.ts';

/** Where a batch is, and how its pictures lie. */
interface Batch {
  readonly name: string;
  readonly channelsFirst: boolean;
}

/** Adds layers. @returns the logits. */
export function addLayers(graph: Graph, input: string, layers: readonly PlacedLayer[]): string {
  let batch: Batch = { name: input, channelsFirst: false };
  for (const placed of layers) batch = addLayer(graph, batch, placed);
  return batch.name;
}

function addLayer(graph: Graph, batch: Batch, placed: PlacedLayer): Batch {
  const { layer, name, input, output, weights } = placed;
  switch (layer.type) {
    case 'dense': {
      const [kernel, bias] = weights.map((weight) => constant(graph, weight)) as [string, string];
      const product = graph.node('MatMul', [channelsLast(graph, batch), kernel], { name: `${name}.product` });
      const sum = graph.node('Add', [product, bias], { name: `${name}.sum` });
      return { name: activated(graph, sum, layer.activation, name), channelsFirst: false };
    }
    case 'conv2d': {
      const [kernel, bias] = weights as [NamedWeight, NamedWeight];
      const windows = graph.node(
        'Conv',
        [channelsFirst(graph, batch), constant(graph, filtersFirst(kernel)), constant(graph, bias)],
        {
          name: `${name}.sum`,
          attributes: {
            kernel_shape: [layer.kernel, layer.kernel],
            strides: [layer.strides, layer.strides],
            pads: layer.padding === 'same' ? padding(layer, input, output) : [0, 0, 0, 0],
          },
        },
      );
      return { name: activated(graph, windows, layer.activation, name), channelsFirst: true };
    }
    case 'maxPooling2d': {
      const stride = layer.strides ?? layer.pool;
      const pooled = graph.node('MaxPool', [channelsFirst(graph, batch)], {
        name,
        attributes: { kernel_shape: [layer.pool, layer.pool], strides: [stride, stride] },
      });
      return { name: pooled, channelsFirst: true };
    }
    case 'flatten':
      return {
        name: graph.node('Flatten', [channelsLast(graph, batch)], { name, attributes: { axis: 1 } }),
        channelsFirst: false,
      };
  }
}

const constant = (graph: Graph, { name, shape, values }: NamedWeight): string =>
  graph.constant(name, shape, { float: values });

function channelsFirst(graph: Graph, { name, channelsFirst: already }: Batch): string {
  return already
    ? name
    : graph.node('Transpose', [name], { name: 'channels_first', attributes: { perm: [0, 3, 1, 2] } });
}

function channelsLast(graph: Graph, { name, channelsFirst: swapped }: Batch): string {
  return swapped
    ? graph.node('Transpose', [name], { name: 'channels_last', attributes: { perm: [0, 2, 3, 1] } })
    : name;
}

/** A kernel of [height, width, channels, filters] as [filters, channels, height, width]. */
function filtersFirst({ name, shape, values }: NamedWeight): NamedWeight {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const out = new Float32Array(values.length);
  let at = 0;
  for (let filter = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++)
      for (let place = 0; place < height * width; place++)
        out[at++] = values[(place * channels + channel) * filters + filter]!;
  return { name, shape: [filters, channels, height, width], values: out };
}

/**
 * Rows and columns of zeros around a picture, as TensorFlow's SAME has them: where their number is odd, one more at the
 * end. @returns [top, left, bottom, right].
 */
function padding(
  { kernel, strides }: Extract<LayerSpec, { type: 'conv2d' }>,
  input: readonly number[],
  output: readonly number[],
): number[] {
  const all = [0, 1].map((side) => Math.max(0, (output[side]! - 1) * strides + kernel - input[side]!));
  return [...all.map((zeros) => Math.floor(zeros / 2)), ...all.map((zeros) => Math.ceil(zeros / 2))];
}

const operators = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh', elu: 'Elu' } as const;

function activated(
  graph: Graph,
  sum: string,
  activation: 'linear' | keyof typeof operators,
  name: string,
): string {
  return activation === 'linear' ? sum : graph.node(operators[activation], [sum], { name });
}
