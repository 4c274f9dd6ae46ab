// A scoring model in integers: its checks, its digest, and its exact evaluation, which the circuit `score` computes too.
import type { ScoreInstance } from '@murmuration/circuits';
import { ProverError } from '../errors.ts';
import { toField } from '../field.ts';
import { pack } from '../packing.ts';
import { sponge } from '../sponge.ts';
import { boundBits, layersOf, type ScoreLayer, thresholdCount, weightBits } from './shape.ts';

/** Weights and biases of a layer. */
export interface DenseLayer {
  /** For each output one weight for each input; integers of at most 2^15 - 1 in size. */
  readonly weights: readonly (readonly number[])[];
  /** One for each output, in the unit of the sums: a weight's times an input's. */
  readonly biases: readonly bigint[];
}

/** A model in integers. Nothing is rounded between layers, so that sums grow; all of them are exact. */
export interface ScoreModel {
  /** Its instance of the circuit. */
  readonly shape: ScoreInstance;
  /** Digest of the schema whose features it takes, in [0, 2^248). */
  readonly schema: bigint;
  /** In order; all but the last are followed by max(0, x). */
  readonly layers: readonly DenseLayer[];
  /** The least that each feature may be, from -2^15 to 2^15 - 1. */
  readonly lower: readonly number[];
  /** The most that each feature may be. */
  readonly upper: readonly number[];
  /** Nine, rising, in the unit of the last sum. */
  readonly thresholds: readonly bigint[];
}

/** What a model says of features. */
export interface Evaluation {
  /** The last layer's sum. */
  readonly logit: bigint;
  /** How many thresholds the logit reaches, 0 to 9. */
  readonly bracket: number;
}

/**
 * Checks a model: the circuit's arithmetic is exact for such ones alone, and a digest tells nothing of ranges, so that who answers for a
 * digest checks the model first.
 *
 * @throws {ProverError} `argument`, naming the first number that is out of range.
 */
export function checkScoreModel(model: ScoreModel): void {
  const { shape, layers, lower, upper, thresholds } = model;
  const plan = layersOf(shape);
  checkLength('layers', layers, plan.length);
  plan.forEach((layer, l) => {
    checkLayer(`layers[${l}]`, layers[l]!, layer);
  });
  const inputs = shape.widths[0]!;
  checkLength('lower', lower, inputs);
  checkLength('upper', upper, inputs);
  for (let j = 0; j < inputs; j++) {
    checkInteger(`lower[${j}]`, lower[j]!, -(2 ** weightBits), 2 ** weightBits - 1);
    checkInteger(`upper[${j}]`, upper[j]!, lower[j]!, 2 ** weightBits - 1);
  }
  checkLength('thresholds', thresholds, thresholdCount);
  const bound = 2n ** BigInt(plan.at(-1)!.sumBits);
  thresholds.forEach((threshold, i) => {
    checkSize(`thresholds[${i}]`, threshold, bound);
    if (i === 0 || thresholds[i - 1]! < threshold) return;
    throw new ProverError(
      'argument',
      `thresholds[${i}] is ${threshold}, but it is above thresholds[${i - 1}], ${thresholds[i - 1]}`,
    );
  });
  checkDigest('schema', model.schema);
}

function checkLayer(name: string, { weights, biases }: DenseLayer, plan: ScoreLayer): void {
  checkLength(`${name}.weights`, weights, plan.outputs);
  checkLength(`${name}.biases`, biases, plan.outputs);
  const most = 2 ** weightBits - 1;
  weights.forEach((row, i) => {
    checkLength(`${name}.weights[${i}]`, row, plan.inputs);
    row.forEach((weight, j) => {
      checkInteger(`${name}.weights[${i}][${j}]`, weight, -most, most);
    });
  });
  biases.forEach((bias, i) => {
    checkSize(`${name}.biases[${i}]`, bias, 2n ** BigInt(plan.sumBits - 1));
  });
}

function checkLength(name: string, list: readonly unknown[], expected: number): void {
  if (list.length === expected) return;
  throw new ProverError('argument', `${name} has ${list.length} entries, but this shape has ${expected}`);
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ProverError('argument', `${name} is ${value}, but it is an integer from ${least} to ${most}`);
}

function checkSize(name: string, value: bigint, bound: bigint): void {
  if (typeof value === 'bigint' && value >= -bound && value <= bound) return;
  throw new ProverError('argument', `${name} is ${value}, but it is an integer of at most ${bound} in size`);
}

/** Throws an `argument` unless a digest is below 2^248. */
export function checkDigest(name: string, value: bigint): void {
  if (typeof value === 'bigint' && value >= 0n && value < 2n ** 248n) return;
  throw new ProverError('argument', `${name} is ${value}, but such a digest lies in [0, 2^248)`);
}

/**
 * The exact score of features.
 *
 * @throws {ProverError} `statement` for a feature outside the model's bounds, `argument` for another number of them.
 */
export function evaluateScore(
  { layers, lower, upper, thresholds }: ScoreModel,
  features: readonly number[],
): Evaluation {
  checkLength('features', features, lower.length);
  features.forEach((value, j) => {
    if (Number.isInteger(value) && value >= lower[j]! && value <= upper[j]!) return;
    throw new ProverError(
      'statement',
      `features[${j}] is ${value}, but the model takes integers from ${lower[j]} to ${upper[j]}`,
    );
  });
  let activations = features.map(BigInt);
  layers.forEach(({ weights, biases }, l) => {
    const sums = weights.map((row, i) =>
      row.reduce((sum, weight, j) => sum + BigInt(weight) * activations[j]!, biases[i]!),
    );
    activations = l === layers.length - 1 ? sums : sums.map((sum) => (sum > 0n ? sum : 0n));
  });
  const logit = activations[0]!;
  return { logit, bracket: thresholds.filter((threshold) => logit >= threshold).length };
}

/**
 * A model's digest, in [0, r): by it contracts and proofs know the model.
 *
 * @throws {ProverError} as {@link checkScoreModel} does.
 */
export async function scoreModelDigest(model: ScoreModel): Promise<bigint> {
  checkScoreModel(model);
  const elements = [
    model.schema,
    ...model.thresholds.map(toField),
    ...packedBounds(model),
    ...modelColumns(model),
  ];
  return sponge(model.shape.domains.model, elements);
}

function packedBounds({ lower, upper }: ScoreModel): bigint[] {
  return pack(
    [...lower, ...upper].map((bound) => bound + 2 ** (boundBits - 1)),
    boundBits,
  );
}

/** Weights and biases as the circuit takes them: layer by layer, for each group of outputs one element for each input, then one for biases. */
export function modelColumns({ shape, layers }: ScoreModel): bigint[] {
  return layersOf(shape).flatMap(({ inputs, outputs, sumBits, perElement }, l) => {
    const { weights, biases } = layers[l]!;
    const columns: bigint[] = [];
    for (let first = 0; first < outputs; first += perElement) {
      const packed = (value: (output: number) => bigint) => {
        let sum = 0n;
        for (let i = first; i < Math.min(first + perElement, outputs); i++)
          sum += value(i) << BigInt((sumBits + 1) * (i - first));
        return toField(sum);
      };
      for (let j = 0; j < inputs; j++) columns.push(packed((i) => BigInt(weights[i]![j]!)));
      columns.push(packed((i) => biases[i]!));
    }
    return columns;
  });
}
