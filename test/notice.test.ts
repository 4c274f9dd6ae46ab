// NOTICE names every direct dependency with its licence and version; versions are exact.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './suites/suite.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const repository = JSON.parse(read('package.json')) as { workspaces: string[] };
const manifests = ['.', ...repository.workspaces].map(
  (folder) => JSON.parse(read(`${folder}/package.json`)) as Record<string, Record<string, string>>,
);
const direct = Object.fromEntries(
  manifests.flatMap(({ dependencies, devDependencies, optionalDependencies, peerDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies }),
  ),
);
const own = new Set(repository.workspaces.map((_, at) => String(manifests[at + 1]!.name)));

it('NOTICE lists exactly the direct dependencies', () => {
  const listed = [...read('NOTICE').matchAll(/^- (\S+) /gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual(
    Object.keys(direct)
      .filter((name) => !own.has(name))
      .sort(),
  );
});

it('versions are exact', () => {
  for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});
