// Who is struck and what it holds back (docs/encodings.md, "Scores"): a strike takes the agreement of more than
// two thirds of the groups, holds stake instead of taking it, and gives it back when a third of them sees the
// trainer cleared.
import { leastStrikingGroups } from './groups.ts';

/** Up to this level a strike needs no more than another direction; above it the update must be empty. */
export const mildLevels = 3;

/** Figures below it are empty; of a trainer with credit, figures below its negative. In units of 1/128. */
export const severeFigure = 5;

/** The task's strike policy. */
export interface StrikePolicy {
  /** The part of a group's median that is asked for, in basis points. */
  readonly phi: number;
  /** A group whose median is below this has no say, in units of 1/128. */
  readonly floor: number;
  /** What the strike above level L holds is L times this, in the token's smallest unit. */
  readonly strike: bigint;
  /** This level ends the seat. */
  readonly ejectAt: number;
}

/** What the groups say of a trainer: `harsher` where its update is empty, not only different. */
export type Verdict = 'struck' | 'harsher' | 'cleared' | 'neither';

/**
 * What the groups that count say of one trainer.
 * @param figures of the trainer, one a group that counts.
 * @param medians lower medians over the trainers, one a group that counts.
 * @param hasCredit whether any of its rounds was ever paid.
 */
export function verdictOf(
  figures: readonly number[],
  medians: readonly number[],
  { phi, floor, hasCredit }: Pick<StrikePolicy, 'phi' | 'floor'> & { readonly hasCredit: boolean },
): Verdict {
  const groups = medians.length;
  if (groups < leastStrikingGroups) return 'neither';
  const threshold = hasCredit ? -severeFigure : severeFigure;
  let [against, empty, clears] = [0, 0, 0];
  medians.forEach((median, g) => {
    const figure = figures[g]!;
    if (median < floor) return;
    if (10_000 * figure >= phi * median) clears++;
    else {
      against++;
      if (figure < threshold) empty++;
    }
  });
  if (3 * against > 2 * groups) return 3 * empty > 2 * groups ? 'harsher' : 'struck';
  return 3 * clears >= groups ? 'cleared' : 'neither';
}

/** One trainer's standing; amounts in the token's smallest unit. */
export interface Standing {
  /** What is free: the pledge less what is held. */
  readonly stake: bigint;
  /** Strikes that stand. */
  readonly level: number;
  /** Held back by the level: free again with each level that goes, burnt where the seat or the task ends. */
  readonly held: bigint;
  readonly ejected: boolean;
}

/**
 * What a level holds, in the token's smallest unit: the strike from level L holds `L * strike`, the first being a
 * warning.
 */
export const heldAt = (level: number, strike: bigint): bigint => (strike * BigInt(level * (level - 1))) / 2n;

/**
 * The standing after a verdict: a level up or down, with what that level holds of the pledge, at most all of it.
 */
export function afterVerdict(
  standing: Standing,
  verdict: Verdict,
  { strike, ejectAt }: Pick<StrikePolicy, 'strike' | 'ejectAt'>,
): Standing {
  if (standing.ejected) return standing;
  const level = levelAfter(standing.level, verdict);
  const pledge = standing.stake + standing.held;
  const wanted = heldAt(level, strike);
  const held = wanted < pledge ? wanted : pledge;
  return { stake: pledge - held, held, level, ejected: level >= ejectAt };
}

function levelAfter(level: number, verdict: Verdict): number {
  if (verdict === 'harsher' || (verdict === 'struck' && level < mildLevels)) return level + 1;
  return verdict === 'cleared' ? Math.max(0, level - 1) : level;
}
