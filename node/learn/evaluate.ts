// How good a model is on a table: accuracy, area under the ROC curve, log loss, calibration.
import { classProbabilities } from './adapt/adaptation.ts';
import type { Dataset } from './data/dataset.ts';
import type { Network } from './network.ts';

/** All in [0, 1] but `logLoss` (nats, at least 0). */
export interface Evaluation {
  readonly count: number;
  /** Share of rows whose most probable class is the label. */
  readonly accuracy: number;
  /** Area under the ROC curve; with several classes the mean over classes present, each against the rest. */
  readonly auc: number;
  /** Mean of `-ln p(label)`, probabilities held at 10^-7 or more. */
  readonly logLoss: number;
  /** Expected calibration error: mean gap between confidence and accuracy over ten bins (Guo et al. 2017). */
  readonly calibration: number;
}

/** Evaluates a model on a table. */
export function evaluate(network: Network, model: Float32Array, data: Dataset): Evaluation {
  return evaluatePredictions(classProbabilities(network, model, { data }), data.labels, data.classes);
}

/** Evaluates probabilities, `classes` a row. */
export function evaluatePredictions(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Evaluation {
  const count = labels.length;
  if (count === 0 || probabilities.length !== count * classes)
    throw new RangeError(
      `evaluate: ${probabilities.length} probabilities for ${count} labels and ${classes} classes, but ` +
        'there must be one row a label',
    );
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0 }));
  let right = 0;
  let loss = 0;
  for (let i = 0; i < count; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
    const confidence = probabilities[i * classes + best]!;
    const hit = best === labels[i] ? 1 : 0;
    const bin = bins[Math.min(9, Math.floor(confidence * 10))]!;
    bin.confidence += confidence;
    bin.right += hit;
    right += hit;
    loss -= Math.log(Math.max(1e-7, probabilities[i * classes + labels[i]!]!));
  }
  return {
    count,
    accuracy: right / count,
    auc: meanAuc(probabilities, labels, classes),
    logLoss: loss / count,
    calibration: bins.reduce((gap, bin) => gap + Math.abs(bin.confidence - bin.right), 0) / count,
  };
}

/**
 * The Mann-Whitney form: chance that a positive outranks a negative, ties counting half. 0.5 where one kind
 * is missing.
 */
export function auc(scores: ArrayLike<number>, positive: (row: number) => boolean): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let k = from; k < to; k++)
      if (positive(order[k]!)) {
        ranks += (from + 1 + to) / 2;
        positives++;
      }
    from = to;
  }
  const negatives = order.length - positives;
  return positives === 0 || negatives === 0
    ? 0.5
    : (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function meanAuc(p: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  const column = (c: number): Float64Array =>
    Float64Array.from({ length: labels.length }, (_, i) => p[i * classes + c]!);
  if (classes === 2) return auc(column(1), (row) => labels[row] === 1);
  const present = [...new Set(Array.from(labels))];
  return present.reduce((sum, c) => sum + auc(column(c), (row) => labels[row] === c), 0) / present.length;
}
