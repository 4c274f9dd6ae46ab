// What a guess is fitted from: all that the rule takes out of the references, and more.
import { type ClueSources, clueFamilies, cluesOf } from '../../protocol/index.ts';
import type { View } from './strategy.ts';

/** What everybody knows before a round. */
export type Known = Pick<View, 'sources' | 'model'>;

/** Every clue of the rule. */
export const publicClues = ({ sources }: Known): Float64Array[] =>
  clueFamilies.flatMap((family) => cluesOf(family, sources));

/**
 * More than the rule takes out: every clue of it, means over the rows and columns of kernels, and the model, each with its sign and
 * its signed square. A guess that is fitted from these finds what the rule leaves.
 */
export const wideClues = ({ sources, model }: Known): Float64Array[] =>
  [
    ...publicClues({ sources, model }),
    ...lines(sources),
    Float64Array.from(sources.support, (i) => model[i]!),
  ].flatMap((clue) => [clue, clue.map((x) => Math.sign(x)), clue.map((x) => x * Math.abs(x))]);

/** Means of the probes over a kernel's rows and over its columns: what a gradient of low rank tells of the rest. */
function lines({ history, geometry: { kernels }, support }: ClueSources): Float64Array[] {
  const trace = history.trace('probes');
  const byRow = new Float64Array(support.length);
  const byColumn = new Float64Array(support.length);
  for (const { offset, rows, columns } of kernels) {
    const [row, column] = [means(rows), means(columns)];
    for (let k = 0; k < rows * columns; k++) {
      const value = trace[offset + k]!;
      if (value === 0) continue;
      row.add(Math.floor(k / columns), value);
      column.add(k % columns, value);
    }
    support.forEach((index, j) => {
      const at = index - offset;
      if (at < 0 || at >= rows * columns) return;
      byRow[j] = row.of(Math.floor(at / columns));
      byColumn[j] = column.of(at % columns);
    });
  }
  return [byRow, byColumn];
}

function means(size: number) {
  const sums = new Float64Array(size);
  const counts = new Uint32Array(size);
  return {
    add(at: number, value: number): void {
      sums[at]! += value;
      counts[at]!++;
    },
    of: (at: number): number => (counts[at] === 0 ? 0 : sums[at]! / counts[at]!),
  };
}
