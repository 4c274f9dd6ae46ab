// A trained model as exports take it, and its layers with their parameters.
import { NodeError } from '../errors.ts';
import {
  type Adaptation,
  type LayeredModel,
  type LayerSpec,
  modelLayout,
  outputOf,
  type Statistics,
  type TaskDescription,
} from '../learn/index.ts';

/** A task whose model is of layers: what a program computes is in no form. */
export type LayeredTask = TaskDescription & { readonly model: LayeredModel };

/** A trained model. */
export interface TrainedModel {
  readonly description: LayeredTask;
  /** Of the columns whose mean and deviation the task leaves open. */
  readonly statistics: Statistics;
  /** In the order of the layers, as the protocol has them. */
  readonly parameters: Float32Array;
  /** What a site changed for itself, which no form but ONNX holds. */
  readonly adaptation?: Adaptation | undefined;
  /** Where the model comes from, as texts by name: every form has a place for such. */
  readonly lineage: Readonly<Record<string, string>>;
  /** The program that exports, with its version. */
  readonly producer: { readonly name: string; readonly version: string };
}

/** A layer's kernel or bias. */
export interface NamedWeight {
  /** `layers.0.kernel`: the layer's place in the description, from 0. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer in its place. */
export interface PlacedLayer {
  readonly layer: LayerSpec;
  /** `layers.0` */
  readonly name: string;
  /** One example's shape before and after it. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Kernel and bias, or nothing. */
  readonly weights: readonly NamedWeight[];
}

/** The layers of a model. @throws NodeError `learning` for a model that has no layout. */
export function placedLayers(spec: LayeredModel, parameters: Float32Array): PlacedLayer[] {
  const { weights } = modelLayout(spec);
  let input: readonly number[] = spec.input;
  let taken = 0;
  return spec.layers.map((layer, at) => {
    const name = `layers.${at}`;
    const own = layer.type === 'dense' || layer.type === 'conv2d' ? ['kernel', 'bias'] : [];
    const placed: PlacedLayer = {
      layer,
      name,
      input,
      output: outputOf(layer, input),
      weights: own.map((kind) => {
        const { shape, offset, size } = weights[taken++]!;
        return { name: `${name}.${kind}`, shape, values: parameters.subarray(offset, offset + size) };
      }),
    };
    input = placed.output;
    return placed;
  });
}

/** @throws NodeError `learning` for a model that a site has adapted: a form of layers alone would lose that. */
export function checkUnadapted({ adaptation }: TrainedModel, form: string): void {
  if (adaptation)
    throw new NodeError('learning', `the model is adapted to one site, but ${form} holds layers alone`, {
      mend: 'Export it with --format onnx, or export the model that was adapted, as `murmur model save` wrote it.',
    });
}
