// `npm run adversaries`: plays the runs of docs/adversaries.md that are not kept yet, and writes the page.
import { writeDocument } from '../bench/adversaries/document.ts';
import { nameOf, partNames, runsOf, seeds } from '../bench/adversaries/plan.ts';
import { defaultFolder, play } from '../bench/adversaries/play.ts';
import { playMissing } from '../bench/kept_runs.ts';
import { runPageScript } from './page.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runPageScript(
    {
      name: 'adversaries',
      summary: 'play the adversaries, and write what became of them',
      details: `Plays the runs of docs/adversaries.md, federations and simulations, and writes the page. Each run is
        kept: what is stopped goes on where it was, and a page that is written before all runs are kept says of how
        many its figures are.`,
      example: '--only roles --seeds 1',
      partNames,
      seeds,
      defaultFolder,
      runsOf,
      play: (folder, runs, say) => playMissing({ folder, nameOf, play }, runs, say),
      write: (folder) => [writeDocument(folder)],
    },
    args,
  );
