// A model that is a program: what each site installs by itself, and how the parameters lie that are aggregated. No
// code travels: the description has digests.
import { z } from 'zod';

/** Most files of a program, a frozen base model's among them. */
export const maxFiles = 64;
/** Most parameters with a name. */
export const maxNamed = 4096;
/** Most sides of one of them. */
const maxSides = 8;
/** Most settings. */
const maxSettings = 64;

/** A file's name below the program's folder: parts with `/` between, none of which leads out of it. */
const fileName = z
  .string()
  .max(200)
  .regex(
    /^(?!.*(^|\/)\.{1,2}(\/|$))[\w.-]+(\/[\w.-]+)*$/,
    'a name below the folder of the program, such as train.py',
  );

const file = z.strictObject({
  name: fileName,
  /** SHA-256 of the file's bytes, as `sha256sum` prints it. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case, as sha256sum prints them'),
});

/** What is aggregated under one name. */
export const namedParameter = z.strictObject({
  name: z.string().min(1).max(200),
  shape: z.array(z.int().min(1).max(16_777_216)).min(1).max(maxSides),
});

/** Settings that the program of every site is started with. */
export const programSettings = z
  .record(
    z.string().regex(/^[A-Za-z]\w{0,63}$/, 'letters, digits and _'),
    z.union([z.number().finite(), z.boolean(), z.string().max(1000)]),
  )
  .refine((settings) => Object.keys(settings).length <= maxSettings, `at most ${maxSettings} settings`);

/**
 * A program as a task's model. The first file is the one that is run; the others lie beside it, at every site.
 * `parameters` are what the program says that it has, in its order.
 */
export const programModel = z
  .strictObject({
    kind: z.literal('program'),
    files: z.array(file).min(1).max(maxFiles),
    settings: programSettings.default({}),
    parameters: z.array(namedParameter).min(1).max(maxNamed),
  })
  .superRefine(({ files, parameters }, context) => {
    const twice = (list: readonly { readonly name: string }[], part: string) => {
      const names = list.map(({ name }) => name);
      const at = names.findIndex((name, i) => names.indexOf(name) !== i);
      if (at >= 0)
        context.addIssue({
          code: 'custom',
          path: [part, at, 'name'],
          message: `${names[at]} stands there twice`,
        });
    };
    twice(files, 'files');
    twice(parameters, 'parameters');
  });

/** A program's description, parsed. */
export type ProgramModel = z.infer<typeof programModel>;
/** One of its parameters. */
export type NamedParameter = z.infer<typeof namedParameter>;
/** What it is started with. */
export type ProgramSettings = z.infer<typeof programSettings>;
