// `npm run adversaries`: plays the runs of docs/adversaries.md that are not kept yet, and writes the page.
import { writeDocument } from '../bench/adversaries/document.ts';
import { nameOf, partNames, runsOf, seeds } from '../bench/adversaries/plan.ts';
import { defaultFolder, play } from '../bench/adversaries/play.ts';
import { playMissing } from '../bench/kept_runs.ts';
import { flag, toggle, withDefault, withShown } from '../node/cli/command/flag.ts';
import { path, someOf } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { runScript } from './script.ts';

/** Plays and writes; resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runScript(
    'npm run adversaries --',
    action({
      summary: 'play the adversaries, and write what became of them',
      details: `Plays the runs of docs/adversaries.md, federations and simulations, and writes the page. Each run is
        kept: what is stopped goes on where it was, and a page that is written before all runs are kept says of how
        many its figures are.`,
      flags: {
        only: withShown(flag('PARTS', 'play these parts alone', someOf(...partNames)), 'all'),
        seeds: withShown(flag('SEEDS', 'play these seeds alone', someOf(...seeds.map(String))), 'all'),
        folder: withDefault(flag('FOLDER', 'keep the runs there', path), defaultFolder),
        dry: toggle('play nothing: write the page from what is kept'),
      },
      examples: ['npm run adversaries', 'npm run adversaries -- --only roles --seeds 1'],
      async run({ only = partNames, seeds: chosen = seeds.map(String), folder, dry }) {
        const runs = only.flatMap((part) => runsOf(part, chosen.map(Number)));
        if (!dry) await playMissing({ folder, nameOf, play }, runs, console.log);
        console.log(`wrote ${writeDocument(folder)}`);
      },
    }),
    args,
  );
