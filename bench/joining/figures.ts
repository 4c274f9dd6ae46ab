// How the page writes its figures.
import { correctedInterval, type Interval } from './interval.ts';
import type { Result } from './play.ts';
import type { FederationName } from './world.ts';

/** Fewest splits that a figure is of. */
export const fewestSplits = 20;

/** What the page calls the federations. */
export const titles: Readonly<Record<FederationName, string>> = { hearts: 'Hearts', credit: 'Credit' };

/** With three places; what rounds to nothing has no minus. */
export const signed = (x: number): string => `${x <= -0.0005 ? '-' : '+'}${Math.abs(x).toFixed(3)}`;

/** A mean with its interval. */
export const shown = ({ mean, low, high }: Interval): string =>
  `${signed(mean)} [${signed(low)}, ${signed(high)}]`;

/** The mean of plain values. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** A difference over splits, where there are enough. */
export function difference(
  results: readonly Result[],
  of: (result: Result) => number | undefined,
): Interval | undefined {
  const values = results.map(of).filter((value) => value !== undefined);
  return values.length < fewestSplits ? undefined : correctedInterval(values);
}
