// Fits a site's adaptation to its own rows, and says what it gains there by cross-fitting: each row is judged by what
// was fitted to the others.
import { NodeError } from '../../errors.ts';
import { type Dataset, width } from '../data/dataset.ts';
import { type Evaluation, evaluatePredictions } from '../evaluate.ts';
import type { Network } from '../network.ts';
import { seeded } from '../random.ts';
import { type Adaptation, adaptedLogit, classLogits } from './adaptation.ts';
import { chanceOf, fitLogistic, linearLogit, logLossOf } from './logistic.ts';
import { firstNearBest, fitTuned, foldsOf, partsOf } from './tuned.ts';

/** Fewest rows, and fewest of either class, that a bias is fitted to: with fewer its interval says nothing. */
export const fewestRows = 20;
export const fewestOfClass = 2;
/** Most inputs of a model of a site's own: fitting it takes their square for each row, and their cube for each step. */
export const mostOwnInputs = 512;

/** What a bias `b` costs is `b^2 / 8`: as if one knew that it rarely lies beyond -4 or 4. */
const biasPenalty = 0.25;

/**
 * The own model's parts of the logit that are tried. Half comes first: log loss is convex, so that at half at most half
 * of what a worse model loses arrives.
 */
const shares = [0.5, 0.25, 0.75, 0, 1] as const;
/** Another share is taken where it is better than half by more standard errors than this. */
const surely = 1;

/** Draws of rows with replacement for an interval (Efron's percentile bootstrap). */
const draws = 1000;

/** A figure and where 95 % of the draws of rows lie. */
export interface Figure {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

/** How well a model does on rows, figure by figure; `shift` is the mean probability less the share of the class. */
export type Quality = Readonly<Record<'logLoss' | 'auc' | 'calibration' | 'shift' | 'accuracy', Figure>>;

/** What was fitted and what it gains. */
export interface Adapted {
  readonly adaptation: Adaptation;
  readonly rows: number;
  /** Of the second class. */
  readonly positives: number;
  /** On rows set aside: the model as it came, with its bias, and where asked for the own model and the blend. */
  readonly quality: Readonly<Record<'before' | 'bias', Quality>> &
    Readonly<Partial<Record<'own' | 'blend', Quality>>>;
  /** What was written less what came, row by row on the same draws: below 0 is better, of `auc` above. */
  readonly gain: Quality;
}

/** What an adaptation is fitted to. */
export interface AdaptationTask {
  readonly data: Dataset;
  /** Whether with a model of the site's own, fitted here to the same rows and inputs. */
  readonly blend: boolean;
  /** Deals rows to parts. */
  readonly seed: number;
}

/**
 * Fits a model's adaptation, and judges it on rows set aside.
 * @throws NodeError `learning` for several classes, too few rows, or an own model of too many inputs.
 */
export function adapt(network: Network, model: Float32Array, task: AdaptationTask): Adapted {
  const { data, seed } = task;
  const { adaptation, aside } = fitAdaptation(classLogits(network, model, data), task);
  return {
    adaptation,
    rows: data.count,
    positives: countPositives(data.labels),
    ...judge(aside, data.labels, seed),
  };
}

/** Logits of rows, each by what was fitted without it. */
type Aside = Readonly<Record<'before' | 'bias', readonly number[]>> &
  Partial<Readonly<Record<'own' | 'blend', readonly number[]>>>;

/**
 * The adaptation of a model whose logits are known.
 * @param federated the model's of the second class, row by row.
 * @throws NodeError as {@link adapt} does.
 */
export function fitAdaptation(
  federated: Float64Array,
  { data, blend, seed }: AdaptationTask,
): { readonly adaptation: Adaptation; readonly aside: Aside } {
  const { labels } = data;
  check(data, blend);
  const rows = Array.from({ length: data.count }, (_, row) => row);
  const biasOf = (of: readonly number[]) =>
    fitLogistic({ inputs: [], width: 0, labels, offset: federated }, of, {
      weights: 0,
      bias: biasPenalty,
    })[0]!;
  const table = { inputs: data.inputs, width: width(data.shape), labels };
  const ownOf = (of: readonly number[], name: string) => fitTuned(table, of, `${seed}/${name}`);

  const parts = partsOf(rows, foldsOf(labels, `${seed}`));
  const bias = new Float64Array(data.count);
  const own = new Float64Array(data.count);
  parts.forEach(({ inside, outside }, k) => {
    const found = biasOf(outside);
    const weights = blend ? ownOf(outside, `fold ${k}`) : undefined;
    for (const row of inside) {
      bias[row] = found;
      if (weights) own[row] = linearLogit(weights, data.inputs, row);
    }
  });
  const blended = (row: number, share: number) =>
    adaptedLogit({ bias: bias[row]!, own: { share, weights: [] } }, federated[row]!, own[row]!);
  const shareOf = (of: readonly number[]) => {
    const losses = shares.map((share) => of.map((row) => logLossOf(blended(row, share), labels[row]!)));
    return shares[firstNearBest(losses, surely)]!;
  };
  const before = [...federated];
  const biased = rows.map((row) => federated[row]! + bias[row]!);
  if (!blend) return { adaptation: { bias: biasOf(rows) }, aside: { before, bias: biased } };
  // A row has no say in the share that it is judged by.
  const judged = new Float64Array(data.count);
  for (const { inside, outside } of parts) {
    const share = shareOf(outside);
    for (const row of inside) judged[row] = blended(row, share);
  }
  return {
    adaptation: { bias: biasOf(rows), own: { share: shareOf(rows), weights: [...ownOf(rows, 'all')] } },
    aside: { before, bias: biased, own: [...own], blend: [...judged] },
  };
}

function check({ count, labels, shape }: Dataset, blend: boolean): void {
  const fault = (what: string, mend: string) => new NodeError('learning', `adaptation: ${what}`, { mend });
  if (count < fewestRows)
    throw fault(
      `there are ${count} rows, but a bias is fitted to ${fewestRows} at least`,
      'Take the model as it is until there are more.',
    );
  const positives = countPositives(labels);
  if (Math.min(positives, count - positives) < fewestOfClass)
    throw fault(
      `the classes have ${count - positives} and ${positives} rows, but each needs ${fewestOfClass} at least`,
      'Take the model as it is until there are more.',
    );
  if (blend && width(shape) > mostOwnInputs)
    throw fault(
      `a row has ${width(shape)} inputs, but a model of one's own here has ${mostOwnInputs} at most`,
      'Leave out --blend.',
    );
}

const countPositives = (labels: Uint16Array): number => labels.reduce((sum: number, label) => sum + label, 0);

type Measured = Readonly<Record<keyof Quality, number>>;

/** Figures of each kind of logits and the gain of the last kind, with intervals over the same draws of rows. */
function judge(aside: Aside, labels: Uint16Array, seed: number): Pick<Adapted, 'quality' | 'gain'> {
  const kinds = Object.entries(aside) as [keyof Adapted['quality'], readonly number[]][];
  const all = Array.from(labels, (_, row) => row);
  const random = seeded(seed, 'draws');
  const measured = (rows: readonly number[]) => kinds.map(([, logits]) => measure(logits, labels, rows));
  const found = measured(all);
  const drawn = Array.from({ length: draws }, () => measured(all.map(() => random.below(all.length))));
  const qualityOf = (value: (each: readonly Measured[]) => Measured): Quality => {
    const [here, there] = [value(found), drawn.map(value)];
    return mapFigures((name) => ({ value: here[name], interval: middle(there.map((one) => one[name])) }));
  };
  const last = kinds.length - 1;
  return {
    quality: Object.fromEntries(
      kinds.map(([kind], at) => [kind, qualityOf((each) => each[at]!)]),
    ) as Adapted['quality'],
    gain: qualityOf((each) =>
      mapFigures((name) => {
        const size = (one: Measured) => (name === 'shift' ? Math.abs(one[name]) : one[name]);
        return size(each[last]!) - size(each[0]!);
      }),
    ),
  };
}

function mapFigures<T>(each: (name: keyof Quality) => T): Record<keyof Quality, T> {
  return {
    logLoss: each('logLoss'),
    auc: each('auc'),
    calibration: each('calibration'),
    shift: each('shift'),
    accuracy: each('accuracy'),
  };
}

function measure(logits: readonly number[], labels: Uint16Array, rows: readonly number[]): Measured {
  const chances = rows.map((row) => chanceOf(logits[row]!));
  const own = rows.map((row) => labels[row]!);
  const { logLoss, auc, calibration, accuracy }: Evaluation = evaluatePredictions(
    chances.flatMap((p) => [1 - p, p]),
    own,
    2,
  );
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return { logLoss, auc, calibration, accuracy, shift: mean(chances) - mean(own) };
}

/** Where the middle 95 % of values lie. */
function middle(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(0.025), at(0.975)];
}
