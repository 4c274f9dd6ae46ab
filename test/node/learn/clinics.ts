// Hospitals' files for tests: rows that look clinical, made from a seed, of populations that differ from
// house to house; and the real ones of four clinics, which examples/clinics carries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv, seeded, tableData, taskDescription } from '../../../node/learn/index.ts';
import { root } from '../../suites/suite.ts';

/** A population: how much older and iller than the others, and how often a laboratory value is missing. */
export interface Clinic {
  shift: number;
  rows: number;
  missing: number;
}

const pains = ['none', 'typical', 'atypical'] as const;

/** A file with a header, CRLF line ends, a quoted field and a byte order mark, as spreadsheets write them. */
export function clinicCsv(name: string, { shift, rows, missing }: Clinic): string {
  const random = seeded(7, name);
  const share = () => random.below(1_000_000) / 1_000_000;
  const lines = Array.from({ length: rows }, () => {
    const age = Math.round(55 + shift + 9 * random.normal());
    const sex = share() < 0.6 ? 'm' : 'f';
    const pressure = Math.round(130 + shift + 15 * random.normal());
    const chol = Math.round(230 + 40 * random.normal());
    const pain = pains[random.below(3)]!;
    const risk =
      (age - 55) / 9 +
      (sex === 'm' ? 0.8 : -0.8) +
      (pressure - 130) / 20 +
      (pain === 'typical' ? 1.5 : pain === 'none' ? -1 : 0);
    const ill = share() < 1 / (1 + Math.exp(-1.5 * risk)) ? 'yes' : 'no';
    return [age, sex, pressure, share() < missing ? '?' : chol, `"${pain}"`, ill].join(',');
  });
  return `\uFEFF${['age,sex,pressure,chol,"chest pain",disease', ...lines].join('\r\n')}\r\n`;
}

/**
 * The task on such files, of 134 parameters. Means and deviations of the laboratory values are left to the
 * federation.
 */
export const clinicTask = (rounds: number) => ({
  name: 'heart disease at three hospitals',
  preset: 'tiny',
  rounds,
  model: {
    input: [8],
    layers: [
      { type: 'dense', units: 12, activation: 'relu' },
      { type: 'dense', units: 2, activation: 'linear' },
    ],
    loss: 'categorical',
  },
  data: {
    kind: 'csv',
    columns: [
      { type: 'numeric', name: 'age', range: [0, 120] },
      { type: 'categorical', name: 'sex', values: ['m', 'f'] },
      { type: 'numeric', name: 'pressure', range: [50, 250] },
      { type: 'numeric', name: 'chol', range: [50, 700], absent: ['?'], missing: 'mean' },
      { type: 'categorical', name: 'chest pain', values: [...pains] },
    ],
    target: { name: 'disease', classes: [['no'], ['yes']] },
  },
  training: { steps: 40, batch: 32, rate: 0.2 },
  compression: { selector: 'probe', chunks: 1, density: 0.7, normBound: 96 * 60 ** 2 },
  aggregation: { eta: 1, scale: Math.round(0.003 * 2 ** 48), targetRms: 30 },
});

/** Some rows of that task, alike but for their ages, with what a trainer brings of them. */
export function clinicRows(ages: readonly number[]) {
  const { data } = taskDescription.parse(clinicTask(1));
  if (data.kind !== 'csv') throw new Error('a table was expected');
  const lines = ages.map((age) => `${age},m,120,200,none,no`);
  const text = ['age,sex,pressure,chol,chest pain,disease', ...lines].join('\n');
  const limits = { maxRows: 100, maxBytes: 10_000, maxColumns: 10 };
  return tableData(parseCsv(new TextEncoder().encode(text), limits), data);
}

const example = join(root, 'examples/clinics');
/** The heart disease files of four clinics (Janosi et al. 1988), one CSV file each. */
export const clinics = join(example, 'data');
/** How their columns are read. */
export const heartData: unknown = JSON.parse(readFileSync(join(example, 'task.json'), 'utf8')).data;
