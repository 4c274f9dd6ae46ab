// Measures of a process as pages show them.
import type { Measure } from './sample.ts';

/** What each measure is called. */
export const measureNames: Readonly<Record<Measure, string>> = {
  heap: 'heap in use',
  buffers: 'array buffers',
  resident: 'resident memory',
  files: 'open files',
  threads: 'threads',
  resources: 'timers, sockets, ports',
  state: "members' state",
  stateFiles: "files of members' state",
};

const isBytes = (measure: Measure) => ['heap', 'buffers', 'resident', 'state'].includes(measure);

/** A value of a measure. */
export const shownMeasure = (measure: Measure, value: number): string =>
  isBytes(measure) ? `${(value / 2 ** 20).toFixed(1)} MiB` : `${value}`;

/** What a measure grows by. */
export const shownGrowth = (measure: Measure, growth: number): string =>
  isBytes(measure) ? `${(growth / 1024).toFixed(1)} KiB` : growth.toFixed(3);
