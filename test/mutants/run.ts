// `npm run mutants`: makes the code wrong in one chosen place after the other, in a copy, and tells which of these
// mutants the tests that are named for them notice.
import { flag, many, toggle, withDefault } from '../../node/cli/command/flag.ts';
import { text, whole } from '../../node/cli/command/rules.ts';
import { action } from '../../node/cli/command/verb.ts';
import { NodeError } from '../../node/errors.ts';
import { runScript } from '../../scripts/script.ts';
import { root } from '../suites/suite.ts';
import { drawMutants, drawnFolders } from './draw.ts';
import { type Run, runTests, typesRefuse } from './judge.ts';
import { readMutants, type Trial, trialOf } from './mutant.ts';
import { Tree } from './tree.ts';

/**
 * What becomes of a mutant: `caught` by a test, `refused` by the compiler where no test noticed it, `survived`,
 * `equivalent` (nothing to catch), or `broken` (it does not build, or its tests fail anyway).
 */
const verdictNames = ['caught', 'refused', 'survived', 'equivalent', 'broken'] as const;

interface Verdict {
  readonly name: string;
  readonly part: string;
  readonly harm: string;
  readonly verdict: (typeof verdictNames)[number];
  /** The test that noticed it, or why it is equivalent or broken. */
  readonly by?: string;
  readonly seconds: number;
}

const mutants = action({
  summary: 'make the code wrong in one place after the other, and see whether tests notice',
  details: `Each mutant is one change of test/mutants/list/. It is made in a copy of the repository below build/, and the
    tests that are named for it run there, up to the first that fails; what fails must pass without it. All of them take
    hours on two cores. --draw takes no list: Stryker's operators make the mutants of ${drawnFolders.join(', ')},
    a seed draws some of them, and the tests nearest to each by name run. Exits with 1 where a mutant survives.`,
  flags: {
    only: many(flag('NAME', 'one part, such as he, or one mutant; several with more --only', text(100))),
    draw: flag(
      'COUNT',
      'so many mutants by chance, with --only of the folders that it names',
      whole(1, 10_000),
    ),
    seed: withDefault(flag('NUMBER', 'decides which', whole(0, 2 ** 32 - 1)), 1),
    json: toggle('one line of JSON a mutant'),
  },
  examples: [
    'npm run mutants -- --only prover',
    'npm run mutants -- --only node --only response-not-rejected',
    'npm run mutants -- --draw 50 --seed 7 --only node/protocol',
  ],
  run: async ({ only, json, draw, seed }) => {
    const all = draw === undefined ? chosen(only) : await drawMutants(draw, seed, folders(only));
    const tree = Tree.copy(root);
    const stop = (): never => process.exit(130);
    const clear = (): void => tree.remove();
    process.once('SIGINT', stop).once('SIGTERM', stop).once('exit', clear);
    const sound = new Map<string, Run>();
    const verdicts: Verdict[] = [];
    try {
      for (const [at, mutant] of all.entries()) {
        if (!json) console.error(`${at + 1}/${all.length} ${mutant.part} ${mutant.name} ...`);
        const verdict = await judge(tree, mutant, sound);
        verdicts.push(verdict);
        console.log(json ? JSON.stringify(verdict) : shown(verdict));
      }
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop).off('exit', clear);
      clear();
    }
    if (!json) console.log(`\n${summary(verdicts)}`);
    return verdicts.every(({ verdict }) => verdict !== 'survived' && verdict !== 'broken') ? 0 : 1;
  },
});

/** Runs the mutants; resolves to 0 only when each is caught or equivalent. */
export const main = (args: readonly string[]): Promise<number> =>
  runScript('npm run mutants --', mutants, args);

function chosen(only: readonly string[] | undefined): readonly Trial[] {
  const all = readMutants().map(trialOf);
  if (only === undefined || only.length === 0) return all;
  for (const name of only)
    if (!all.some((mutant) => mutant.part === name || mutant.name === name))
      throw new NodeError('usage', `no mutant and no part is called ${JSON.stringify(name)}`, {
        mend: `Parts: ${[...new Set(all.map(({ part }) => part))].join(', ')}; mutants: test/mutants/list/.`,
      });
  return all.filter(({ part, name }) => only.includes(part) || only.includes(name));
}

/** The folders to draw from. */
function folders(only: readonly string[] | undefined): readonly string[] {
  if (only === undefined || only.length === 0) return drawnFolders;
  for (const name of only)
    if (!drawnFolders.some((folder) => name === folder || name.startsWith(`${folder}/`)))
      throw new NodeError('usage', `nothing is drawn from ${JSON.stringify(name)}`, {
        mend: `Folders: ${drawnFolders.join(', ')}, and what is in them.`,
      });
  return only;
}

async function judge(tree: Tree, mutant: Trial, sound: Map<string, Run>): Promise<Verdict> {
  const { name, part, tests, harm, equivalent } = mutant;
  const started = performance.now();
  const verdict = (verdict: Verdict['verdict'], by?: string): Verdict => ({
    name,
    part,
    harm,
    verdict,
    ...(by !== undefined && { by }),
    seconds: Math.round((performance.now() - started) / 1000),
  });
  if (equivalent !== undefined) return verdict('equivalent', equivalent);
  const [run, refused] = await tree.with(mutant, async () => {
    const end = await runTests(tree.root, tests);
    return [end, end.end === 'passed' && mutant.typed && (await typesRefuse(tree.root))] as const;
  });
  if (run.end === 'passed') return verdict(refused ? 'refused' : 'survived');
  if (run.end === 'broken') return verdict('broken', run.why);
  // Tests that fail anyway would notice everything.
  const key = run.tests.join();
  const before = sound.get(key) ?? (await runTests(tree.root, run.tests));
  sound.set(key, before);
  return before.end === 'passed'
    ? verdict('caught', why(run))
    : verdict('broken', `its tests do not pass without it (${before.end}): ${why(before)}`);
}

const why = (run: Run): string =>
  run.end === 'failed' ? run.by : run.end === 'broken' ? run.why : 'the tests did not end';

const shown = ({ name, part, harm, verdict, by = harm, seconds }: Verdict): string =>
  `${verdict.padEnd(10)} ${part} ${name}, ${seconds} s: ${by.replaceAll('\n', ' ')}`;

function summary(verdicts: readonly Verdict[]): string {
  const of = (verdict: Verdict['verdict']) => verdicts.filter((each) => each.verdict === verdict).length;
  return verdictNames.map((name) => `${of(name)} ${name}`).join(', ');
}
