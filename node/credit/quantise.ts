// Quantisation: a trained model in integers, by a rule that anyone can follow again (docs/credit.md, "Quantisation").
import {
  checkScoreModel,
  type DenseLayer,
  layersOf,
  type ScoreModel,
  scoreInstance,
  weightBits,
} from '@murmuration/prover/score';
import type { FloatLayer } from './dense.ts';
import { CreditError } from './errors.ts';
import { padded } from './features.ts';
import { checkLadder, logitOf } from './ladder.ts';
import { type CreditSchema, featureCount, featureOne, schemaDigest } from './schema.ts';

/** A model in integers, and what one of its logits is in nats. */
export interface Quantised {
  readonly model: ScoreModel;
  /** The last sum is the logit times 2^this. */
  readonly logitBits: number;
}

const mostBits = 30;

/**
 * The integers of a model. For each layer the weights are multiplied by the largest power of two, 2^30 at most, with which the largest is
 * still below 2^15, and rounded to the nearest integer, halves up; a bias is multiplied by that and by what one of the layer's inputs is.
 *
 * @throws {CreditError} `model` for a weight of 2^15 or more, a number that is not finite, or a bias that does not fit.
 */
export function quantise(
  layers: readonly FloatLayer[],
  { schema, ladder }: { readonly schema: CreditSchema; readonly ladder: readonly number[] },
): Quantised {
  checkLadder(ladder);
  const shape = scoreInstance(schema.shape);
  let unit = Math.log2(featureOne);
  const integers = layersOf(shape).map(({ inputs, outputs }, l): DenseLayer => {
    const { weights, biases } = layers[l]!;
    const bits = weightScale(weights, l);
    unit += bits;
    const row = (i: number) => weights[i]?.map((weight) => Math.round(weight * 2 ** bits)) ?? [];
    return {
      weights: Array.from({ length: outputs }, (_, i) => fill(row(i), inputs)),
      biases: Array.from({ length: outputs }, (_, i) => scaled(biases[i] ?? 0, unit)),
    };
  });
  const width = featureCount(schema);
  const model: ScoreModel = {
    shape,
    schema: schemaDigest(schema),
    layers: integers,
    lower: padded(schema, []),
    upper: padded(schema, new Array<number>(width).fill(featureOne)),
    thresholds: ladder.map((chance) => scaled(logitOf(chance), unit)),
  };
  try {
    checkScoreModel(model);
  } catch (cause) {
    throw new CreditError('model', `the model does not fit its integers: ${(cause as Error).message}`, {
      mend: 'Train with weight decay, or with columns of narrower ranges.',
      cause,
    });
  }
  return { model, logitBits: unit };
}

const fill = (row: readonly number[], width: number): number[] =>
  Array.from({ length: width }, (_, j) => row[j] ?? 0);

/** Bits by which a layer's weights are moved to be integers. */
function weightScale(weights: readonly (readonly number[])[], layer: number): number {
  const largest = Math.max(...weights.flat().map(Math.abs));
  const most = 2 ** weightBits - 1;
  let bits = mostBits;
  while (bits >= 0 && !(Math.round(largest * 2 ** bits) <= most)) bits--;
  if (bits >= 0) return bits;
  throw new CreditError(
    'model',
    `a weight of layer ${layer} is ${largest} in size, but a score's are below 2^15`,
  );
}

/** `value 2^bits`, rounded to the nearest integer, exactly: a double is a fraction with a power of two. */
function scaled(value: number, bits: number): bigint {
  if (!Number.isFinite(value))
    throw new CreditError('model', `a number of the model is ${value}, but it is finite`);
  const fine = 40;
  const steps = BigInt(Math.round(value * 2 ** fine));
  return bits >= fine
    ? steps << BigInt(bits - fine)
    : (steps + (1n << BigInt(fine - bits - 1))) >> BigInt(fine - bits);
}

/** A logit of integers in nats. */
export function natsOf(logit: bigint, logitBits: number): number {
  return Number(logit) / 2 ** logitBits;
}
