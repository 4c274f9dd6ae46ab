// Where the doors are tried: the checkout, or a folder that was empty until the packages were installed into it; in
// both with a home folder in which nothing is, and with no setting of anybody's.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, outsideEnvironment } from '../../scripts/install.ts';
import { pack } from '../../scripts/packages.ts';
import { cacheFolder } from '../cache_folder.ts';
import { createCommands } from '../e2e/processes.ts';
import { root, tool } from '../suites/suite.ts';

export interface Place {
  readonly kind: 'checkout' | 'packed';
  /** The folder whose `murmur` is run. */
  readonly from: string;
  /** A home folder in which nothing was. */
  readonly home: string;
  /** For what doors make. */
  readonly folder: string;
  /** Where circuits, contracts and keys are, or come to be. */
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** Commands that end with the place. */
  readonly commands: (env?: Record<string, string>) => ReturnType<typeof createCommands>;
  /** Does something before the place goes, the last first. */
  readonly defer: (end: () => Promise<unknown>) => void;
  /** Ends what has been deferred. */
  readonly settle: () => Promise<void>;
  /** Names of temporary files that are there. */
  readonly temporary: () => string[];
}

/**
 * Opens a place. The process's own environment is changed for it.
 * @param packed whether it is one of packages; nothing is installed there yet.
 * @param installed a folder that packages are installed into already.
 */
export async function openPlace(
  packed: boolean,
  installed?: string,
): Promise<Place & { readonly close: () => Promise<void> }> {
  // Of the user's home nothing is taken but what npm has downloaded before.
  const { stdout } = await tool('npm', ['config', 'get', 'cache'], { capture: true });
  for (const name of Object.keys(process.env))
    if (/^(MURMURATION_|XDG_|DATABASE_URL$)/.test(name)) delete process.env[name];
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-doors-'));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
  for (const path of [home, temporary]) mkdirSync(path);
  // PostgreSQL runs as a user of its own, and keeps its files in the latter.
  chmodSync(folder, 0o711);
  chmodSync(temporary, 0o1777);
  Object.assign(process.env, { HOME: home, TMPDIR: temporary, npm_config_cache: stdout.trim() });

  const ends: (() => Promise<unknown>)[] = [];
  const settle = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const from = installed ?? (packed ? join(folder, 'installed') : root);
  const cache = packed ? join(home, '.cache', 'murmuration') : cacheFolder;
  return {
    kind: packed ? 'packed' : 'checkout',
    from,
    home,
    folder,
    cache,
    env: { ...(packed ? outsideEnvironment() : process.env), MURMURATION_CACHE: cache },
    commands(env = {}) {
      const commands = createCommands(env, [], from);
      ends.push(() => commands.stop());
      return commands;
    },
    defer: (end) => void ends.push(end),
    settle,
    temporary: () => readdirSync(temporary),
    async close() {
      await settle();
      clear();
      process.off('exit', clear);
    },
  };
}

/** Packs the workspaces, and installs them where nothing is. */
export async function install({ from }: Place, say: (text: string) => void): Promise<string> {
  const out = join(root, 'build/doors');
  const gone = (): void => rmSync(out, { recursive: true, force: true });
  process.once('exit', gone);
  try {
    const tarballs = await pack({ out, presets: ['tiny', 'quick', 'base'], cacheFolder, say });
    say('installing the packages');
    await installPackages(
      from,
      tarballs.map(({ file }) => file),
    );
    const megabytes = tarballs.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    return `${tarballs.length} packages, ${megabytes.toFixed(1)} MB`;
  } finally {
    gone();
    process.off('exit', gone);
  }
}
