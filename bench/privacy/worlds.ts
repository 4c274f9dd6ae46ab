// Whose rows are attacked: the demonstration's digits, and the patients of four hospitals.
import { dealDigits, demoTask } from '../../node/demo/index.ts';
import { concat, csvSpec, type Dataset, slice, type TaskDescription } from '../../node/learn/index.ts';
import { simulationOptions } from '../../node/simulate/index.ts';
import { clinicsWorld } from '../incentives/clinics.ts';
import type { Prior } from './invert.ts';
import type { Measure } from './recovery.ts';

/** Names of the worlds. */
export const worldNames = ['digits', 'clinics'] as const;
/** One of {@link worldNames}. */
export type WorldName = (typeof worldNames)[number];

/** Rows, and what is known of such rows to anybody. */
export interface AttackedWorld {
  readonly task: TaskDescription;
  /** One a member. */
  readonly trainers: readonly Dataset[];
  /** Rows of the same kind that are nobody's secret: what an attacker has without an attack. */
  readonly known: Dataset;
  readonly prior: Prior;
  readonly measure: Measure;
  /** Guesses of whoever knows nothing but the classes: their means, or the mean of all. */
  readonly guesses: readonly Float64Array[];
}

/** Row `r` of a table. */
export const rowOf = ({ inputs, shape }: Dataset, r: number): Float32Array => {
  const width = shape.reduce((a, b) => a * b, 1);
  return inputs.subarray(r * width, (r + 1) * width);
};

/** A world, dealt by the seed. */
export async function openWorld(name: WorldName, seed: number): Promise<AttackedWorld> {
  return name === 'digits' ? digitsWorld(seed) : hospitalsWorld(seed);
}

async function digitsWorld(seed: number): Promise<AttackedWorld> {
  const plan = { seed, trainers: Array<'plain'>(5).fill('plain'), validators: 1, mirroredShare: 0 };
  const { trainers, test } = await dealDigits({ ...plan, side: 28 });
  const rows = Array.from({ length: test.count }, (_, r) => r);
  const means = Array.from({ length: test.classes }, (_, label) =>
    meanOf(
      test,
      rows.filter((r) => test.labels[r] === label),
    ),
  );
  return {
    task: demoTask({ preset: 'quick' }),
    trainers,
    known: test,
    prior: { row: meanOf(test, rows), bounds: [0, 1] },
    measure: { units: new Float64Array(784).fill(1), within: 0.1, of: 'mean' },
    guesses: means,
  };
}

/** Five seats of four hospitals: Cleveland has two, of halves of its patients. */
function hospitalsWorld(seed: number): AttackedWorld {
  const { task, trainers, test } = clinicsWorld(hospitalOptions(seed));
  const [cleveland, ...others] = trainers.slice(0, 4) as [Dataset, ...Dataset[]];
  const half = cleveland.count >> 1;
  const all = concat([...trainers.slice(0, 4), test]);
  const rows = Array.from({ length: all.count }, (_, r) => r);
  const mean = meanOf(all, rows);
  const units = mean.map((m, j) =>
    Math.sqrt(rows.reduce((sum, r) => sum + (rowOf(all, r)[j]! - m) ** 2, 0) / rows.length),
  );
  return {
    task,
    trainers: [slice(cleveland, 0, half), ...others, slice(cleveland, half, cleveland.count)],
    known: test,
    prior: { row: mean, bounds: [-4, 4] },
    measure: { units, within: 0.1, of: 'each' },
    guesses: [mean],
  };
}

/** The hospitals' numeric columns, each by its place among a row's inputs; a categorical column has several. */
export function clinicColumns(): { readonly name: string; readonly at: number }[] {
  const { task } = clinicsWorld(hospitalOptions(1));
  let at = 0;
  return csvSpec.parse(task.data).columns.flatMap((column) => {
    const own = at;
    at += column.type === 'numeric' ? 1 : column.values.length + (column.missing === 'category' ? 1 : 0);
    return column.type === 'numeric' ? [{ name: column.name, at: own }] : [];
  });
}

const hospitalOptions = (seed: number) => simulationOptions.parse({ seed, rounds: 10, validators: 6 });

function meanOf(data: Dataset, rows: readonly number[]): Float64Array {
  const out = new Float64Array(rowOf(data, 0).length);
  for (const r of rows)
    rowOf(data, r).forEach((x, j) => {
      out[j]! += x / rows.length;
    });
  return out;
}
