// Mutants by chance: Stryker's operators know what can be made wrong in a file, a seed draws some of it, and the tests
// that are nearest to each by name are to notice it. A list by hand holds what somebody thought of; this does not.
import { globSync } from 'node:fs';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import { seeded } from '../../node/learn/index.ts';
import { root } from '../suites/suite.ts';
import { sourceOf, type Trial } from './mutant.ts';
import { nearestTests } from './nearest.ts';

/** What is drawn from: where an unnoticed change costs stake, data or a proof. */
export const drawnFolders = ['he', 'prover', 'node/protocol', 'node/chain', 'node/roles'] as const;

/** Wording is nobody's promise, and types refuse most objects that lack what they had. */
const excludedMutations = ['StringLiteral', 'Regex', 'ObjectLiteral'];

/** A whole federation, which takes a minute: it runs where the nearest tests notice nothing. */
const whole = 'test/e2e/start.test.ts';

/** Draws mutants from folders, each mutant of all of them as likely as another, the same for the same seed. */
export async function drawMutants(count: number, seed: number, folders: readonly string[]): Promise<Trial[]> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  const all = (await Promise.all(files.filter(isSource).map(mutantsOf))).flat();
  const { below } = seeded(seed, 'mutants');
  const drawn: Trial[] = [];
  while (drawn.length < count && all.length > 0) {
    const [mutant] = all.splice(below(all.length), 1);
    drawn.push({ ...mutant!, tests: [...nearestTests(mutant!.file, sourceOf(mutant!)), whole] });
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
        typed: false,
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
