// A script that plays runs, keeps them, and writes a page of docs/ from what is kept.
import { flag, toggle, withDefault, withShown } from '../node/cli/command/flag.ts';
import { path, someOf } from '../node/cli/command/rules.ts';
import { action } from '../node/cli/command/verb.ts';
import { runScript } from './script.ts';

/** A page and the runs that it is made of. */
export interface PageScript<Part extends string, Run> {
  /** Its name in package.json. */
  readonly name: string;
  readonly summary: string;
  readonly details: string;
  /** Flags of an example. */
  readonly example: string;
  readonly partNames: readonly Part[];
  /** Parts that are played where they are named alone. */
  readonly apart?: readonly Part[];
  readonly seeds: readonly number[];
  /** Where runs are kept unless told. */
  readonly defaultFolder: string;
  runsOf(part: Part, seeds: readonly number[]): readonly Run[];
  /** Plays what is missing. */
  play(folder: string, runs: readonly Run[], say: (line: string) => void): Promise<void>;
  /** Writes the page from what is kept. @param only parts, where they are named. @returns the files written. */
  write(folder: string, only?: readonly Part[]): readonly string[];
}

/** Plays and writes; resolves to the exit code. */
export function runPageScript<Part extends string, Run>(
  page: PageScript<Part, Run>,
  args: readonly string[],
): Promise<number> {
  const { name, summary, details, example, partNames, apart = [], seeds, defaultFolder } = page;
  return runScript(
    `npm run ${name} --`,
    action({
      summary,
      details,
      flags: {
        only: withShown(flag('PARTS', 'play these parts alone', someOf(...partNames, ...apart)), 'all'),
        seeds: withShown(flag('SEEDS', 'play these seeds alone', someOf(...seeds.map(String))), 'all'),
        folder: withDefault(flag('FOLDER', 'keep the runs there', path), defaultFolder),
        dry: toggle('play nothing: write the page from what is kept'),
      },
      examples: [`npm run ${name}`, `npm run ${name} -- ${example}`],
      async run({ only, seeds: chosen = seeds.map(String), folder, dry }) {
        const runs = (only ?? partNames).flatMap((part) => page.runsOf(part, chosen.map(Number)));
        if (!dry) await page.play(folder, runs, console.log);
        for (const file of page.write(folder, only)) console.log(`wrote ${file}`);
      },
    }),
    args,
  );
}
