// A table of examples in memory, and the ways to cut it.
import { NodeError } from '../../errors.ts';

/** `count` examples: `inputs` holds `count * width` floats row by row, `labels` the class of each. */
export interface Dataset {
  readonly count: number;
  /** One example's shape; its product is the row width. */
  readonly shape: readonly number[];
  readonly inputs: Float32Array;
  readonly labels: Uint16Array;
  readonly classes: number;
}

/** Floats in one example. */
export const width = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Checks sizes, labels and that every number is finite.
 * @throws NodeError `learning`, naming the row that is wrong.
 */
export function checkDataset(data: Dataset): Dataset {
  const { count, shape, inputs, labels, classes } = data;
  const w = width(shape);
  if (inputs.length !== count * w || labels.length !== count)
    throw new NodeError(
      'learning',
      `dataset: ${inputs.length} inputs and ${labels.length} labels for ${count} examples of shape ` +
        `[${shape}], ` +
        `but ${count * w} and ${count} are expected`,
    );
  const bad = inputs.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new NodeError(
      'learning',
      `dataset: input ${bad % w} of row ${Math.floor(bad / w)} is ${inputs[bad]}, but every input must ` +
        'be finite',
    );
  const wrong = labels.findIndex((y) => y >= classes);
  if (wrong >= 0)
    throw new NodeError(
      'learning',
      `dataset: the label of row ${wrong} is ${labels[wrong]}, but must be below ${classes}`,
    );
  return data;
}

/** The rows named by `indices`, in that order (copied). */
export function take(data: Dataset, indices: ArrayLike<number>): Dataset {
  const w = width(data.shape);
  const inputs = new Float32Array(indices.length * w);
  const labels = new Uint16Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    if (!(row < data.count)) throw new RangeError(`take: row ${row} of ${data.count}`);
    inputs.set(data.inputs.subarray(row * w, (row + 1) * w), i * w);
    labels[i] = data.labels[row]!;
  }
  return { ...data, count: indices.length, inputs, labels };
}

/** Rows `from` to `to`, shared with the original, not copied. */
export function slice(data: Dataset, from: number, to: number): Dataset {
  const w = width(data.shape);
  return {
    ...data,
    count: to - from,
    inputs: data.inputs.subarray(from * w, to * w),
    labels: data.labels.subarray(from, to),
  };
}

/** Several tables of one shape, one after the other. */
export function concat(parts: readonly Dataset[]): Dataset {
  const first = parts[0];
  if (!first) throw new RangeError('concat: no dataset given; give at least one');
  for (const part of parts)
    if (`${part.shape}` !== `${first.shape}` || part.classes !== first.classes)
      throw new RangeError(`concat: shapes [${first.shape}] and [${part.shape}] or their classes differ`);
  const out: Dataset = {
    ...first,
    count: parts.reduce((n, part) => n + part.count, 0),
    inputs: new Float32Array(parts.reduce((n, part) => n + part.inputs.length, 0)),
    labels: new Uint16Array(parts.reduce((n, part) => n + part.count, 0)),
  };
  let row = 0;
  for (const part of parts) {
    out.inputs.set(part.inputs, row * width(first.shape));
    out.labels.set(part.labels, row);
    row += part.count;
  }
  return out;
}
