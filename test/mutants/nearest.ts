// Which tests are nearest to a file. Only those that import it, directly or not, can notice a mutant of it; of those
// the first are named or placed as it is, or name what it exports.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importedFiles, startedFiles } from '../imports.ts';
import { root } from '../suites/suite.ts';

/** Files of tests that are run for one file, at most: the judge comes to the farther ones where the first pass. */
const most = 8;

/** Tests that take minutes: they come after others that are as near, or nearly. */
const slow =
  /^test\/(he\/(forgery|joint|seal)|node\/chain\/providers|node\/roles\/round\/decryption|prover\/(backends|batch|ceremony)\/\w+|prover\/keys\/generate|prover\/wasm\/threads)\.test\.ts$/;

interface Test {
  readonly file: string;
  readonly text: string;
  /** All files that it imports, directly or not, and over how many others. */
  readonly reaches: ReadonlyMap<string, number>;
}

let tests: readonly Test[] | undefined;

/** The tests that are nearest to a file, which holds `source`; the nearest first. */
export function nearestTests(file: string, source: string): string[] {
  tests ??= readTests();
  const words = file.replace(/\.ts$/, '').split('/');
  const names = [
    ...source.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm),
  ].map((match) => new RegExp(`\\b${match[1]}\\b`));
  // Of a file that nothing loads by its name, all tests of its part may be.
  const reached = tests.some(({ reaches }) => reaches.has(file));
  const near = tests.flatMap((test) => {
    const own = test.file.replace(/^test\/|\.test\.ts$/g, '').split('/');
    if (own[0] !== words[0] || (reached && !test.reaches.has(file))) return [];
    const shared = words.findIndex((word, at) => word !== own[at]);
    const named = own.at(-1) === words.at(-1) ? 4 : 0;
    const says = names.filter((name) => name.test(test.text)).length;
    // One in another room that names what the file exports is as near as one in its room that does not.
    const rank = 2 * (shared < 0 ? words.length : shared) + named + Math.min(3 * says, 6);
    const late = slow.test(test.file) ? 3 : 0;
    return [{ file: test.file, rank, turn: rank - late, steps: test.reaches.get(file) ?? 0 }];
  });
  // Slow ones are among them where they are near, and have their turn after others.
  return near
    .sort((a, b) => b.rank - a.rank || a.steps - b.steps)
    .slice(0, most)
    .sort((a, b) => b.turn - a.turn)
    .map((test) => test.file);
}

function readTests(): Test[] {
  const known = new Map<string, readonly string[]>();
  const imports = (file: string): readonly string[] => {
    const read = known.get(file) ?? [...importedFiles(file), ...startedFiles(file)];
    known.set(file, read);
    return read;
  };
  const reaches = (file: string): Map<string, number> => {
    const reached = new Map([[file, 0]]);
    for (const [next, steps] of reached)
      for (const imported of imports(next)) if (!reached.has(imported)) reached.set(imported, steps + 1);
    return reached;
  };
  return globSync('test/{he,prover,node}/**/*.test.ts', { cwd: root })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8'), reaches: reaches(file) }));
}
