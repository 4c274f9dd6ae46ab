// The structure of the house: a package imports only what its package.json names, through the other's face; inside a package no
// import points up and none goes in a circle.
import { globSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importedFile, importedFiles, importsOf } from './imports.ts';
import { root } from './suites/suite.ts';

type Manifest = { name: string } & Partial<
  Record<
    'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies',
    Record<string, string>
  >
>;

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
const manifests = Object.fromEntries(
  workspaces.map((folder) => [folder, JSON.parse(read(`${folder}/package.json`)) as Manifest]),
);

/** Rooms of node/, and of its rooms roles/, service/ and cli/, from the lowest floor up: a room imports from its own floor's room or from lower ones. */
const floors: Record<string, string[][]> = {
  node: [
    ['protocol', 'state', 'http'],
    ['keystore', 'store', 'compress'],
    ['learn', 'peer', 'report'],
    ['chain', 'credit', 'cryptography', 'exchange', 'export', 'ring', 'review', 'service'],
    ['disputes', 'hosting', 'ledger', 'lending', 'site'],
    ['roles'],
    ['demo', 'audit'],
    ['simulate', 'scenarios'],
    ['local'],
    ['cli'],
  ],
  'node/roles': [['runtime', 'task'], ['key'], ['round', 'dispute'], ['market']],
  'node/service': [['job'], ['queue'], ['agent', 'client', 'bench'], ['api']],
  'node/cli': [
    ['command', 'output'],
    ['files'],
    ['open'],
    ['member', 'doctor', 'model', 'hosting'],
    ['desk'],
    ['verbs'],
  ],
};

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The rules that a file's imports break, each as one line. */
function violations(file: string, source: string): string[] {
  const folder = file.split('/')[0]!;
  const manifest = manifests[folder]!;
  const declared = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  };
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    if (specifier.startsWith('node:') || specifier.includes('$')) continue;
    if (specifier.startsWith('.')) {
      const target = importedFile(file, specifier)!;
      if (target.split('/')[0] !== folder) found.push(`${file}: leaves its package (${specifier})`);
      else found.push(...upward(file, target));
    } else if (!(packageOf(specifier) in declared)) {
      found.push(`${file}: ${folder}/package.json does not name ${packageOf(specifier)}`);
    }
  }
  return found;
}

/** An import that points up within a house of floors, or past a room's face. */
function upward(file: string, target: string): string[] {
  return Object.entries(floors).flatMap(([house, order]) => {
    if (!file.startsWith(`${house}/`) || !target.startsWith(`${house}/`)) return [];
    const room = (path: string) => path.slice(house.length + 1).split('/');
    const [from, to] = [room(file), room(target)];
    // Errors lie below all rooms; any other file beside the rooms stands on top of them.
    if (from.length === 1 || (house === 'node' && target === 'node/errors.ts')) return [];
    const floor = (name: string) => order.findIndex((rooms) => rooms.includes(name));
    if (from[0] === to[0]) return [];
    if (to.length === 1) return [`${file}: ${from[0]} points up to ${target}`];
    const [low, high] = [floor(to[0]!), floor(from[0]!)];
    if (low === -1 || high === -1)
      return [`${file}: ${low === -1 ? to[0] : from[0]} has no floor in ${house}`];
    if (low >= high) return [`${file}: ${from[0]} points up to ${to[0]} (${target})`];
    // A room takes what a room below hands out. The command line loads as little as a verb needs; and a file of the protocol may be
    // taken alone, since its face loads the prover, which learning in a worker thread must not.
    const alone = from[0] === 'cli' || to[0] === 'protocol';
    if (house === 'node' && !alone && to.join('/') !== `${to[0]}/index.ts`)
      return [`${file}: reaches past the face of ${to[0]} (${target})`];
    return [];
  });
}

/** The first circle of imports that is found, as a list of files. Type-only imports count. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const found = walk(next, [...path, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const found = walk(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

const files = globSync(`{${workspaces.join(',')}}/**/*.{ts,tsx}`, {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'dist',
}).map((file) => relative('.', file).split(sep).join('/'));

describe('packages', () => {
  it('import what their package.json names, and rooms only from below', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => violations(file, read(file)))).toEqual([]);
  });

  it.each([
    ['he/keys.ts', "import { ring } from '../node/ring/index.ts';", 'leaves its package'],
    ['he/keys.ts', "import { pack } from '@murmuration/prover';", 'does not name @murmuration/prover'],
    ['prover/kzg/commit.ts', "const he = await import('@murmuration/he');", 'does not name @murmuration/he'],
    ['node/roles/trainer.ts', "import seal from 'node-seal';", 'does not name node-seal'],
    ['node/store/folder.ts', "import '../roles/trainer.ts';", 'store points up to roles'],
    ['node/roles/key/keying.ts', "import '../round/sums.ts';", 'key points up to round'],
    ['node/roles/key/keying.ts', "import '../trainer.ts';", 'key points up to node/roles/trainer.ts'],
    ['node/cli/open/keys.ts', "import '../verbs/keys/run.ts';", 'open points up to verbs'],
    ['node/learn/index.ts', "export { demoTask } from '../demo/index.ts';", 'learn points up to demo'],
    ['node/local/run.ts', "import '../roles/runtime/loop.ts';", 'reaches past the face of roles'],
    ['node/cellar/x.ts', "import '../store/index.ts';", 'cellar has no floor'],
  ])('a wrong import in %s is caught: %s', (file, source, rule) => {
    expect(violations(file, source)).toEqual([expect.stringContaining(rule)]);
  });

  it('may import in the allowed direction', () => {
    expect(
      violations('node/roles/trainer.ts', "import { createProver } from '@murmuration/prover';"),
    ).toEqual([]);
  });
});

describe('files', () => {
  it('import nothing in a circle', () => {
    const graph = new Map(files.map((file) => [file, importedFiles(file)]));
    expect(circle(graph)).toEqual([]);
  });

  it('a circle is caught', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(circle(graph)).toEqual(['b', 'c', 'b']);
  });
});
