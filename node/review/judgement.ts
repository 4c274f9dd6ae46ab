// Verdicts: which models are accepted, and how soon a strike takes the seat.
import type { Rule } from './finding.ts';

/** As much as quality moves in a good round, in basis points. */
const largeGain = 1000;
const percent = (basisPoints: number): string => `${Math.abs(basisPoints) / 100} %`;

/** Trainers are paid only for gains; but the planner sees every sum. */
const minGainPositive: Rule = {
  name: 'min-gain-positive',
  find({ rules: { minGain } }) {
    if (minGain <= 0) return undefined;
    return {
      severity: minGain >= largeGain ? 'danger' : 'warning',
      says:
        `Trainers are paid only for a round that makes the model better by ${percent(minGain)} or more. Every sum is ` +
        'public, so the planner has the improvement of a rejected round, too, and pays nothing for it.',
      mend: 'Set minGain to 0 or less.',
    };
  },
};

const minGainLow: Rule = {
  name: 'min-gain-low',
  find({ rules: { minGain } }) {
    if (minGain >= -largeGain) return undefined;
    return {
      severity: 'warning',
      says: `A model that is worse by up to ${percent(minGain)} is accepted, and its trainers are paid for it.`,
      mend: `Set minGain to ${-largeGain} or more.`,
    };
  },
};

const ejectSoon: Rule = {
  name: 'eject-soon',
  find({ rules: { ejectAt } }) {
    if (ejectAt > 3) return undefined;
    return {
      severity: ejectAt === 1 ? 'danger' : 'warning',
      says:
        ejectAt === 1
          ? 'One strike takes the seat. Honest trainers with unusual data are struck now and then.'
          : `The seat is lost after ${ejectAt} strikes. Honest trainers with unusual data are struck in their first rounds.`,
      mend: 'Set ejectAt to 8.',
    };
  },
};

/** Rules on verdicts. */
export const judgementRules: readonly Rule[] = [minGainPositive, minGainLow, ejectSoon];
