// `npm run incentives`: plays the runs of docs/incentives.md that are not kept yet, and writes the page and its plots.
import { writeDocument } from '../bench/incentives/document.ts';
import { partNames, runsOf, seeds } from '../bench/incentives/plan.ts';
import { defaultFolder, playAll } from '../bench/incentives/play.ts';
import { runPageScript } from './page.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runPageScript(
    {
      name: 'incentives',
      summary: 'play the adversaries against the rule of pay and strikes',
      details: `Plays the runs of docs/incentives.md and writes the page and its plots. Each run is kept: what is
        stopped goes on where it was, and a page that is written before all runs are kept says of how many seeds
        its figures are.`,
      example: '--only adversaries --seeds 1,2',
      partNames,
      seeds,
      defaultFolder,
      runsOf,
      play: playAll,
      write: writeDocument,
    },
    args,
  );
