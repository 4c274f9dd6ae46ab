// A trained model and its integers, on given rows: what rounding costs, and from where on it costs too much.
import { evaluateScore } from '@murmuration/prover/score';
import { type FloatLayer, floatLogit } from './dense.ts';
import { CreditError } from './errors.ts';
import { padded } from './features.ts';
import { type Discrimination, discrimination } from './metrics.ts';
import { natsOf, type Quantised } from './quantise.ts';
import { type CreditColumn, type CreditSchema, featureOne } from './schema.ts';

/** Rows of a table: features in [0, 1] before rounding, and whether each came to default. */
export interface ScoredRows {
  readonly features: readonly (readonly number[])[];
  readonly bad: readonly boolean[];
}

/** What the two models make of the same rows. */
export interface Comparison {
  readonly rows: number;
  readonly defaults: number;
  readonly float: Discrimination;
  readonly fixed: Discrimination;
  /** Largest difference of two logits, in nats. */
  readonly logit: number;
  /** Rows in each bracket, and how many of them came to default. */
  readonly brackets: readonly { readonly rows: number; readonly defaults: number }[];
}

/** How far the integers may be from the model that was trained. */
export const roundingBounds = { auc: 0.002, gini: 0.004, ks: 0.01, logit: 0.05 } as const;

/** Compares them. @throws {RangeError} unless the rows have both outcomes. */
export function compare(
  layers: readonly FloatLayer[],
  { model, logitBits }: Quantised,
  { schema, rows }: { readonly schema: CreditSchema; readonly rows: ScoredRows },
): Comparison {
  const brackets = Array.from({ length: 10 }, () => ({ rows: 0, defaults: 0 }));
  const [float, fixed]: [number[], number[]] = [[], []];
  rows.features.forEach((features, row) => {
    float.push(floatLogit(layers, features));
    const integers = features.map((value) => Math.round(value * featureOne));
    const { logit, bracket } = evaluateScore(model, padded(schema, integers));
    fixed.push(natsOf(logit, logitBits));
    brackets[bracket]!.rows++;
    if (rows.bad[row]) brackets[bracket]!.defaults++;
  });
  return {
    rows: rows.bad.length,
    defaults: rows.bad.filter(Boolean).length,
    float: discrimination(float, rows.bad),
    fixed: discrimination(fixed, rows.bad),
    logit: Math.max(...float.map((logit, row) => Math.abs(logit - fixed[row]!))),
    brackets,
  };
}

/**
 * Refuses integers that are too far from the model that was trained.
 *
 * @throws {CreditError} `model`, naming the figure.
 */
export function checkRounding({ float, fixed, logit }: Comparison): void {
  for (const figure of ['auc', 'gini', 'ks'] as const) {
    const [difference, most] = [Math.abs(float[figure] - fixed[figure]), roundingBounds[figure]];
    if (difference <= most) continue;
    throw new CreditError(
      'model',
      `${figure} is ${fixed[figure].toFixed(4)} in integers and ${float[figure].toFixed(4)} before, but they may differ by ${most}`,
    );
  }
  if (logit <= roundingBounds.logit) return;
  throw new CreditError(
    'model',
    `a logit differs by ${logit.toFixed(4)} in integers, but it may differ by ${roundingBounds.logit}`,
    { mend: 'Train with weight decay: one large weight makes all others coarse.' },
  );
}

/** A row's cells as features in [0, 1]: numbers within their range, places of categories as they are read from a table. */
export function unitFeatures(columns: readonly CreditColumn[], cells: readonly number[]): number[] {
  return columns.flatMap((column, i) => {
    if (column.type === 'categorical') return column.values.map((_, place) => (place === cells[i] ? 1 : 0));
    const [low, high] = column.range;
    return [(cells[i]! - low) / (high - low)];
  });
}
