// The attacks: rows from a gradient. By division, what a dense layer's gradient shows; by search, rows whose gradient
// is like the one that was seen.
import { seeded } from '../../node/learn/index.ts';
import type { GradientMatcher, LabelledRows } from './matching.ts';

/** What the attacker has. */
export interface Seen {
  /** Mean gradient of all rows that took part; 0 where it is not known. */
  readonly gradient: Float64Array;
  /** The coordinates of the model that were carried. */
  readonly known: Uint32Array;
}

/** What it may assume without having seen anything. */
export interface Prior {
  /** A row to fill in what is not known with. */
  readonly row: Float64Array;
  /** What any number of a row lies between. */
  readonly bounds: readonly [number, number];
}

/**
 * One candidate a hidden unit (Phong et al. 2018): a unit's gradient by its weights is the sum of rows, each times its
 * gradient by the unit's bias. One row that wakes the unit is therefore their quotient. The largest divisor is first.
 */
export function byDivision(
  { inputs, hiddens, firstBias }: GradientMatcher,
  seen: Seen,
  prior: Prior,
): Float64Array[] {
  const isKnown = new Set(seen.known);
  const out: Float64Array[] = [];
  const divisorOf = (h: number) => seen.gradient[firstBias + h]!;
  const units = Array.from({ length: hiddens }, (_, h) => h);
  for (const h of units.sort((a, b) => Math.abs(divisorOf(b)) - Math.abs(divisorOf(a)))) {
    const divisor = divisorOf(h);
    if (!isKnown.has(firstBias + h) || divisor === 0) continue;
    const row = prior.row.slice();
    let found = 0;
    for (let i = 0; i < inputs; i++) {
      if (!isKnown.has(i * hiddens + h)) continue;
      row[i] = within(prior.bounds, seen.gradient[i * hiddens + h]! / divisor);
      found++;
    }
    if (found > 0) out.push(row);
  }
  return out;
}

/** How the search is made. */
export interface Search {
  readonly labels: ArrayLike<number>;
  readonly iterations: number;
  readonly restarts: number;
  readonly rate: number;
  readonly seed: string;
}

/**
 * Rows of the given classes whose gradient has the largest cosine with the one that was seen (Geiping et al. 2020),
 * found by Adam from several beginnings, of which the best is taken. The first begins where division ended.
 */
export function bySearch(
  matcher: GradientMatcher,
  { seen, prior }: { readonly seen: Seen; readonly prior: Prior },
  { labels, iterations, restarts, rate, seed }: Search,
): { readonly rows: Float64Array[]; readonly distance: number } {
  let best = { rows: new Float64Array(), distance: Number.POSITIVE_INFINITY };
  for (let k = 0; k < restarts; k++) {
    const random = seeded(seed, 'beginning', k);
    const rows = new Float64Array(labels.length * matcher.inputs);
    const divided = k === 0 ? byDivision(matcher, seen, prior).slice(0, labels.length) : [];
    for (let j = 0; j < rows.length; j++)
      rows[j] = within(prior.bounds, prior.row[j % matcher.inputs]! + 0.3 * random.normal());
    divided.forEach((row, r) => {
      rows.set(row, r * matcher.inputs);
    });
    const found = descend(
      matcher,
      { seen, bounds: prior.bounds },
      { made: { rows, labels }, iterations, rate },
    );
    if (found < best.distance) best = { rows, distance: found };
  }
  const rows = Array.from(labels, (_, r) => best.rows.slice(r * matcher.inputs, (r + 1) * matcher.inputs));
  return { rows, distance: best.distance };
}

/**
 * Adam (Kingma and Ba 2015) on the rows, in place; the step shrinks to a tenth. The rows end where they came nearest.
 * @returns how near that is.
 */
function descend(
  matcher: GradientMatcher,
  { seen, bounds }: { readonly seen: Seen; readonly bounds: Prior['bounds'] },
  {
    made,
    iterations,
    rate,
  }: { readonly made: LabelledRows; readonly iterations: number; readonly rate: number },
): number {
  const { rows } = made;
  const [first, second] = [new Float64Array(rows.length), new Float64Array(rows.length)];
  let best = { rows: rows.slice(), distance: Number.POSITIVE_INFINITY };
  for (let step = 1; step <= iterations; step++) {
    const { distance, slope } = matcher.match(made, seen.gradient, seen.known);
    if (distance < best.distance) best = { rows: rows.slice(), distance };
    const pace = rate * 0.1 ** (step / iterations);
    for (let j = 0; j < rows.length; j++) {
      first[j] = 0.9 * first[j]! + 0.1 * slope[j]!;
      second[j] = 0.999 * second[j]! + 0.001 * slope[j]! ** 2;
      const mean = first[j]! / (1 - 0.9 ** step);
      const spread = Math.sqrt(second[j]! / (1 - 0.999 ** step));
      rows[j] = within(bounds, rows[j]! - (pace * mean) / (spread + 1e-12));
    }
  }
  rows.set(best.rows);
  return best.distance;
}

const within = ([low, high]: Prior['bounds'], x: number): number => Math.max(low, Math.min(high, x));
