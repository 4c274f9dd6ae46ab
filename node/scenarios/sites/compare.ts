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

/** Models that are the same for everybody's rows: what one lender alone, all together, and nobody can have. */
export async function plainLogits(
  { task, model, statistics, seed }: FederatedModel,
  sites: readonly SiteRows[],
): Promise<PlainLogits> {
  await startBackend('wasm');
  const network = new Network(task.model);
  const joined = (parts: readonly Float64Array[]) => Float64Array.from(parts.flatMap((part) => [...part]));
  const tests = sites.map(({ test }) => test.dataset(statistics));
  const federated = joined(tests.map((data) => classLogits(network, model, data)));
  network.dispose();
  const pooled = pooledWeightsOf(
    sites.map(({ train }) => train.dataset(statistics)),
    seed,
  );
  const own = sites.map((site) => ownModel(site, seed));
  return {
    single: own.map((logits) => joined(sites.map(logits))),
    federated,
    pooled: joined(tests.map((data) => linear(pooled, data))),
  };
}

/** Compares the models that sites can have. */
export async function compareModels(
  { task, model, statistics, seed }: FederatedModel,
  sites: readonly SiteRows[],
): Promise<Compared> {
  await startBackend('wasm');
  const network = new Network(task.model);
  const scaled = (part: 'train' | 'holdout' | 'test') => sites.map((site) => site[part].dataset(statistics));
  const [trains, holdouts, tests] = [scaled('train'), scaled('holdout'), scaled('test')];
  const logitsOf = (data: Dataset): Float64Array => classLogits(network, model, data);
  const scored = (data: Dataset): Scored => ({ data, logits: logitsOf(data) });
  const federated = tests.map(logitsOf);
  const adapted = trains.map((data, i) => {
    const holdout = holdouts[i]!;
    // A share is not chosen on a handful of rows: it stays a half then.
    const aside = holdout.count < fewestRows ? undefined : scored(holdout);
    return fitAdaptation(scored(data), { blend: true, seed, aside }).adaptation;
  });
  network.dispose();
  const withIt = (of: (adaptation: Adaptation) => Adaptation) =>
    tests.map((data, i) => {
      const adaptation = of(adapted[i]!);
      const { own } = adaptation;
      return federated[i]!.map((logit, row) =>
        adaptedLogit(adaptation, logit, own ? linearLogit(own.weights, data.inputs, row) : 0),
      );
    });
  const pooledWeights = pooledWeightsOf(trains, seed);
  const pooledLogits = (data: Dataset) => linear(pooledWeights, data);
  const pooled = tests.map(pooledLogits);
  const pooledBias = trains.map(
    (data) => fitAdaptation({ data, logits: pooledLogits(data) }, { blend: false, seed }).adaptation.bias,
  );
  const own = sites.map((site) => ownModel(site, seed));
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
      own: score(sites.map((site, i) => own[i]!(site))),
      federated: score(federated),
      bias: score(withIt(({ bias }) => ({ bias }))),
      half: score(withIt(({ bias, own }) => ({ bias, own: { ...own!, share: 0.5 } }))),
      blend: score(withIt((adaptation) => adaptation)),
      pooled: score(pooled),
      pooledBias: score(pooled.map((of, i) => of.map((logit) => logit + pooledBias[i]!))),
    },
    single: own.map((logits) => score(sites.map(logits)).at(-1)!),
    shares: adapted.map(({ own }) => own!.share),
    biases: adapted.map(({ bias }) => bias),
  };
}

const pooledWeightsOf = (trains: readonly Dataset[], seed: number): Float64Array =>
  fitted(concat(trains), `${seed}/pooled`);

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
