// Dependencies between the folders point one way: node -> prover, he; nothing else.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './suites/suite.ts';

/** Which folders each folder may import from, besides itself. */
const mayImport: Record<string, string[]> = {
  circuits: [],
  prover: ['circuits'],
  he: [],
  contracts: [],
  node: ['prover', 'he', 'contracts'],
};

/** Packages that one folder alone may touch. */
const owners: Record<string, string> = {
  'node-seal': 'he',
  snarkjs: 'prover',
  ffjavascript: 'prover',
  circom2: 'prover',
  '@tensorflow/': 'node',
  libp2p: 'node',
  '@libp2p/': 'node',
};

function importsOf(source: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\bnew URL\(\s*)['"]([^'"]+)['"]/g;
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}

/** The rules that an import breaks, each as one line. */
function violations(file: string, source: string): string[] {
  const folder = file.split('/')[0]!;
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    if (specifier.startsWith('.')) {
      const target = join(dirname(file), specifier).split(sep).join('/');
      const other = target.split('/')[0]!;
      if (other === folder || !(other in mayImport)) continue;
      if (!mayImport[folder]!.includes(other))
        found.push(`${file}: ${folder} may not import ${other} (${specifier})`);
      else if (target.endsWith('.ts') && !/^\w+\/(\w+\/)?(index|bench)\.ts$/.test(target))
        found.push(`${file}: import ${other} through an index.ts, not ${specifier}`);
    } else {
      const owner = Object.entries(owners).find(
        ([name]) => specifier === name || specifier.startsWith(name.endsWith('/') ? name : `${name}/`),
      );
      if (owner && owner[1] !== folder) found.push(`${file}: only ${owner[1]} may import ${specifier}`);
    }
  }
  return found;
}

const files = globSync(`{${Object.keys(mayImport).join(',')}}/**/*.ts`, { cwd: root }).map((file) =>
  relative('.', file).split(sep).join('/'),
);

describe('folders', () => {
  it('import only what they may', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it.each([
    ['he/keys.ts', "import { ring } from '../node/ring/index.ts';", 'he may not import node'],
    ['he/keys.ts', "import { pack } from '../prover/index.ts';", 'he may not import prover'],
    ['prover/kzg/commit.ts', "const he = await import('../../he/index.ts');", 'prover may not import he'],
    ['node/roles/trainer.ts', "import { ntt } from '../../he/ring/ntt.ts';", 'through an index.ts'],
    ['node/roles/trainer.ts', "import seal from 'node-seal';", 'only he may import node-seal'],
    ['he/keys.ts', "import '../node/start.ts';", 'he may not import node'],
  ])('a wrong import in %s is caught: %s', (file, source, rule) => {
    expect(violations(file, source)).toEqual([expect.stringContaining(rule)]);
  });

  it('may import in the allowed direction', () => {
    expect(violations('node/roles/trainer.ts', "import { prove } from '../../prover/index.ts';")).toEqual([]);
  });
});
