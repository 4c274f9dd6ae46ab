// What a site does with the federation's model by itself: one number on its logit, and perhaps a model of its own
// beside it. Nothing of it leaves the site.
import { NodeError } from '../../errors.ts';
import { type Dataset, width } from '../data/dataset.ts';
import type { Network } from '../network.ts';
import { chanceOf, linearLogit } from './logistic.ts';

/** A model of a site's own beside the federation's: a linear one on the same inputs. */
export interface OwnModel {
  /** Its part of the logit, in [0, 1]. */
  readonly share: number;
  /** One an input, then the bias. */
  readonly weights: readonly number[];
}

/** How a site changes the logit of the second class: `(1 - share) * (federation's + bias) + share * own`. */
export interface Adaptation {
  /** On the federation's logit, in nats. */
  readonly bias: number;
  readonly own?: OwnModel | undefined;
}

/**
 * The logits of the second class against the first, row by row.
 * @throws NodeError `learning` for a model of more than two classes.
 */
export function classLogits(network: Network, model: Float32Array, data: Dataset): Float64Array {
  checkTwoClasses(data.classes);
  const logits = network.logits(model, data);
  if (network.spec.loss === 'binary') return Float64Array.from(logits);
  return Float64Array.from({ length: data.count }, (_, i) => logits[2 * i + 1]! - logits[2 * i]!);
}

/** A logit as the site has it. @param own the own model's; what the adaptation has none of does not count */
export const adaptedLogit = ({ bias, own }: Adaptation, federated: number, ownLogit: number): number =>
  own === undefined ? federated + bias : (1 - own.share) * (federated + bias) + own.share * ownLogit;

/**
 * Probabilities, one a class, row by row; also where the model gives the positive class's alone.
 * @param adaptation without it, the federation's model as it is.
 * @throws NodeError `learning` where the adaptation does not fit the model.
 */
export function classProbabilities(
  network: Network,
  model: Float32Array,
  { data, adaptation }: { readonly data: Dataset; readonly adaptation?: Adaptation | undefined },
): Float32Array | Float64Array {
  if (!adaptation) {
    const found = network.predict(model, data);
    return network.spec.loss === 'binary' ? twoColumns(found) : found;
  }
  checkAdaptation(adaptation, { classes: data.classes, inputs: width(data.shape) });
  const { own } = adaptation;
  const logits = classLogits(network, model, data);
  return twoColumns(
    logits.map((logit, row) =>
      chanceOf(adaptedLogit(adaptation, logit, own ? linearLogit(own.weights, data.inputs, row) : 0)),
    ),
  );
}

/**
 * Checks that an adaptation fits a model.
 * @throws NodeError `learning` where it does not.
 */
export function checkAdaptation(
  { own }: Adaptation,
  { classes, inputs }: { readonly classes: number; readonly inputs: number },
): void {
  checkTwoClasses(classes);
  if (own && own.weights.length !== inputs + 1)
    throw new NodeError(
      'learning',
      `adaptation: its own model has ${own.weights.length} weights, but ${inputs} inputs and a bias ` +
        `are ${inputs + 1}`,
    );
}

function checkTwoClasses(classes: number): void {
  if (classes !== 2)
    throw new NodeError(
      'learning',
      `adaptation: the model has ${classes} classes, but one bias on a logit is for two`,
    );
}

function twoColumns(p: Float32Array | Float64Array): Float64Array {
  const out = new Float64Array(p.length * 2);
  p.forEach((x: number, i: number) => {
    out[2 * i] = 1 - x;
    out[2 * i + 1] = x;
  });
  return out;
}
