// `npm run mutants`: makes the code wrong in one chosen place after the other, in a copy, and tells which of these
// mutants the tests that are named for them notice.
import { flag, many, toggle } from '../../node/cli/command/flag.ts';
import { text } from '../../node/cli/command/rules.ts';
import { action } from '../../node/cli/command/verb.ts';
import { NodeError } from '../../node/errors.ts';
import { runScript } from '../../scripts/script.ts';
import { root } from '../suites/suite.ts';
import { type Run, runTests } from './judge.ts';
import { type Mutant, readMutants } from './mutant.ts';
import { Tree } from './tree.ts';

/** What became of a mutant: `caught`, `survived`, `equivalent` (nothing to catch) or `broken` (it does not build). */
interface Verdict {
  readonly name: string;
  readonly part: string;
  readonly verdict: 'caught' | 'survived' | 'equivalent' | 'broken';
  /** The test that noticed it, or what else there is to say. */
  readonly by?: string;
  readonly seconds: number;
}

const mutants = action({
  summary: 'make the code wrong in one place after the other, and see whether tests notice',
  details: `Each mutant is one change of test/mutants/list/. It is made in a copy of the repository below build/, and the
    tests that are named for it run there, up to the first that fails. Before that they run once without it. All of
    them take hours on two cores. Exits with 1 where a mutant survives.`,
  flags: {
    only: many(flag('NAME', 'one part, such as he, or one mutant; several with more --only', text(100))),
    json: toggle('one line of JSON a mutant'),
  },
  examples: [
    'npm run mutants -- --only prover',
    'npm run mutants -- --only node --only response-not-rejected',
  ],
  run: async ({ only, json }) => {
    const all = chosen(readMutants(), only);
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
    return verdicts.every(({ verdict }) => verdict === 'caught' || verdict === 'equivalent') ? 0 : 1;
  },
});

/** Runs the mutants; resolves to 0 only when each is caught or equivalent. */
export const main = (args: readonly string[]): Promise<number> =>
  runScript('npm run mutants --', mutants, args);

function chosen(all: readonly Mutant[], only: readonly string[] | undefined): readonly Mutant[] {
  if (only === undefined || only.length === 0) return all;
  for (const name of only)
    if (!all.some((mutant) => mutant.part === name || mutant.name === name))
      throw new NodeError('usage', `no mutant and no part is called ${JSON.stringify(name)}`, {
        mend: `Parts: ${[...new Set(all.map(({ part }) => part))].join(', ')}; mutants: test/mutants/list/.`,
      });
  return all.filter(({ part, name }) => only.includes(part) || only.includes(name));
}

async function judge(tree: Tree, mutant: Mutant, sound: Map<string, Run>): Promise<Verdict> {
  const { name, part, tests, equivalent } = mutant;
  const started = performance.now();
  const verdict = (verdict: Verdict['verdict'], by?: string): Verdict => ({
    name,
    part,
    verdict,
    ...(by !== undefined && { by }),
    seconds: Math.round((performance.now() - started) / 1000),
  });
  if (equivalent !== undefined) return verdict('equivalent', equivalent);
  // Tests that fail anyway would notice everything.
  const key = tests.join();
  const before = sound.get(key) ?? (await runTests(tree.root, tests));
  sound.set(key, before);
  if (before.end !== 'passed')
    return verdict('broken', `its tests do not pass without it (${before.end}): ${why(before)}`);
  const run = await tree.with(mutant, () => runTests(tree.root, tests));
  if (run.end === 'passed') return verdict('survived', mutant.harm);
  return run.end === 'broken' ? verdict('broken', run.why) : verdict('caught', why(run));
}

const why = (run: Run): string =>
  run.end === 'failed' ? run.by : run.end === 'broken' ? run.why : 'the tests did not end';

const shown = ({ name, part, verdict, by, seconds }: Verdict): string =>
  `${verdict.padEnd(10)} ${part} ${name}, ${seconds} s${by === undefined ? '' : `: ${by.replaceAll('\n', ' ')}`}`;

function summary(verdicts: readonly Verdict[]): string {
  const of = (verdict: Verdict['verdict']) => verdicts.filter((each) => each.verdict === verdict).length;
  const broken = of('broken');
  return (
    `${of('caught')} caught, ${of('survived')} survived, ${of('equivalent')} equivalent` +
    (broken > 0 ? `, ${broken} broken: they say nothing` : '')
  );
}
