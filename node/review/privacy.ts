// What a task promises about the privacy of one trainer's rows, before anybody joins it.
import { localEpsilon } from '../compress/index.ts';
import { openColumns, type TaskDescription } from '../learn/index.ts';
import type { Rule } from './finding.ts';

/** What is stated of a task that adds noise. */
export interface StatedPrivacy {
  /** Updates that a trainer makes with noise at most, void and rejected rounds included: it sends zeros after them. */
  readonly updates: number;
  /** Of all of them together, any two data sets of the trainer being neighbours. */
  readonly epsilon: number;
  readonly delta: number;
  /** Columns whose sum, sum of squares and count over all trainers are opened as they are, beside epsilon. */
  readonly exactColumns: readonly string[];
}

/** What is known of a task when its privacy is stated. */
type Described = Pick<TaskDescription, 'privacy' | 'rounds' | 'data'>;

/** The privacy that a task states; undefined for a task that adds no noise. */
export function statedPrivacy({ privacy, rounds, data }: Described): StatedPrivacy | undefined {
  if (!privacy) return undefined;
  const { epsilon, delta } = localEpsilon(privacy, rounds);
  const exactColumns = data.kind === 'csv' ? openColumns(data).map(({ column }) => column.name) : [];
  return { updates: rounds, epsilon, delta, exactColumns };
}

/** The statement as people read it. @param stated undefined for a task that adds no noise. */
export function describePrivacy(stated: StatedPrivacy | undefined): string {
  if (!stated) return 'no noise is added: no epsilon bounds what opened sums and models tell of a row';
  const { updates, epsilon, delta, exactColumns } = stated;
  const beside = exactColumns.length > 0 ? `; beside it, exact sums of ${exactColumns.join(', ')}` : '';
  return (
    `epsilon ${epsilon.toFixed(2)} at delta ${delta} for all rows of a trainer, after ${updates} updates at most, ` +
    `void and rejected rounds counted${beside}`
  );
}

/** Above it nobody takes an epsilon for protection: a likelihood may change by a factor of 20,000. */
const weakEpsilon = 10;

const weakNoise: Rule = {
  name: 'weak-noise',
  find({ description }) {
    const stated = description && statedPrivacy(description);
    if (!stated || stated.epsilon <= weakEpsilon) return undefined;
    return {
      severity: 'warning',
      says:
        `The task adds noise, but epsilon is ${stated.epsilon.toFixed(1)} after its ${stated.updates} updates: such a ` +
        'guarantee promises next to nothing.',
      mend: `Raise sigma, or plan fewer rounds, until epsilon is at most ${weakEpsilon}.`,
    };
  },
};

const exactStatistics: Rule = {
  name: 'exact-statistics',
  find({ description }) {
    const { exactColumns = [] } = (description && statedPrivacy(description)) ?? {};
    if (exactColumns.length === 0) return undefined;
    return {
      severity: 'warning',
      says:
        `Sums over all rows of ${exactColumns.join(', ')} are opened without noise. The stated epsilon does not cover ` +
        'them.',
      mend: 'Give mean and deviation of these columns in the task.',
    };
  },
};

/** Rules on privacy. */
export const privacyRules: readonly Rule[] = [weakNoise, exactStatistics];
