// Each library alone: its folder and its tests in an empty folder, whose node_modules has what its package
// names and the tools of development. There it is type-checked, its tests run, and it is built.
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile, link, readManifest, stage, workspaces } from '../../scripts/stage.ts';
import { count, type Outcome, root, type Suite, tool } from './suite.ts';
import { runVitest } from './vitest.ts';

interface Library {
  readonly folder: string;
  /** Tests, as patterns below test/<folder>, in which other libraries' modules take part: left out. */
  readonly joint?: readonly string[];
  /** Helpers of other libraries' tests that its tests use, from the repository's root. */
  readonly helpers?: readonly string[];
  /** Tests, as patterns below test/<folder>, that take minutes and run here with `--all` only. */
  readonly long?: readonly string[];
}

const libraries: readonly Library[] = [
  { folder: 'core' },
  { folder: 'he', long: ['forgery.test.ts', 'joint.test.ts', 'seal.test.ts'] },
  {
    folder: 'circuits',
    // The statements themselves are tested with the prover's witness generators.
    joint: [
      ...[
        'aggregate',
        'alignment',
        'counts',
        'determined',
        'random',
        'score',
        'score_parts',
        'templates',
        'update',
        'vectors',
      ].map((name) => `${name}.test.ts`),
      'support/*',
    ],
  },
  {
    folder: 'prover',
    helpers: ['test/circuits/support/honest.ts'],
    long: [
      'backends/**',
      'batch/**',
      'ceremony/**',
      'keys/generate.test.ts',
      'statements/**',
      'wasm/sums.test.ts',
      'wasm/threads.test.ts',
    ],
  },
  { folder: 'contracts', long: ['deploy.test.ts'] },
];

/** What the tests of several libraries share. */
const shared = [
  'docs/encodings.md',
  'docs/proofs/encryption.md',
  'foundry.toml',
  'package.json',
  'test/*.ts',
  'test/suites/suite.ts',
  'test/vectors/*.json',
  'test/vectors/random.ts',
  'tsconfig.json',
  'vitest.config.ts',
];
const tools = ['@types/node', 'fast-check', 'typescript', 'vitest'];
const stages = join(root, 'build/test/alone');

export const alone: Suite = {
  name: 'alone',
  what: 'each library copied out of the repository: types, build, tests',
  run: ({ all = false } = {}) => run(all),
};

/** Patterns of the tests of a library, from the repository's root, that do not run alone. */
const leftOut = ({ folder, joint = [], long = [] }: Library, all: boolean): string[] =>
  [...joint, ...(all ? [] : long)].map((pattern) => `test/${folder}/${pattern}`);

/** The files of tests, from the repository's root, that run alone. */
export const testsAlone = (all: boolean): string[] =>
  libraries.flatMap((library) =>
    globSync(`test/${library.folder}/**/*.test.ts`, { cwd: root, exclude: leftOut(library, all) }),
  );

async function run(all: boolean): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] };
  // What a library imports of the others is their published form.
  for (const folder of workspaces.filter((name) => name !== 'node')) await stage(stages, folder);
  for (const library of libraries) {
    const home = mkdtempSync(join(tmpdir(), `murmuration-${library.folder}-`));
    try {
      await copyOut(library, home, all);
      const options = { cwd: home, env: { FORCE_COLOR: '0' } };
      const types = await tool('tsc', ['--noEmit', '--project', '.'], options);
      count(outcome, `${library.folder}: types`, types.code === 0);
      const { passed, failed, skipped } = await runVitest('unit', {
        cwd: home,
        env: options.env,
        show: 'dot',
      });
      outcome.passed += passed;
      outcome.failed.push(...failed.map((name) => `${library.folder}: ${name}`));
      outcome.skipped.push(...skipped);
      const fault = await compile(join(home, library.folder)).then(
        () => undefined,
        (error: Error) => error.message,
      );
      count(outcome, `${library.folder}: build`, fault === undefined, fault);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  rmSync(stages, { recursive: true, force: true });
  return outcome;
}

/** Lays a library out in an empty folder as it lies in the repository. */
async function copyOut(library: Library, home: string, all: boolean): Promise<void> {
  const { folder, helpers = [] } = library;
  const own = [`${folder}/**/*`, `test/${folder}/**/*`];
  const ignored = [
    'test/*.test.ts',
    'test/run.ts',
    `${folder}/node_modules/**`,
    `${folder}/dist/**`,
    ...leftOut(library, all),
  ];
  for (const entry of globSync([...own, ...shared, ...helpers], {
    cwd: root,
    exclude: ignored,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(home, from.slice(root.length));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
  await installAlone(folder, home);
  // Compiled circuits, keys and contracts are found by content: they are the same here.
  for (const name of ['circuits', 'contracts', 'keys']) {
    mkdirSync(join(root, 'build', name), { recursive: true });
    await link(join(root, 'build', name), join(home, 'build', name));
  }
}

/** Fills node_modules with links: what the library's package.json names, development's tools, and itself. */
async function installAlone(folder: string, home: string): Promise<void> {
  const modules = join(home, 'node_modules');
  const { dependencies, devDependencies, optionalDependencies } = readManifest(folder);
  const own = new Map(workspaces.map((name) => [readManifest(name).name, name]));
  const forge = Object.keys(readRootManifest().optionalDependencies);
  const names = [
    ...Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
    ...tools,
    ...forge,
  ];
  for (const name of names) {
    const workspace = own.get(name);
    const places = [join(root, folder, 'node_modules', name), join(root, 'node_modules', name)];
    const at = workspace === undefined ? places.find((place) => existsSync(place)) : join(stages, workspace);
    // Foundry's packages for other platforms are not installed.
    if (at !== undefined) await link(at, join(modules, name));
  }
  await link(join(home, folder), join(modules, readManifest(folder).name));
  await link(join(root, 'node_modules/.bin'), join(modules, '.bin'));
}

const readRootManifest = () =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
