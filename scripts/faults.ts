// `npm run faults`: plays the runs of docs/faults.md that are not kept yet, and writes the page.
import { writeChurn, writeDocument } from '../bench/faults/document.ts';
import { nameOf, partNames, runsOf, seeds } from '../bench/faults/plan.ts';
import { defaultFolder, play } from '../bench/faults/play.ts';
import { playMissing } from '../bench/kept_runs.ts';
import { runPageScript } from './page.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runPageScript(
    {
      name: 'faults',
      summary: 'break what federations stand on, and write what became of them',
      details: `Plays the runs of docs/faults.md: members that are killed between any two writes, full disks, clocks that
        are off, providers that are gone, chains that restart, two processes with one key, 200 rounds in one process. Each
        run is kept: what is stopped goes on where it was, and a page that is written before all runs are kept says so. With
        --only churn: 500 rounds of tasks whose members come and go, for a night; it writes its own part of the page alone,
        also from a record that was cut.`,
      example: '--only writes,chain --seeds 1',
      partNames,
      apart: ['churn'],
      seeds,
      defaultFolder,
      runsOf,
      play: (folder, runs, say) =>
        playMissing({ folder, nameOf, play: (run) => play(run, 'build', say, folder) }, runs, say),
      write: (folder, only) =>
        only?.length === 1 && only[0] === 'churn' ? writeChurn(folder) : [writeDocument(folder)],
    },
    args,
  );
