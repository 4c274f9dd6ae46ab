// Runs that are kept, one JSON file each: what is stopped goes on where it was, and nothing is played twice.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a kind of runs is played and named. */
export interface Kept<Run, Result> {
  /** Where they are kept. */
  readonly folder: string;
  /** A run's name, which is also its file's. */
  nameOf(run: Run): string;
  play(run: Run): Promise<Result>;
}

const fileOf = <Run>({ folder, nameOf }: Pick<Kept<Run, unknown>, 'folder' | 'nameOf'>, run: Run): string =>
  join(folder, `${nameOf(run)}.json`);

/** A kept run's result; undefined where it was not played yet. */
export const keptResult = <Run, Result>(
  kept: Pick<Kept<Run, Result>, 'folder' | 'nameOf'>,
  run: Run,
): Result | undefined => resultIn(fileOf(kept, run));

/** A run that was played with older code, by the names that it had then, the latest first. */
export function olderResult<Result>(folder: string, names: readonly string[]): Result | undefined {
  for (const name of names) {
    const result = resultIn<Result>(join(folder, `${name}.json`));
    if (result !== undefined) return result;
  }
  return undefined;
}

const resultIn = <Result>(file: string): Result | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;

/** Plays what is missing of `runs`, one after the other. */
export async function playMissing<Run, Result>(
  kept: Kept<Run, Result>,
  runs: readonly Run[],
  say: (line: string) => void,
): Promise<void> {
  mkdirSync(kept.folder, { recursive: true });
  const byName = new Map(runs.map((run) => [kept.nameOf(run), run]));
  const missing = [...byName.values()].filter((run) => !existsSync(fileOf(kept, run)));
  for (const [k, run] of missing.entries()) {
    const start = performance.now();
    const text = JSON.stringify(await kept.play(run));
    const file = fileOf(kept, run);
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    say(`${k + 1} of ${missing.length}  ${kept.nameOf(run)}  ${seconds} s`);
  }
}
