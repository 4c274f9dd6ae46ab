// The world of four hospitals: real patients of Cleveland, Budapest, Zurich and Long Beach (examples/clinics). Zurich
// is the minority: nearly all of its patients are ill. A fifth seat is the adversary's; what it has of data is
// Cleveland's.
import { readFileSync } from 'node:fs';
import {
  concat,
  csvSpec,
  type Dataset,
  parseCsv,
  permutation,
  seeded,
  tableData,
  take,
  taskDescription,
} from '../../node/learn/index.ts';
import { cutRows, dealRows, statisticsOf } from '../../node/scenarios/index.ts';
import type { SimulationOptions, World } from '../../node/simulate/index.ts';

const hospitals = ['cleveland', 'hungarian', 'switzerland', 'va'] as const;
const folder = new URL('../../examples/clinics/', import.meta.url);

/** Parts of each hospital's patients, by class: what is tested on, what validators hold out; the rest trains. */
const parts = { test: 0.25, holdout: 0.15 };

/** How the validators' hold-outs come about: dealt from all hospitals, or from one hospital each. */
export type HoldOuts = 'mixed' | 'own';

/**
 * The example's columns, and a small network in place of its regression, which has too few parameters to compress; local training is
 * short, so that the model is not learnt in the first round.
 */
function taskOf({ rounds, selector }: SimulationOptions) {
  const task = JSON.parse(readFileSync(new URL('task.json', folder), 'utf8')) as {
    model: { input: [number] };
    compression: object;
    training: object;
  };
  return taskDescription.parse({
    ...task,
    preset: 'quick',
    rounds,
    model: {
      input: task.model.input,
      layers: [
        { type: 'dense', units: 16, activation: 'relu' },
        { type: 'dense', units: 2, activation: 'linear' },
      ],
      loss: 'categorical',
    },
    training: { ...task.training, steps: 20, rate: 0.05 },
    compression: { ...task.compression, selector, normBound: 992 * 60 ** 2 },
  });
}

/** The hospitals' world. */
export function clinicsWorld(options: SimulationOptions, holdOuts: HoldOuts = 'mixed'): World {
  const { seed, validators } = options;
  const task = taskOf(options);
  const spec = csvSpec.parse(task.data);
  const own = hospitals.map((name) => {
    const bytes = readFileSync(new URL(`data/${name}.csv`, folder));
    return tableData(parseCsv(bytes, { maxRows: 1e6, maxBytes: 1e9, maxColumns: 100 }), spec);
  });
  const statistics = statisticsOf(own, spec);
  const cut = own.map((one, h) => split(one.dataset(statistics), `${seed}/${h}`));
  const held = cut.map(({ holdout }) => holdout);
  const share = (v: number) => Math.ceil((validators - v) / hospitals.length);
  return {
    task,
    kinds: [...hospitals, 'Cleveland again'],
    trainers: [...cut, cut[0]!].map(({ train }) => train),
    validators:
      holdOuts === 'mixed'
        ? dealRows(concat(held), validators, `${seed}/all`)
        : held.flatMap((data, h) => dealRows(data, share(h), `${seed}/${h}`)),
    minority: 2,
    adversarySeat: 4,
    test: concat(cut.map(({ test }) => test)),
    testMinority: cut[2]!.test,
  };
}

function split(data: Dataset, seed: string) {
  const found = cutRows(data.labels, permutation(data.count, seeded(seed, 'patients')), parts);
  return { train: take(data, found.train), holdout: take(data, found.holdout), test: take(data, found.test) };
}
