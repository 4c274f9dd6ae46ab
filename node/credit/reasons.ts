// Reason codes: which values moved a score most, and what would change its bracket, computed at home from the model alone.
import { evaluateScore } from '@murmuration/prover/score';
import type { CreditModel } from './model_file.ts';
import { natsOf } from './quantise.ts';
import { type CreditColumn, type CreditSchema, featureOne, widthOf } from './schema.ts';

/** One column of a score. */
export interface Reason {
  readonly column: string;
  /** What the person has, in the schema's own words. */
  readonly value: string;
  /** Nats of the logit that this value costs against the best value of its column, everything else being as it is; 0 or more. */
  readonly cost: number;
  /** The least change of this column alone that gives a better bracket, if one does. */
  readonly change?: { readonly value: string; readonly bracket: number } | undefined;
}

/** A number's values that are tried, evenly over its range. */
const steps = 64;

/** The columns of a score, those that cost most first. */
export function reasonsOf({ schema, score, features }: ReasonSubject): Reason[] {
  const { model, file } = score;
  const base = evaluateScore(model, features);
  let offset = 0;
  const reasons = schema.columns.map((column): Reason => {
    const at = offset;
    offset += widthOf(column);
    const own = features.slice(at, offset);
    const options = optionsOf(column, own).map((option) => {
      const changed = [...features.slice(0, at), ...option.features, ...features.slice(offset)];
      return { ...option, ...evaluateScore(model, changed) };
    });
    const best = options.reduce((least, { logit }) => (logit < least ? logit : least), base.logit);
    // Options are in order of their distance.
    const better = options.find(({ bracket }) => bracket < base.bracket);
    return {
      column: column.name,
      value: wordsOf(column, own),
      cost: natsOf(base.logit - best, file.logitBits),
      ...(better && { change: { value: better.value, bracket: better.bracket } }),
    };
  });
  return reasons.sort((a, b) => b.cost - a.cost);
}

/** Whose score it is. */
export interface ReasonSubject {
  readonly schema: CreditSchema;
  readonly score: CreditModel;
  /** Of the whole shape. */
  readonly features: readonly number[];
}

interface Option {
  readonly value: string;
  readonly features: readonly number[];
}

/** Other values of a column, the nearest first. */
function optionsOf(column: CreditColumn, own: readonly number[]): Option[] {
  if (column.type === 'categorical') {
    return column.values
      .map((value, i) => ({ value, features: column.values.map((_, j) => (i === j ? featureOne : 0)) }))
      .filter(({ features }) => features.some((feature, i) => feature !== own[i]));
  }
  const at = own[0]!;
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i / steps) * featureOne))
    .filter((feature) => feature !== at)
    .sort((a, b) => Math.abs(a - at) - Math.abs(b - at))
    .map((feature) => ({
      value: `${numberOf(column, feature)} or ${feature < at ? 'less' : 'more'}`,
      features: [feature],
    }));
}

function wordsOf(column: CreditColumn, own: readonly number[]): string {
  if (column.type === 'numeric') return numberOf(column, own[0]!);
  return column.values[own.indexOf(featureOne)] ?? 'none';
}

/** A feature as a number of its column, with the digits that it can tell. */
function numberOf(
  { range: [low, high] }: Extract<CreditColumn, { type: 'numeric' }>,
  feature: number,
): string {
  const resolution = (high - low) / featureOne;
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(resolution)) - 1));
  return String(Number((low + (feature / featureOne) * (high - low)).toFixed(digits)));
}
