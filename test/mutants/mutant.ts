// What a mutant is: one place of the code, made wrong. The lists beside this file have one file for each part of the
// repository; whoever adds a mutant names the tests that must notice it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../suites/suite.ts';

const line = z.string().min(1).max(400);

const mutantSchema = z.strictObject({
  /** Its name for `--only`. */
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** From the root. */
  file: z.string().regex(/^(circuits|contracts\/src|core|he|node|prover)\/[\w./-]+\.(circom|sol|ts)$/),
  /** What stands there exactly once. */
  text: z.string().min(1),
  /** What stands there instead. */
  instead: z.string(),
  /** What would be wrong with it. */
  harm: line,
  /** The files of tests that must notice it: vitest's, or of a contract Foundry's. */
  tests: z.array(z.string().regex(/^(test\/.+\.test\.ts|contracts\/test\/.+\.t\.sol)$/)).min(1),
  /** Why it changes nothing that anybody could see, so that no test can notice it. */
  equivalent: line.optional(),
});

export type Mutant = z.output<typeof mutantSchema> & { readonly part: string };

/** A mutant as it is tried, from a list or drawn. */
export interface Trial {
  readonly name: string;
  readonly part: string;
  readonly file: string;
  readonly tests: readonly string[];
  readonly harm: string;
  readonly equivalent?: string | undefined;
  /** Whether the compiler may refuse it where tests pass: of drawn ones it is not asked, as Stryker does not. */
  readonly typed: boolean;
  /** Its file made wrong. */
  wrong(right: string): string;
}

const folder = join(import.meta.dirname, 'list');

/** A mutant of a list, to be tried. */
export const trialOf = (mutant: Mutant): Trial => ({
  ...mutant,
  typed: mutant.file.endsWith('.ts'),
  wrong: (right) => mutated(right, mutant),
});

/** All mutants of the lists, by part and in their order. */
export function readMutants(): readonly Mutant[] {
  const files = readdirSync(folder).sort();
  return files.flatMap((file) => {
    const part = file.replace(/\.json$/, '');
    const list = z
      .array(mutantSchema)
      .min(1)
      .parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return list.map((mutant) => ({ ...mutant, part }));
  });
}

/**
 * The source with a mutant in it.
 * @throws where the text does not stand there exactly once.
 */
export function mutated(source: string, { name, file, text, instead }: Mutant): string {
  const times = source.split(text).length - 1;
  if (times !== 1)
    throw new Error(
      `mutant ${name}: its text stands ${times} times in ${file}, but must stand there once: give it the text that ` +
        'stands there now',
    );
  if (text === instead) throw new Error(`mutant ${name} changes nothing`);
  const at = source.indexOf(text);
  return source.slice(0, at) + instead + source.slice(at + text.length);
}

/** A mutant's file as it is in the repository. */
export const sourceOf = ({ file }: Pick<Mutant, 'file'>): string => readFileSync(join(root, file), 'utf8');
