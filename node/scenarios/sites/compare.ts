// Whether joining pays: the federation's model beside the best that each site fits alone, what `model adapt` makes of it
// there, and one model of all sites' rows, on rows that nobody has learnt from.
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
  type TaskDescription,
} from '../../learn/index.ts';
import type { ModelName, ModelScore } from '../../report/index.ts';

/** A site's rows, by what they are for. */
export interface SiteRows {
  /** Of its rows; decides the folds of its own model. */
  readonly file: string;
  readonly name: string;
  readonly train: OwnData;
  readonly holdout: OwnData;
  readonly test: OwnData;
}

/** The models of all sites' federation, on test rows. */
export interface Compared {
  /** Of each model, on each site's test rows, then on all of them. */
  readonly scores: Readonly<Record<ModelName, readonly ModelScore[]>>;
  /** Of each single site's tuned model, on all sites' test rows. */
  readonly single: readonly ModelScore[];
  /** The own model's share that `model adapt --blend` chose at each site, and the bias. */
  readonly shares: readonly number[];
  readonly biases: readonly number[];
}

/** A model of a federation. */
export interface FederatedModel {
  readonly task: Pick<TaskDescription, 'model'>;
  readonly model: Float32Array;
  /** The federation's. */
  readonly statistics: Statistics;
  /** Of folds and fits. */
  readonly seed: number;
}

/** Logits of models without anything of a site's own, on all sites' test rows in their order. */
export interface PlainLogits {
  /** Of each site's own tuned model. */
  readonly single: readonly Float64Array[];
  readonly federated: Float64Array;
  readonly pooled: Float64Array;
}

/** Models that nothing was fitted to at one site alone after the federation, and all rows on the federation's scale. */
interface Plain {
  readonly trains: readonly Dataset[];
  readonly holdouts: readonly Dataset[];
  readonly tests: readonly Dataset[];
  readonly federated: (data: Dataset) => Float64Array;
  readonly pooled: (data: Dataset) => Float64Array;
  /** Each site's own tuned model, on a site's test rows. */
  readonly own: readonly ((site: SiteRows) => Float64Array)[];
}

/** Fits them, for as long as `use` takes. */
async function withPlain<T>(
  { task, model, statistics, seed }: FederatedModel,
  sites: readonly SiteRows[],
  use: (plain: Plain) => T,
): Promise<T> {
  await startBackend('wasm');
  const network = new Network(task.model);
  try {
    const scaled = (part: 'train' | 'holdout' | 'test') =>
      sites.map((site) => site[part].dataset(statistics));
    const trains = scaled('train');
    const weights = fitted(concat(trains), `${seed}/pooled`);
    return use({
      trains,
      holdouts: scaled('holdout'),
      tests: scaled('test'),
      federated: (data) => classLogits(network, model, data),
      pooled: (data) => linear(weights, data),
      own: sites.map((site) => ownModel(site, seed)),
    });
  } finally {
    network.dispose();
  }
}

/** Models that are the same for everybody's rows: what one lender alone, all together, and nobody can have. */
export const plainLogits = (of: FederatedModel, sites: readonly SiteRows[]): Promise<PlainLogits> =>
  withPlain(of, sites, ({ tests, federated, pooled, own }) => {
    const joined = (parts: readonly Float64Array[]) => Float64Array.from(parts.flatMap((part) => [...part]));
    return {
      single: own.map((logits) => joined(sites.map(logits))),
      federated: joined(tests.map(federated)),
      pooled: joined(tests.map(pooled)),
    };
  });

/** Compares the models that sites can have. */
export const compareModels = (of: FederatedModel, sites: readonly SiteRows[]): Promise<Compared> =>
  withPlain(of, sites, (plain) => compare(plain, of.seed, sites));

function compare(
  { trains, holdouts, tests, ...models }: Plain,
  seed: number,
  sites: readonly SiteRows[],
): Compared {
  const scored = (data: Dataset): Scored => ({ data, logits: models.federated(data) });
  const federated = tests.map(models.federated);
  const adapted = trains.map((data, i) => {
    const holdout = holdouts[i]!;
    // A share is not chosen on a handful of rows: it stays a half then.
    const aside = holdout.count < fewestRows ? undefined : scored(holdout);
    return fitAdaptation(scored(data), { blend: true, seed, aside }).adaptation;
  });
  const withIt = (of: (adaptation: Adaptation) => Adaptation) =>
    tests.map((data, i) => {
      const adaptation = of(adapted[i]!);
      const { own } = adaptation;
      return federated[i]!.map((logit, row) =>
        adaptedLogit(adaptation, logit, own ? linearLogit(own.weights, data.inputs, row) : 0),
      );
    });
  const pooled = tests.map(models.pooled);
  const pooledBias = trains.map(
    (data) => fitAdaptation({ data, logits: models.pooled(data) }, { blend: false, seed }).adaptation.bias,
  );
  const labels = tests.map((data) => data.labels);
  const score = (logits: readonly Float64Array[]) => [
    ...logits.map((of, i) => scoreOf(of, labels[i]!)),
    scoreOf(
      logits.flatMap((of) => [...of]),
      labels.flatMap((of) => [...of]),
    ),
  ];
  return {
    scores: {
      own: score(sites.map((site, i) => models.own[i]!(site))),
      federated: score(federated),
      bias: score(withIt(({ bias }) => ({ bias }))),
      half: score(withIt(({ bias, own }) => ({ bias, own: { ...own!, share: 0.5 } }))),
      blend: score(withIt((adaptation) => adaptation)),
      pooled: score(pooled),
      pooledBias: score(pooled.map((of, i) => of.map((logit) => logit + pooledBias[i]!))),
    },
    single: models.own.map((logits) => score(sites.map(logits)).at(-1)!),
    shares: adapted.map(({ own }) => own!.share),
    biases: adapted.map(({ bias }) => bias),
  };
}

/** A site's own tuned model: logits of a site's test rows. */
function ownModel({ file, train }: SiteRows, seed: number): (site: SiteRows) => Float64Array {
  const scale = ownScale(train);
  const weights = fitted(train.dataset(scale), `${seed}/${file}`);
  return ({ test }) => linear(weights, test.dataset(scale));
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
function ownScale({ examined }: OwnData): Statistics {
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

function scoreOf(logits: ArrayLike<number>, labels: ArrayLike<number>): ModelScore {
  const chances = Array.from(logits, chanceOf);
  const { logLoss, auc, accuracy, calibration } = evaluatePredictions(
    chances.flatMap((p) => [1 - p, p]),
    labels,
    2,
  );
  const both = new Set(Array.from(labels)).size === 2;
  return { logLoss, ...(both && { auc }), accuracy, calibration };
}
