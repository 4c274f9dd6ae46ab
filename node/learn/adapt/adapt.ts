// Fits a site's adaptation to its own rows, and says what it gains there by cross-fitting: each row is judged by what
// was fitted to the others.
import { NodeError } from '../../errors.ts';
import { type Dataset, width } from '../data/dataset.ts';
import { type Evaluation, evaluatePredictions } from '../evaluate.ts';
import type { Network } from '../network.ts';
import { seeded } from '../random.ts';
import { type Adaptation, classLogits } from './adaptation.ts';
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
 * The own model's parts of the logit. Half comes first: log loss is convex, so that at half at most half of what a worse
 * model loses arrives. Another one is tried on rows that the federation did not train on: those that it did flatter its
 * model, and would leave the own one out (docs/joining.md has the figures).
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
  /** That it is fitted to. */
  readonly rows: number;
  /** Rows that it is judged on, and those of the second class among them. */
  readonly judgedOn: number;
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
  /** Rows that neither the federation trained on nor anything here is fitted to: the share is chosen on them. */
  readonly aside?: Dataset | undefined;
  /** Deals rows to parts. */
  readonly seed: number;
}

/** Rows with a model's logits of the second class. */
export interface Scored {
  readonly data: Dataset;
  readonly logits: Float64Array;
}

/**
 * Fits a model's adaptation, and judges it on rows set aside.
 * @throws NodeError `learning` for several classes, too few rows, or an own model of too many inputs.
 */
export function adapt(network: Network, model: Float32Array, task: AdaptationTask): Adapted {
  const { blend, seed } = task;
  const scored = (data: Dataset): Scored => ({ data, logits: classLogits(network, model, data) });
  const rows = scored(task.data);
  const aside = task.aside && scored(task.aside);
  const { adaptation, judged } = fitAdaptation(rows, { blend, seed, aside });
  const { data } = aside ?? rows;
  return {
    adaptation,
    rows: task.data.count,
    judgedOn: data.count,
    positives: countPositives(data.labels),
    ...judge(judged, data.labels, seed),
  };
}

/** Logits of rows, each by what was fitted without it. */
export type Judged = Readonly<Record<'before' | 'bias', readonly number[]>> &
  Partial<Readonly<Record<'own' | 'blend', readonly number[]>>>;

/** How a site's rows are fitted. */
export interface FitSettings extends Pick<AdaptationTask, 'blend' | 'seed'> {
  readonly aside?: Scored | undefined;
}

/**
 * The adaptation of a model whose logits are known, and logits to judge it by: of the rows that are set aside, or without
 * them of the site's rows by cross-fitting.
 * @throws NodeError `learning` as {@link adapt} does.
 */
export function fitAdaptation(
  { data, logits }: Scored,
  { blend, seed, aside }: FitSettings,
): { readonly adaptation: Adaptation; readonly judged: Judged } {
  const { labels } = data;
  check(data, blend);
  if (aside && aside.data.count < fewestRows)
    throw new NodeError(
      'learning',
      `adaptation: ${aside.data.count} rows are set aside, but a share is chosen on ${fewestRows} at least`,
      { mend: 'Leave out --aside.' },
    );
  const table = { inputs: data.inputs, width: width(data.shape), labels };
  const fit = (of: readonly number[], name: string): Fitted => ({
    bias: fitLogistic({ inputs: [], width: 0, labels, offset: logits }, of, {
      weights: 0,
      bias: biasPenalty,
    })[0]!,
    own: blend ? fitTuned(table, of, `${seed}/${name}`) : undefined,
  });
  const all = indices(data);
  const fitted = fit(all, 'all');
  const apart = aside ? scoreAll(aside, fitted) : crossFit({ data, logits }, { fit, seed });
  const { bias, own } = fitted;
  if (!own)
    return { adaptation: { bias }, judged: { before: [...(aside?.logits ?? logits)], bias: apart.biased } };
  const shareOf = aside ? chooserOf(apart, aside.data.labels) : () => shares[0];
  const blended = new Float64Array(apart.biased.length);
  // A row has no say in the share that it is judged by.
  for (const { inside, outside } of partsOf(
    [...blended.keys()],
    foldsOf((aside?.data ?? data).labels, `${seed}`),
  )) {
    const share = shareOf(outside);
    for (const row of inside) blended[row] = mix(apart, row, share);
  }
  return {
    adaptation: { bias, own: { share: shareOf([...blended.keys()]), weights: [...own] } },
    judged: {
      before: [...(aside?.logits ?? logits)],
      bias: apart.biased,
      own: apart.own,
      blend: [...blended],
    },
  };
}

/** What is fitted to some rows. */
interface Fitted {
  readonly bias: number;
  readonly own: Float64Array | undefined;
}

/** Logits of rows: the federation's with the bias, and the own model's. */
interface Apart {
  readonly biased: readonly number[];
  readonly own: readonly number[];
}

const indices = ({ count }: Dataset): number[] => Array.from({ length: count }, (_, row) => row);

const scoreAll = ({ data, logits }: Scored, { bias, own }: Fitted): Apart => ({
  biased: indices(data).map((row) => logits[row]! + bias),
  own: indices(data).map((row) => (own ? linearLogit(own, data.inputs, row) : 0)),
});

/** Scores each row by what was fitted to the other parts of the rows. */
function crossFit(
  { data, logits }: Scored,
  { fit, seed }: { readonly fit: (of: readonly number[], name: string) => Fitted; readonly seed: number },
): Apart {
  const [biased, own] = [new Float64Array(data.count), new Float64Array(data.count)];
  partsOf(indices(data), foldsOf(data.labels, `${seed}`)).forEach(({ inside, outside }, k) => {
    const fitted = fit(outside, `fold ${k}`);
    for (const row of inside) {
      biased[row] = logits[row]! + fitted.bias;
      own[row] = fitted.own ? linearLogit(fitted.own, data.inputs, row) : 0;
    }
  });
  return { biased: [...biased], own: [...own] };
}

const mix = ({ biased, own }: Apart, row: number, share: number): number =>
  (1 - share) * biased[row]! + share * own[row]!;

/** Chooses a share on some of the rows. */
const chooserOf = (apart: Apart, labels: Uint16Array) => (of: readonly number[]) => {
  const losses = shares.map((share) => of.map((row) => logLossOf(mix(apart, row, share), labels[row]!)));
  return shares[firstNearBest(losses, surely)]!;
};

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
function judge(judged: Judged, labels: Uint16Array, seed: number): Pick<Adapted, 'quality' | 'gain'> {
  const kinds = Object.entries(judged) as [keyof Adapted['quality'], readonly number[]][];
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
