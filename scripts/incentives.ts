// `npm run incentives`: plays the runs of docs/incentives.md that are not kept yet, and writes the page and its plots.
import { writeDocument } from '../bench/incentives/document.ts';
import { partNames, runsOf, seeds } from '../bench/incentives/plan.ts';
import { defaultFolder, playAll } from '../bench/incentives/play.ts';
import { flag, toggle, withDefault, withShown } from '../node/cli/command/flag.ts';
import { path, someOf } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { runScript } from './script.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runScript(
    'npm run incentives --',
    action({
      summary: 'play the adversaries against the rule of pay and strikes',
      details: `Plays the runs of docs/incentives.md and writes the page and its plots. Each run is kept: what is
        stopped goes on where it was, and a page that is written before all runs are kept says of how many seeds
        its figures are.`,
      flags: {
        only: withShown(flag('PARTS', 'play these parts alone', someOf(...partNames)), 'all'),
        seeds: withShown(flag('SEEDS', 'play these seeds alone', someOf(...seeds.map(String))), 'all'),
        folder: withDefault(flag('FOLDER', 'keep the runs there', path), defaultFolder),
        dry: toggle('play nothing: write the page from what is kept'),
      },
      examples: ['npm run incentives', 'npm run incentives -- --only adversaries --seeds 1,2'],
      async run({ only = partNames, seeds: chosen = seeds.map(String), folder, dry }) {
        const runs = only.flatMap((part) => runsOf(part, chosen.map(Number)));
        if (!dry) await playAll(folder, runs, console.log);
        for (const file of writeDocument(folder)) console.log(`wrote ${file}`);
      },
    }),
    args,
  );
