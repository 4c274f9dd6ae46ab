// Mutants by chance: Stryker's operators know what can be made wrong in a file, a seed draws some of it, and the tests
// that are nearest to each by name are to notice it. A list by hand holds what somebody thought of; this does not.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import { seeded } from '../../node/learn/index.ts';
import { root } from '../suites/suite.ts';
import { sourceOf, type Trial } from './mutant.ts';

/** What is drawn from: where an unnoticed change costs stake, data or a proof. */
export const drawnFolders = ['he', 'prover', 'node/protocol', 'node/chain', 'node/roles'] as const;

/** Files of tests that are run for one; the farther ones seldom notice what these do not. */
const nearest = 8;

/** Wording is nobody's promise, and types refuse most objects that lack what they had. */
const excludedMutations = ['StringLiteral', 'Regex', 'ObjectLiteral'];

/** Draws mutants from folders, each mutant of all of them as likely as another, the same for the same seed. */
export async function drawMutants(count: number, seed: number, folders: readonly string[]): Promise<Trial[]> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  const all = (await Promise.all(files.filter(isSource).map(mutantsOf))).flat();
  const { below } = seeded(seed, 'mutants');
  const drawn: Trial[] = [];
  while (drawn.length < count && all.length > 0) {
    const [mutant] = all.splice(below(all.length), 1);
    drawn.push({ ...mutant!, tests: nearestTests(mutant!.file, sourceOf(mutant!)) });
  }
  return drawn;
}

const isSource = (file: string): boolean => !/node_modules|\.d\.ts$/.test(file);

const nothing = (): void => undefined;
const never = (): boolean => false;
const logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  isTraceEnabled: never,
  isDebugEnabled: never,
  isInfoEnabled: never,
  isWarnEnabled: never,
  isErrorEnabled: never,
  isFatalEnabled: never,
};
const instrumenter = createInjector()
  .provideValue('logger', logger)
  .provideValue('getLogger', () => logger)
  .injectFunction(createInstrumenter as never) as unknown as ReturnType<typeof createInstrumenter>;

/** All mutants of a file; what tests are near is looked up for those that are drawn. */
async function mutantsOf(file: string): Promise<Omit<Trial, 'tests'>[]> {
  const source = sourceOf({ file });
  const { mutants } = await instrumenter.instrument([{ name: file, content: source, mutate: true }], {
    plugins: null,
    excludedMutations,
    ignorers: [],
  } as never);
  const starts = lineStarts(source);
  return mutants
    .filter(({ status }) => status === undefined)
    .map(({ location: { start, end }, mutatorName, replacement }) => {
      const [from, to] = [start, end].map(({ line, column }) => starts[line]! + column) as [number, number];
      return {
        name: `${file}:${start.line + 1}:${start.column + 1}`,
        part: mutatorName,
        file,
        harm: `${oneLine(source.slice(from, to))} -> ${oneLine(replacement)}`,
        wrong: (right) => right.slice(0, from) + replacement + right.slice(to),
      };
    });
}

const lineStarts = (source: string): number[] => [
  0,
  ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1),
];

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}

let tests: readonly { readonly file: string; readonly text: string }[] | undefined;

/** The tests that are nearest to a file: named or placed as it is, or naming what it exports. */
export function nearestTests(file: string, source: string): string[] {
  tests ??= globSync('test/{he,prover,node}/**/*.test.ts', { cwd: root })
    .sort()
    .map((name) => ({ file: name, text: readFileSync(join(root, name), 'utf8') }));
  const words = file.replace(/\.ts$/, '').split('/');
  const names = [
    ...source.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm),
  ].map((match) => new RegExp(`\\b${match[1]}\\b`));
  const near = tests.flatMap((test) => {
    const own = test.file.replace(/^test\/|\.test\.ts$/g, '').split('/');
    if (own[0] !== words[0]) return [];
    const shared = words.findIndex((word, at) => word !== own[at]);
    const named = own.at(-1) === words.at(-1) ? 4 : 0;
    const says = names.filter((name) => name.test(test.text)).length;
    return [{ file: test.file, rank: 2 * (shared < 0 ? words.length : shared) + named + Math.min(says, 3) }];
  });
  return near
    .sort((a, b) => b.rank - a.rank)
    .slice(0, nearest)
    .map(({ file }) => file);
}
