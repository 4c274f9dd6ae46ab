// Every package that a workspace asks for is one that somebody uses: what a package brings along, its own modules import;
// what only development needs, some file of the repository names.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest, workspaces } from '../scripts/stage.ts';
import { root } from './suites/suite.ts';

const apart = ['node_modules', 'build', 'dist', '.git'];
const textsOf = (pattern: string): string =>
  globSync(pattern, { cwd: root, exclude: (name) => apart.includes(basename(name)) })
    .filter((file) => !/package(-lock)?\.json$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
const everything = textsOf('**/*.{ts,tsx,mts,js,json,toml,sol}');

/** Types, which the compiler finds by itself. */
const types = /^@types\//;

const namesIt = (text: string, name: string) =>
  ['/', "'", '"'].some((end) => text.includes(`'${name}${end}`) || text.includes(`"${name}${end}`)) ||
  text.includes(`node_modules/${name}/`);

describe.each(workspaces.map((folder) => [folder, readManifest(folder)] as const))(
  '%s',
  (folder, manifest) => {
    it('imports what it brings along', () => {
      const own = textsOf(`${folder}/**/*.{ts,tsx,js}`);
      const names = Object.keys(manifest.dependencies ?? {});
      expect(names.filter((name) => !namesIt(own, name))).toEqual([]);
    });

    it('needs what it develops with', () => {
      const names = Object.keys(manifest.devDependencies ?? {}).filter((name) => !types.test(name));
      expect(names.filter((name) => !namesIt(everything, name))).toEqual([]);
    });
  },
);
