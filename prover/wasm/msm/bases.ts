// Fixed points that are multiplied and summed again and again, with tables of their multiples by powers of two.
//
// With windows of c bits, level j of the table holds `2^(c k j) P`. Window w = j k + g of all scalars then belongs to set g at level j, and
// the windows of a set share one set of buckets: `sum_i s_i P_i = sum_g 2^(c g) S_g`. One level needs no more memory than the points
// and has as many sets as windows; as many levels as windows leave one set. More levels save the buckets of the other sets, and a
// greater c pays: about a quarter of the additions in all.
import { type Degree, packedBytes } from '../curve/index.ts';
import { type Window, type Windows, windowsOf } from './windows.ts';

export interface BasesShape {
  readonly degree: Degree;
  /** Points with all levels, then points with the first level only, whose scalars are mostly shorter than a window. */
  readonly full: number;
  readonly short: number;
  readonly windows: Windows;
  readonly levels: number;
  /** Windows from one level to the next, k. */
  readonly sets: number;
}

/** @param levels that are wanted; as many as windows at most. */
export function shapeOf(
  points: { degree: Degree; full: number; short: number },
  width: number,
  levels: number,
): BasesShape {
  const windows = windowsOf(width);
  const sets = Math.ceil(windows.list.length / Math.max(1, Math.min(levels, windows.list.length)));
  return { ...points, windows, sets, levels: Math.ceil(windows.list.length / sets) };
}

/** Points of the whole table. */
export const tablePoints = ({ full, short, levels }: BasesShape): number => full * levels + short;
export const tableBytes = (shape: BasesShape): number => tablePoints(shape) * packedBytes(shape.degree);
/** Number of the first point of a level. */
export const levelStart = ({ full, short }: BasesShape, level: number): number =>
  level === 0 ? 0 : full * level + short;

/** Digits of one window of consecutive scalars, and the points that they multiply. */
interface Strip {
  readonly window: Window;
  readonly firstScalar: number;
  readonly firstPoint: number;
  readonly count: number;
}

/** A part of a sum that one thread does: buckets [low, low + span) of some strips, all weighed by `2^exponent`. */
export interface Job {
  readonly exponent: number;
  readonly strips: readonly Strip[];
  readonly low: number;
  readonly span: number;
}

/** The jobs of a whole sum. @param parts that each set is divided into, by buckets. */
export function jobsOf(shape: BasesShape, parts = 1): Job[] {
  const { windows, sets, full, short } = shape;
  return Array.from({ length: sets }, (_, set) => {
    const strips = windows.list.flatMap((window, w): Strip[] => {
      if (w % sets !== set) return [];
      const firstPoint = levelStart(shape, Math.floor(w / sets));
      // Points of one level lie behind those of all levels, their scalars likewise.
      return [{ window, firstScalar: 0, firstPoint, count: w === 0 ? full + short : full }];
    });
    return divide({ exponent: windows.width * set, strips, ...allBuckets(windows) }, parts);
  }).flat();
}

/** The jobs for scalars of points with one level that are longer than a window: rare, and no faster than without tables. */
export function longJobs({ windows, full, short }: BasesShape): Job[] {
  return windows.list.slice(1).map((window, i) => ({
    exponent: windows.width * (i + 1),
    strips: [{ window, firstScalar: full, firstPoint: full, count: short }],
    ...allBuckets(windows),
  }));
}

const allBuckets = ({ width }: Windows) => ({ low: 0, span: 2 ** (width - 1) });

function divide(job: Job, parts: number): Job[] {
  return Array.from({ length: parts }, (_, i) => {
    const [low, end] = [i, i + 1].map((part) => Math.floor((job.span * part) / parts)) as [number, number];
    return { ...job, low, span: end - low };
  });
}

/** The most references that a job may have. */
export const referencesOf = ({ strips }: Job): number => strips.reduce((sum, { count }) => sum + count, 0);
