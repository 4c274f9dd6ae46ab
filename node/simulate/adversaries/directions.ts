// Directions that adversaries are made of.
import type { Random } from '../../learn/index.ts';
import { withUnitRms } from '../../protocol/index.ts';
import type { Direction } from './strategy.ts';

/** Normal noise. */
export const noise = (n: number, random: Random): Float64Array =>
  Float64Array.from({ length: n }, () => random.normal());

/** A random vector of signs: what a validator and a trainer agree on beforehand. */
export const secretSigns = (n: number, random: Random): Float64Array =>
  Float64Array.from({ length: n }, () => (random.uniform() < 0.5 ? -1 : 1));

/** `a` backwards. */
export const backwards = (a: Direction): Float64Array => Float64Array.from(a, (x) => -x);

/** The sum of directions, each brought to the same length before it is weighted. */
export function blend(n: number, ...parts: readonly (readonly [weight: number, Direction])[]): Float64Array {
  const out = new Float64Array(n);
  for (const [weight, direction] of parts) {
    const even = withUnitRms(direction);
    if (even) for (let j = 0; j < n; j++) out[j]! += weight * even[j]!;
  }
  return out;
}
