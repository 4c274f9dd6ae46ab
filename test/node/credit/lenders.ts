// The loans of examples/lenders and a score that was fitted to some of them: real rows for the tests of credit scores.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CreditSchema,
  type ScoredRows,
  schemaOf,
  scoredRowsOf,
  type TrainedScore,
} from '../../../node/credit/index.ts';
import {
  type CsvSpec,
  type Examined,
  encodeExamined,
  examine,
  fitTuned,
  parseCsv,
  type Statistics,
  type TaskDescription,
  taskDescription,
} from '../../../node/learn/index.ts';
import { root } from '../../suites/suite.ts';

const limits = { maxRows: 1000, maxBytes: 1_000_000, maxColumns: 100 };
const folder = join(root, 'examples/lenders');

/** The task of the example. */
export const description: TaskDescription = taskDescription.parse(
  JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')),
);
export const data = description.data as CsvSpec;

/** Why the number of dependants may decide: the example's answer. */
export const dependants = 'what a household needs each month; the law of this example allows it';

export const schema: CreditSchema = schemaOf({
  name: 'german credit',
  shape: 'logistic',
  data,
  protectedBy: { dependants },
});

/** A lender's loans. */
export function loans(file: 'cars' | 'goods' | 'rest'): Examined {
  return examine(parseCsv(readFileSync(join(folder, `data/${file}.csv`)), limits), data, { labelled: true });
}

/** What a lender's loans are scaled by. */
export function statisticsOf({ columns, usable }: Examined): Statistics {
  const numeric = columns.filter(({ spec }) => spec.type === 'numeric');
  return Object.fromEntries(
    numeric.map(({ spec, cells }) => {
      const values = usable.map((row) => cells[row]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return [spec.name, { mean, deviation: Math.sqrt(variance) }];
    }),
  );
}

/** A score fitted to a lender's loans. */
export function trained(examined: Examined): TrainedScore {
  const statistics = statisticsOf(examined);
  const rows = encodeExamined(examined, statistics);
  const all = Array.from({ length: rows.count }, (_, row) => row);
  return {
    description,
    statistics,
    parameters: Float32Array.from(fitTuned({ ...rows, width: 64 }, all, 'lenders')),
  };
}

/** Loans as features in [0, 1], and which came to default. */
export const scoredRows = (examined: Examined): ScoredRows => scoredRowsOf(examined, { schema, bad: 1 });
