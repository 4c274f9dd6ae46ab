// What a person computes of itself at home: the score, and what counted against it most.
import { evaluateScore } from '@murmuration/prover/score';
import { chanceOf } from '../learn/index.ts';
import { natsOf } from './quantise.ts';
import { type Reason, type ReasonSubject, reasonsOf } from './reasons.ts';

/** A score at home; the chain gets the bracket alone. */
export interface HomeScore {
  /** 0 to 9. */
  readonly bracket: number;
  /** Of default, 0 to 1. */
  readonly chance: number;
  /** Columns that cost anything, those that cost most first. */
  readonly reasons: readonly Reason[];
}

/** @param most reasons that are told, at most. */
export function scoreAtHome(subject: ReasonSubject, most: number): HomeScore {
  const { score, features } = subject;
  const { logit, bracket } = evaluateScore(score.model, features);
  return {
    bracket,
    chance: chanceOf(natsOf(logit, score.file.logitBits)),
    reasons: reasonsOf(subject)
      .filter(({ cost }) => cost > 0)
      .slice(0, most),
  };
}
