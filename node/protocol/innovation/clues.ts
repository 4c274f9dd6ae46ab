// What everybody knows that may tell of a round's probes before they are opened (docs/encodings.md,
// "References"): vectors on the support, made from the public history and the model. What they span is taken
// out of the references, so that nobody is paid for it. Families are in the order of what they buy
// (docs/incentives.md): where a small support has room for few, the first ones count.
import type { PublicHistory } from './history.ts';

/** A dense kernel in the flat model. */
export interface Kernel {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** How the model's parameters lie to each other. */
export interface Geometry {
  /** The initial model: what the model has moved by is a clue. */
  readonly initial: Float32Array;
  readonly kernels: readonly Kernel[];
  /** Side of the square picture whose pixels are the first kernel's rows; undefined for other inputs. */
  readonly side: number | undefined;
}

/** Families of clues. */
export const clueFamilies = ['traces', 'neighbours', 'lines', 'shapes', 'earlier', 'model'] as const;
/** One of {@link clueFamilies}. */
export type ClueFamily = (typeof clueFamilies)[number];

/** What clues are made of. */
export interface ClueSources {
  readonly history: PublicHistory;
  readonly geometry: Geometry;
  /** The round's model. */
  readonly model: Float32Array;
  readonly support: Uint32Array;
}

/** The vectors of a family, on the support. */
export function cluesOf(
  family: ClueFamily,
  { history, geometry, model, support }: ClueSources,
): Float64Array[] {
  const on = (of: (index: number) => number) => Float64Array.from(support, of);
  const [probe, probes] = [history.trace('probe'), history.trace('probes')];
  const [update, updates] = [history.trace('update'), history.trace('updates')];
  switch (family) {
    case 'traces':
      return [probes, probe, updates, update].map((trace) => on((i) => trace[i]!));
    case 'neighbours':
      return geometry.side === undefined
        ? []
        : [probes, probe, updates].map((trace) => nearby(trace, geometry, support));
    case 'lines':
      return lines(probes, geometry, support);
    case 'shapes':
      return [
        on((i) => Math.sign(probe[i]!)),
        on((i) => Math.sign(probes[i]!)),
        on((i) => probe[i]! * Math.abs(probe[i]!)),
        on((i) => Math.sign(probes[i]!) * Math.sqrt(Math.abs(probes[i]!))),
      ];
    case 'earlier': {
      const earlier = history.trace('earlierProbe');
      return [on((i) => earlier[i]!)];
    }
    case 'model':
      return [on((i) => model[i]!), on((i) => model[i]! - geometry.initial[i]!)];
  }
}

/** The mean of a trace over the up to eight pixels around, at the same hidden unit; 0 outside of the picture. */
function nearby(trace: Float32Array, { kernels, side }: Geometry, support: Uint32Array): Float64Array {
  const out = new Float64Array(support.length);
  const kernel = kernels[0];
  if (!kernel || side === undefined || kernel.rows !== side * side) return out;
  const { offset, rows, columns } = kernel;
  support.forEach((index, j) => {
    const at = index - offset;
    if (at < 0 || at >= rows * columns) return;
    const pixel = Math.floor(at / columns);
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    let [sum, count] = [0, 0];
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        if ((dx === 0 && dy === 0) || x + dx < 0 || y + dy < 0 || x + dx >= side || y + dy >= side) continue;
        const value = trace[offset + ((y + dy) * side + x + dx) * columns + (at % columns)]!;
        if (value === 0) continue;
        sum += value;
        count++;
      }
    out[j] = count === 0 ? 0 : sum / count;
  });
  return out;
}

/** Means of a trace over a kernel's rows and over its columns: what a gradient of low rank tells of the rest. */
function lines(trace: Float32Array, { kernels }: Geometry, support: Uint32Array): Float64Array[] {
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
