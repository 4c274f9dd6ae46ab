// What the weights of a sum's addends tell of single ones (docs/encodings.md, "Weights"). A sum of few different
// weights is no sum: of 300 u_1 + 301 u_2 each reader computes both, since they are small against their weights.
import { NodeError } from '../errors.ts';
import { greatestCommonDivisor } from './integers.ts';

/**
 * Fewest addends of a sum that is opened: of one, the sum is the addend.
 */
export const fewestAddends = 2;

/**
 * The largest weight beside others, all divided by their greatest common divisor. A coordinate of the sum has at
 * most log2(the weights' sum / their number) bits more than one of a plain sum has: with weights up to 4, at most
 * 2, whoever of the senders colludes, since what is left has weights up to 4, too. Of the blinding of two updates
 * 132 bits are left at worst, with weights 3 and 4 (docs/proofs/blinding.md, section 7).
 */
export const largestWeight = 4;

/**
 * Checks that a sum with these weights tells next to nothing but the sum.
 * @param weights of the addends, each 1 or more.
 * @throws NodeError `task` where there are fewer than {@link fewestAddends}, or one is too large beside the others.
 */
export function checkWeights(what: string, weights: readonly number[]): void {
  if (weights.length < fewestAddends)
    throw new NodeError(
      'task',
      `${what} has ${weights.length} addends, but a sum of fewer than ${fewestAddends} is somebody's own`,
      { keeps: 'share of a key or sum' },
    );
  const divisor = weights.reduce(greatestCommonDivisor);
  const largest = Math.max(...weights) / divisor;
  if (largest > largestWeight)
    throw new NodeError(
      'task',
      `${what} has weights ${weights.join(', ')}, but divided by their greatest common divisor, ${divisor}, ` +
        `none is above ${largestWeight}: otherwise the sum shows single updates`,
      {
        keeps: 'share of a key or sum',
        mend:
          'The planner posts the task again with an allow-list of weights from 1 to 4, say in proportion to the ' +
          "square root of each trainer's rows.",
      },
    );
}
