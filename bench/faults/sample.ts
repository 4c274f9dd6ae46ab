// What a process holds at a moment, after garbage was collected.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** What is measured. Bytes, or counts. */
export const measures = [
  'heap',
  /** Of array buffers, WebAssembly's included. */
  'buffers',
  'resident',
  'files',
  'threads',
  /** Timers, sockets, ports: all that would keep the process alive. */
  'resources',
  /** Bytes of the members' state folders, and their files. */
  'state',
  'stateFiles',
] as const;
/** One of {@link measures}. */
export type Measure = (typeof measures)[number];
/** What a process held. */
export type Held = Readonly<Record<Measure, number>>;

/** What this process holds now. @param state the folder of all members' state folders. */
export function heldNow(state: string): Held {
  gc();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const files = filesBelow(state);
  return {
    heap: heapUsed,
    buffers: arrayBuffers,
    resident: rss,
    files: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    resources: process.getActiveResourcesInfo().length,
    state: files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0),
    stateFiles: files.length,
  };
}

/** Paths of all files below a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** How steep a measure rises: the slope of the line of least squares through points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
