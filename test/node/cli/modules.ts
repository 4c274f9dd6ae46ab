// Which modules a command loads: a probe that node runs before the program (`node --import`), and the list
// that it leaves behind.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../suites/suite.ts';

const variable = 'MURMURATION_TEST_MODULES';
const file = process.env[variable];
if (file)
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) appendFileSync(file, `${fileURLToPath(url)}\n`);
      return next(url, context);
    },
  });

/** What a command printed, how it ended, and the modules that it loaded, as paths below the repository. */
export interface Loaded {
  readonly status: number | null;
  readonly output: string;
  readonly modules: readonly string[];
  /** Names of the packages among them that are not the repository's own. */
  readonly packages: readonly string[];
}

/** Runs a script of the repository with the probe. */
export function runLoaded(script: string, ...args: string[]): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'));
  const list = join(folder, 'list');
  appendFileSync(list, '');
  const probe = ['--import', fileURLToPath(import.meta.url)];
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...probe, join(root, script), ...args], {
      encoding: 'utf8',
      env: { ...process.env, [variable]: list },
    });
    const loaded = new Set(readFileSync(list, 'utf8').trim().split('\n').filter(Boolean));
    const modules = [...loaded].map((path) => relative(root, path));
    const packages = modules.flatMap((path) => {
      const inside = path.split('node_modules/').at(-1)!;
      if (inside === path) return [];
      return inside.split('/', inside.startsWith('@') ? 2 : 1).join('/');
    });
    return { status, output: stdout + stderr, modules, packages: [...new Set(packages)] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
