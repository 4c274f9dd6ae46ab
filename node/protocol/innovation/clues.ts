// What everybody knows that may tell of a round's probes before they are opened (docs/encodings.md,
// "References"): vectors on the support, made from the public history. What they span is taken
// out of the references, so that nobody is paid for it. docs/incentives.md says what each family buys, and which
// others were left out. Where a small support has room for few, the first ones count.
import type { PublicHistory } from './history.ts';

/** A dense kernel in the flat model. */
export interface Kernel {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** How the model's parameters lie to each other. */
export interface Geometry {
  readonly kernels: readonly Kernel[];
  /** Side of the square picture whose pixels are the first kernel's rows; undefined for other inputs. */
  readonly side: number | undefined;
}

/** Families of clues. */
export const clueFamilies = ['probes', 'updates', 'neighbours'] as const;
/** One of {@link clueFamilies}. */
export type ClueFamily = (typeof clueFamilies)[number];

/** What clues are made of. */
export interface ClueSources {
  readonly history: PublicHistory;
  readonly geometry: Geometry;
  readonly support: Uint32Array;
}

/** The vectors of a family, on the support. */
export function cluesOf(family: ClueFamily, { history, geometry, support }: ClueSources): Float64Array[] {
  const on = (of: (index: number) => number) => Float64Array.from(support, of);
  const [probe, probes] = [history.trace('probe'), history.trace('probes')];
  const [update, updates] = [history.trace('update'), history.trace('updates')];
  switch (family) {
    case 'probes':
      return [probes, probe].map((trace) => on((i) => trace[i]!));
    case 'updates':
      return [updates, update].map((trace) => on((i) => trace[i]!));
    case 'neighbours':
      return geometry.side === undefined
        ? []
        : [probes, probe, updates].map((trace) => nearby(trace, geometry, support));
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
