// Who borrows: real rows that nobody has learnt from, chosen by rule. The first row of the best bracket that there is, the first of
// the worst, and the first of the bracket that lies nearest to halfway between them, the better of two.
import { evaluateScore } from '@murmuration/prover/score';
import { featureOne, padded, type ScoredRows } from '../../credit/index.ts';
import type { PublishedScore } from './publish.ts';

/** A row that is chosen. */
export interface Chosen {
  readonly name: string;
  /** Place among the rows. */
  readonly row: number;
  readonly bracket: number;
}

/** The bracket of each row. */
export function bracketsOf({ score, schema }: PublishedScore, { features }: ScoredRows): number[] {
  return features.map((values) => {
    const integers = values.map((value) => Math.round(value * featureOne));
    return evaluateScore(score.model, padded(schema, integers)).bracket;
  });
}

/** The rows by the rule; fewer than three where the rows have fewer brackets. */
export function chooseRows(brackets: readonly number[]): Chosen[] {
  const there = [...new Set(brackets)].sort((a, b) => a - b);
  const [best, worst] = [there[0]!, there.at(-1)!];
  const half = (best + worst) / 2;
  const middle = there.reduce((near, one) => (Math.abs(one - half) < Math.abs(near - half) ? one : near));
  const names = new Map<number, string>([
    [best, 'of the best bracket'],
    [worst, 'of the worst bracket'],
  ]);
  if (!names.has(middle)) names.set(middle, 'in the middle');
  return [...names]
    .sort(([a], [b]) => a - b)
    .map(([bracket, name]) => ({ name: `borrower ${name}`, bracket, row: brackets.indexOf(bracket) }));
}
