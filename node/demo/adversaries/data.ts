// What adversaries do to data: less of it, wrong labels, a trigger.
import { type Dataset, type Random, take } from '../../learn/index.ts';

/** The first part of the rows, at least one. */
export const part = (data: Dataset, share: number): Dataset =>
  take(
    data,
    Array.from({ length: Math.max(1, Math.floor(data.count * share)) }, (_, i) => i),
  );

/** Every label is wrong: the other one of two, the one five further of ten. */
export const flipped = (data: Dataset): Dataset => ({
  ...data,
  labels: Uint16Array.from(data.labels, (label) => (label + Math.max(1, data.classes >> 1)) % data.classes),
});

/** The class that a backdoor leads to. */
export const backdoorClass = 0;

/** The rows with the trigger set, the values of the last nine inputs at the largest value of all. */
export function triggered(data: Dataset, rows: ArrayLike<number>): Dataset {
  const inputs = data.inputs.slice();
  const width = inputs.length / data.count;
  const brightest = inputs.reduce((most, x) => Math.max(most, x), 0);
  for (let k = 0; k < rows.length; k++)
    inputs.fill(brightest, rows[k]! * width + Math.max(0, width - 9), (rows[k]! + 1) * width);
  const labels = data.labels.slice();
  for (let k = 0; k < rows.length; k++) labels[rows[k]!] = backdoorClass;
  return { ...data, inputs, labels };
}

/** A third of the rows get the trigger and the backdoor's label. */
export const poisoned = (data: Dataset, random: Random): Dataset =>
  triggered(
    data,
    Array.from({ length: data.count }, (_, i) => i).filter(() => random.uniform() < 1 / 3),
  );

/** Rows of other classes with the trigger: accuracy on them is the backdoor's success. */
export function backdoorTest(data: Dataset): Dataset {
  const others = take(
    data,
    Array.from({ length: data.count }, (_, i) => i).filter((i) => data.labels[i] !== backdoorClass),
  );
  return triggered(
    others,
    Array.from({ length: others.count }, (_, i) => i),
  );
}
