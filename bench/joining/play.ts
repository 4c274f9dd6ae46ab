// Plays a split: the federation by the product's own simulation, then what each site makes of the model, and what it
// and all of them pooled reach without it.
import {
  type Adaptation,
  adaptedLogit,
  chanceOf,
  classLogits,
  concat,
  type Dataset,
  evaluatePredictions,
  fewestRows,
  fitAdaptation,
  fitTuned,
  linearLogit,
  Network,
  type OwnData,
  type Scored,
  type Statistics,
  startBackend,
} from '../../node/learn/index.ts';
import { simulate } from '../../node/simulate/index.ts';
import { keptResult, playMissing } from '../kept_runs.ts';
import { nameOf, type Run } from './plan.ts';
import { type Site, splitOf } from './world.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/joining';

/** How well a model does on test rows. */
export interface Score {
  readonly logLoss: number;
  /** Undefined where the rows are of one class. */
  readonly auc?: number;
  readonly accuracy: number;
  readonly calibration: number;
}

/** The models of a split. */
export const models = ['own', 'federated', 'bias', 'half', 'blend', 'pooled', 'pooledBias'] as const;
/** One of {@link models}. */
export type ModelName = (typeof models)[number];

/** A split's result. */
export interface Result {
  readonly sites: readonly string[];
  /** Each site's rows that train. */
  readonly rows: readonly number[];
  readonly weights: readonly number[];
  /** Of each model, on each site's test rows, then on all of them. */
  readonly scores: Readonly<Record<ModelName, readonly Score[]>>;
  /** Of each single site's tuned model, on all sites' test rows. */
  readonly single: readonly Score[];
  /** What `model adapt --blend` chose at each site. */
  readonly shares: readonly number[];
  readonly biases: readonly number[];
  /** Of each site: rounds in which it was struck, and the levels that stood at the end. */
  readonly struck: readonly number[];
  readonly levels: readonly number[];
  /** Rounds that were accepted. */
  readonly accepted: number;
}

/** A kept run; undefined where it was not played yet. */
export const kept = (folder: string, run: Run): Result | undefined => keptResult({ folder, nameOf }, run);

/** Plays what is missing of `runs`, one after the other. */
export const playAll = (folder: string, runs: readonly Run[], say: (line: string) => void): Promise<void> =>
  playMissing({ folder, nameOf, play }, runs, say);

const validators = 6;

/** Plays one run. */
export async function play({ federation, seed, weights }: Run): Promise<Result> {
  const split = splitOf(federation, { seed, validators, equal: weights === 'equal' });
  const { sites, world, statistics } = split;
  const { task } = world;
  const { model, rounds } = await simulate(
    { seed, validators, rounds: task.rounds, selector: task.compression.selector },
    { worldOf: () => world },
  );
  await startBackend('wasm');
  const network = new Network(task.model);
  const trains = world.trainers;
  const tests = sites.map(({ test }) => test.dataset(statistics));
  const holdouts = sites.map(({ holdout }) => holdout.dataset(statistics));
  const federated = tests.map(logitsOf);
  function logitsOf(data: Dataset): Float64Array {
    return classLogits(network, model, data);
  }
  const scored = (data: Dataset): Scored => ({ data, logits: logitsOf(data) });
  const adapted = trains.map((data, i) => {
    const holdout = holdouts[i]!;
    // A share is not chosen on a handful of rows: it stays a half then.
    const aside = holdout.count < fewestRows ? undefined : scored(holdout);
    return fitAdaptation(scored(data), { blend: true, seed, aside });
  });
  network.dispose();
  const withIt = (of: (adaptation: Adaptation) => Adaptation) =>
    tests.map((data, i) => {
      const adaptation = of(adapted[i]!.adaptation);
      const { own } = adaptation;
      return federated[i]!.map((logit, row) =>
        adaptedLogit(adaptation, logit, own ? linearLogit(own.weights, data.inputs, row) : 0),
      );
    });
  const pool = concat(trains);
  const pooledWeights = fitted(pool, `${seed}/pooled`);
  const pooled = { train: trains.map(pooledLogits), test: tests.map(pooledLogits) };
  function pooledLogits(data: Dataset): Float64Array {
    return linear(pooledWeights, data);
  }
  const pooledBias = trains.map(
    (data, i) => fitAdaptation({ data, logits: pooled.train[i]! }, { blend: false, seed }).adaptation.bias,
  );
  const own = sites.map(({ name, train }) => {
    const scale = scaleOf(train);
    const weights = fitted(train.dataset(scale), `${seed}/${name}`);
    return { scale, weights };
  });
  const ownOn = (i: number, { test }: Site) => linear(own[i]!.weights, test.dataset(own[i]!.scale));
  const labels = tests.map((data) => data.labels);
  const score = (logits: readonly Float64Array[]) => [
    ...logits.map((of, i) => scoreOf(of, labels[i]!)),
    scoreOf(
      logits.flatMap((of) => [...of]),
      labels.flatMap((of) => [...of]),
    ),
  ];
  const last = rounds.at(-1)!;
  return {
    sites: sites.map(({ name }) => name),
    rows: trains.map(({ count }) => count),
    weights: world.weights!,
    scores: {
      own: score(sites.map((site, i) => ownOn(i, site))),
      federated: score(federated),
      bias: score(withIt(({ bias }) => ({ bias }))),
      half: score(withIt(({ bias, own }) => ({ bias, own: { ...own!, share: 0.5 } }))),
      blend: score(withIt((adaptation) => adaptation)),
      pooled: score(pooled.test),
      pooledBias: score(pooled.test.map((of, i) => of.map((logit) => logit + pooledBias[i]!))),
    },
    single: sites.map((_, i) => score(sites.map((site) => ownOn(i, site))).at(-1)!),
    shares: adapted.map(({ adaptation }) => adaptation.own!.share),
    biases: adapted.map(({ adaptation }) => adaptation.bias),
    struck: sites.map((_, i) => rounds.filter(({ trainers }) => trainers[i]!.struck).length),
    levels: last.trainers.map(({ level }) => level),
    accepted: rounds.filter(({ accepted }) => accepted).length,
  };
}

const fitted = ({ inputs, shape, labels, count }: Dataset, seed: string): Float64Array =>
  fitTuned(
    { inputs, width: shape[0]!, labels },
    Array.from({ length: count }, (_, row) => row),
    seed,
  );

const linear = (weights: Float64Array, data: Dataset): Float64Array =>
  Float64Array.from({ length: data.count }, (_, row) => linearLogit(weights, data.inputs, row));

/** A site's own scale, which it has without anybody. A column that it never fills is an input of zeros. */
function scaleOf({ examined }: OwnData): Statistics {
  const { columns, usable } = examined!;
  return Object.fromEntries(
    columns.flatMap(({ spec, cells }) => {
      if (spec.type !== 'numeric') return [];
      const values = usable.map((row) => cells[row]!).filter((value) => !Number.isNaN(value));
      const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length);
      return [[spec.name, { mean, deviation: Math.sqrt(variance) || 1 }]];
    }),
  );
}

function scoreOf(logits: ArrayLike<number>, labels: ArrayLike<number>): Score {
  const chances = Array.from(logits, chanceOf);
  const { logLoss, auc, accuracy, calibration } = evaluatePredictions(
    chances.flatMap((p) => [1 - p, p]),
    labels,
    2,
  );
  const both = new Set(Array.from(labels)).size === 2;
  return { logLoss, ...(both && { auc }), accuracy, calibration };
}
