// NOTICE names every direct dependency with its licence and version; versions are exact.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './suites/suite.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const direct = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

it('NOTICE lists exactly the direct dependencies', () => {
  const listed = [...read('NOTICE').matchAll(/^- (\S+) /gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual(
    [...Object.keys(direct), ...Object.keys(manifest.peerDependencies ?? {})].sort(),
  );
});

it('versions are exact', () => {
  for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});
