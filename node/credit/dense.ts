// A task's trained model as dense layers in the schema's features, in double precision: what is quantised, and what the integers are held
// against.
import { type ScoreShapeName, scoreInstance } from '@murmuration/prover/score';
import {
  type CsvSpec,
  layersOf,
  modelLayout,
  type Statistics,
  scaleOf,
  type TaskDescription,
} from '../learn/index.ts';
import { CreditError } from './errors.ts';
import { type CreditSchema, fitsTask } from './schema.ts';

/** Weights and biases of one layer. */
export interface FloatLayer {
  /** For each output one weight for each input. */
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

/** A trained model and what its rows are. */
export interface TrainedScore {
  readonly description: TaskDescription;
  readonly statistics: Statistics;
  readonly parameters: Float32Array;
}

/** A task's table. @throws {CreditError} `model` for a task of pictures. */
export function tableOf({ data }: TaskDescription): CsvSpec {
  if (data.kind === 'csv') return data;
  throw new CreditError('model', 'the task is of digits, but a credit score is of rows of a table');
}

/** The shape that holds a task's model. @throws {CreditError} `model` where none does. */
export function shapeFor(description: TaskDescription): ScoreShapeName {
  const units = unitsOf(description);
  const fits = (shape: ScoreShapeName) => {
    const { widths } = scoreInstance(shape);
    return units.length === widths.length && units.every((width, i) => width <= widths[i]!);
  };
  const found = (['logistic', 'network'] as const).find(fits);
  if (found) return found;
  throw new CreditError(
    'model',
    `the model's widths are ${units.join(', ')}, but a score has at most 64, 1 or 24, 32, 16, 1`,
  );
}

/** Inputs, then the outputs of each layer; the last is one, the logit of the second class. */
function unitsOf({ model }: TaskDescription): number[] {
  const { input, layers } = layersOf(model, 'a credit score');
  const units = layers.map((layer, l) => {
    const last = l === layers.length - 1;
    if (layer.type !== 'dense' || (!last && layer.activation !== 'relu')) {
      throw new CreditError(
        'model',
        `layer ${l} is ${layer.type}, but a score has dense layers with relu between them`,
      );
    }
    return last && layer.units === 2 ? 1 : layer.units;
  });
  return [...input, ...units];
}

/**
 * The layers of a model on features in [0, 1], with the logit of default: the scaling of columns is folded into the first layer.
 *
 * @param bad is the class, 0 or 1, that is default.
 * @throws {CreditError} `model` for a model that is not of such layers, or has more than two classes; `schema` for another table.
 */
export function floatLayers(
  { description, statistics, parameters }: TrainedScore,
  { schema, bad }: { readonly schema: CreditSchema; readonly bad: 0 | 1 },
): FloatLayer[] {
  const data = tableOf(description);
  if (!fitsTask(schema, data)) throw new CreditError('schema', 'the schema has other columns than the task');
  const units = unitsOf(description);
  const { weights } = modelLayout(layersOf(description.model, 'a credit score'));
  const layers = units.slice(1).map((_, l): FloatLayer => {
    const [kernel, bias] = [weights[2 * l]!, weights[2 * l + 1]!];
    const [inputs, outputs] = kernel.shape as [number, number];
    const at = (i: number, j: number) => parameters[kernel.offset + j * outputs + i]!;
    return {
      weights: Array.from({ length: outputs }, (_, i) => Array.from({ length: inputs }, (_, j) => at(i, j))),
      biases: Array.from({ length: outputs }, (_, i) => parameters[bias.offset + i]!),
    };
  });
  const all = [...layers.slice(0, -1), logitLayer(layers.at(-1)!, bad)];
  return [foldScaling(all[0]!, data, statistics), ...all.slice(1)];
}

/** One output, that of default: of two the difference. */
function logitLayer({ weights, biases }: FloatLayer, bad: 0 | 1): FloatLayer {
  const sign = bad === 1 ? 1 : -1;
  if (weights.length > 2)
    throw new CreditError('model', `the model has ${weights.length} classes, but a score has two`);
  const [low, high] = weights.length === 2 ? [0, 1] : [undefined, 0];
  const difference = (of: (output: number) => number) =>
    sign * (of(high) - (low === undefined ? 0 : of(low)));
  return {
    weights: [weights[0]!.map((_, j) => difference((i) => weights[i]![j]!))],
    biases: [difference((i) => biases[i]!)],
  };
}

/** From inputs `(x - mean) / deviation` to features `(x - low) / (high - low)`; categories are 0 or 1 in both. */
function foldScaling({ weights, biases }: FloatLayer, data: CsvSpec, statistics: Statistics): FloatLayer {
  const scales: { readonly factor: number; readonly offset: number }[] = data.columns.flatMap((column) => {
    if (column.type === 'categorical') return column.values.map(() => ({ factor: 1, offset: 0 }));
    const { mean, deviation } = scaleOf(column, statistics);
    const [low, high] = column.range!;
    return [{ factor: (high - low) / deviation, offset: (low - mean) / deviation }];
  });
  return {
    weights: weights.map((row) => row.map((weight, j) => weight * scales[j]!.factor)),
    biases: biases.map((bias, i) =>
      weights[i]!.reduce((sum, weight, j) => sum + weight * scales[j]!.offset, bias),
    ),
  };
}

/** The logit of features in [0, 1]. */
export function floatLogit(layers: readonly FloatLayer[], features: readonly number[]): number {
  let values = [...features];
  layers.forEach(({ weights, biases }, l) => {
    const sums = weights.map((row, i) =>
      row.reduce((sum, weight, j) => sum + weight * values[j]!, biases[i]!),
    );
    values = l === layers.length - 1 ? sums : sums.map((sum) => Math.max(0, sum));
  });
  return values[0]!;
}
