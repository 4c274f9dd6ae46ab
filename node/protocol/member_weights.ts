// From the rows that trainers have to the weights of an allow-list.
import { NodeError } from '../errors.ts';
import { largestWeight } from './weights.ts';

/**
 * Weights in proportion to rows, as near as whole numbers up to {@link largestWeight} come: the most rows weigh 4, and
 * nobody's weigh less than 1. In federated averaging an update counts by the rows behind it (McMahan et al. 2017); more
 * than 4 to 1 would show single updates (docs/decisions/0036-weights-up-to-four.md).
 * @param rows of each trainer, 1 or more.
 * @throws NodeError `input` for rows that are no count.
 */
export function weightsByRows(rows: readonly number[]): number[] {
  const wrong = rows.find((count) => !Number.isSafeInteger(count) || count < 1);
  if (wrong !== undefined)
    throw new NodeError('input', `a trainer has ${wrong} rows, but a weight takes a whole number from 1`);
  const most = Math.max(...rows);
  return rows.map((count) => Math.max(1, Math.round((largestWeight * count) / most)));
}
