// `npm run bench -- privacy`: attacks what a federation opens, and writes docs/privacy.md and its pictures from what
// came of it. Each run is kept: what is stopped goes on where it was.
import { flag, toggle, withDefault, withShown } from '../node/cli/command/flag.ts';
import { path, someOf } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { run } from '../node/cli/output/run.ts';
import { runScript } from '../scripts/script.ts';
import { writeDocument } from './privacy/document.ts';
import { partNames, runsOf, seeds } from './privacy/plan.ts';
import { defaultFolder, playAll } from './privacy/play.ts';

const bench = action({
  summary: 'attack updates, opened sums and final models, and write docs/privacy.md',
  details: `Gradient inversion on digits and on clinical rows, and membership inference on the final model. The page
    says of how many seeds its figures are. Seeded, but for the noise of privacy, which is the system's.`,
  flags: {
    only: withShown(flag('PARTS', 'play these parts alone', someOf(...partNames)), 'all'),
    long: toggle(`${seeds.long.length} seeds in place of ${seeds.short.length}`),
    seeds: withShown(
      flag('SEEDS', 'play these seeds alone', someOf(...seeds.long.map(String))),
      'all of the form',
    ),
    folder: withDefault(flag('FOLDER', 'keep the runs there', path), defaultFolder),
    dry: toggle('play nothing: write the page from what is kept'),
  },
  examples: ['npm run bench -- privacy', 'npm run bench -- privacy --long --only membership'],
  async run({ only = partNames, long, seeds: given, folder, dry }) {
    const chosen = given?.map(Number) ?? (long ? seeds.long : seeds.short);
    if (!dry)
      await playAll(
        folder,
        only.flatMap((part) => runsOf(part, chosen)),
        console.log,
      );
    for (const file of writeDocument(folder)) console.log(`wrote ${file}`);
  },
});

await run({ program: 'murmuration', json: false }, () =>
  runScript('npm run bench -- privacy', bench, process.argv.slice(2)),
);
