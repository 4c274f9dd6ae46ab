// From logits to probabilities, loss and the loss's gradient, in plain numbers: they are few.
import type { LayeredModel } from './model_spec.ts';

/** Logits of rows, one row after the other. */
export interface Logits {
  readonly kind: LayeredModel['loss'];
  readonly values: Float32Array;
  /** Logits of a row: one a class, or one where the loss is binary. */
  readonly width: number;
}

/** Probabilities in the place of logits: soft-max, or the positive class's alone where the loss is binary. */
export function probabilities({ kind, values, width }: Logits): Float32Array {
  if (kind === 'binary') return values.map((z) => 1 / (1 + Math.exp(-z)));
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += width) {
    const row = values.subarray(at, at + width);
    const log = logOfSum(row);
    for (let c = 0; c < width; c++) out[at + c] = Math.exp(row[c]! - log);
  }
  return out;
}

/** Mean loss of rows with these labels: `-ln p(label)`. */
export function meanLoss({ kind, values, width }: Logits, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    if (kind === 'binary') sum += logOfSum([0, row[0]!]) - labels[i]! * row[0]!;
    else sum += logOfSum(row) - row[labels[i]!]!;
  }
  return sum / labels.length;
}

/** The mean loss's gradient by the logits: probabilities less what was wanted, a share of the mean each. */
export function lossGradient(logits: Logits, labels: ArrayLike<number>): Float32Array {
  const out = probabilities(logits);
  for (let i = 0; i < labels.length; i++) {
    if (logits.kind === 'binary') out[i]! -= labels[i]!;
    else out[i * logits.width + labels[i]!]! -= 1;
  }
  for (let i = 0; i < out.length; i++) out[i]! /= labels.length;
  return out;
}

/** `ln` of the sum of exponentials, without one that is too large. */
function logOfSum(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - most);
  return most + Math.log(sum);
}
