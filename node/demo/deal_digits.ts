// The dealing of MNIST's digits to a demonstration's members, the same for the simulation and for the real
// federation. Plain trainers hold digits as they are, a left-handed one holds mirrored digits, validators a
// share of mirrored ones.
import {
  type Dataset,
  loadMnist,
  mirror,
  mirrorShare,
  partitionByLabel,
  partitionEvenly,
  shrink,
  split,
} from '../learn/index.ts';

/** Which digits are dealt to whom. */
export interface DigitsPlan {
  readonly seed: number;
  /** One a trainer: `mirrored` digits or `plain` ones. */
  readonly trainers: readonly ('plain' | 'mirrored')[];
  readonly validators: number;
  /** Share of mirrored digits among those that validators hold out. */
  readonly mirroredShare: number;
  readonly side: 28 | 14 | 7;
  /** How trainers' digits are dealt. */
  readonly partition?: 'even' | 'by-label';
}

/** The dealt digits: no digit is in two of the tables. */
export interface Digits {
  readonly trainers: readonly Dataset[];
  readonly validators: readonly Dataset[];
  /** Digits that nobody trains or validates on, as they are and mirrored. */
  readonly test: Dataset;
  readonly testMirrored: Dataset;
}

/** Digits for trainers, for validators, and for the test that the report shows. */
const sizes = [7000, 1500, 1500] as const;

/** Deals the 10,000 digits: disjoint, decided by the seed. */
export async function dealDigits(plan: DigitsPlan): Promise<Digits> {
  const all = shrink(await loadMnist(), plan.side);
  const [training, holdout, test] = split(all, sizes, plan.seed) as [Dataset, Dataset, Dataset];
  const partition = plan.partition === 'by-label' ? partitionByLabel : partitionEvenly;
  const shares = partition(training, plan.trainers.length, plan.seed);
  return {
    trainers: shares.map((data, i) => (plan.trainers[i] === 'mirrored' ? mirror(data) : data)),
    validators: partitionEvenly(holdout, plan.validators, plan.seed + 1).map((data) =>
      mirrorShare(data, plan.mirroredShare),
    ),
    test,
    testMirrored: mirror(test),
  };
}
