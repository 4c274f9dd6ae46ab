// `npm run joining`: plays the splits of docs/joining.md that are not kept yet, and writes the page.
import { writeDocument } from '../bench/joining/document.ts';
import { partNames, runsOf, seeds } from '../bench/joining/plan.ts';
import { defaultFolder, playAll } from '../bench/joining/play.ts';
import { runPageScript } from './page.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runPageScript(
    {
      name: 'joining',
      summary: 'whether joining pays, site by site, on hospitals and lenders',
      details: `Plays splits of two federations by the simulation, and one of each as \`npm start\` does, adapts the model at each site, compares it with what
        the site and all of them pooled reach, and writes docs/joining.md. Each split is kept: what is stopped goes on
        where it was.`,
      example: '--only hearts --seeds 1,2',
      partNames,
      seeds,
      defaultFolder,
      runsOf,
      play: playAll,
      write: writeDocument,
    },
    args,
  );
