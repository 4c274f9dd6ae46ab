// A guess of the round's probes without any data: ridge regression (Hoerl and Kennard 1970), over the rounds
// before, of what was opened on what was known beforehand.
import { dot, withUnitRms } from '../../protocol/index.ts';
import type { Known } from './clues.ts';
import type { Opened } from './strategy.ts';

/** Rounds that a guess is fitted to. */
const window = 8;
/** Weight of the penalty, as a part of a clue's squared length. */
const penalty = 0.02;

/** A guess that learns from round to round. */
export interface Guess {
  /** The guess for a round; undefined before anything was opened. */
  of(known: Known): Float64Array | undefined;
  learn(opened: Opened): void;
}

/**
 * @param cluesOf what is known before a round.
 * @param target what is fitted: all of the probes' total, or its innovation.
 */
export function guess(cluesOf: (known: Known) => Float64Array[], target: 'probes' | 'innovation'): Guess {
  const past: { readonly clues: readonly Float64Array[]; readonly target: Float64Array }[] = [];
  let now: Float64Array[] = [];
  return {
    of(known) {
      now = cluesOf(known).map((clue) => withUnitRms(clue) ?? clue);
      const weights = past.length > 0 ? fit(past, now.length) : undefined;
      if (!weights) return undefined;
      const out = new Float64Array(known.sources.support.length);
      now.forEach((clue, k) => {
        for (let j = 0; j < out.length; j++) out[j]! += weights[k]! * clue[j]!;
      });
      return out;
    },
    learn(opened) {
      const even = withUnitRms(opened[target]);
      if (even) past.push({ clues: now, target: even });
      if (past.length > window) past.shift();
    },
  };
}

/** The weights: normal equations by elimination, which the penalty keeps regular. */
function fit(
  past: readonly { readonly clues: readonly Float64Array[]; readonly target: Float64Array }[],
  size: number,
): Float64Array {
  const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const { clues, target } of past)
    for (const [i, clue] of clues.entries()) {
      for (const [j, other] of clues.entries()) rows[i]![j]! += dot(clue, other);
      rows[i]![size]! += dot(clue, target);
      rows[i]![i]! += (penalty * target.length) / past.length;
    }
  for (let i = 0; i < size; i++)
    for (let r = i + 1; r < size; r++) {
      const factor = rows[r]![i]! / rows[i]![i]!;
      for (let c = i; c <= size; c++) rows[r]![c]! -= factor * rows[i]![c]!;
    }
  const weights = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let c = i + 1; c < size; c++) rest -= rows[i]![c]! * weights[c]!;
    weights[i] = rest / rows[i]![i]!;
  }
  return weights;
}
