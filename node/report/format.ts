// Figures of a report as people read them.

/** A moment for people, in UTC. */
export const moment = (iso: string): string =>
  `${new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
export const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
export const number = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: 2 });
export const millions = (x: number): string => (x < 1e6 ? number(x) : `${(x / 1e6).toFixed(1)} M`);
export const thousandths = (x: number): string => x.toFixed(3);
export const fixed = (x: number): string =>
  x.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Bytes with a unit, for people. */
export function bytes(x: number): string {
  if (x < 1024) return `${x} B`;
  return x < 1_048_576 ? `${(x / 1024).toFixed(1)} KiB` : `${(x / 1_048_576).toFixed(1)} MiB`;
}

/** A duration with a unit, for people. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 120
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
