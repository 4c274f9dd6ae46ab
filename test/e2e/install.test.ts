// What is packed works where nothing else is: an empty folder, npm, and the registry.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coldStart } from '../../bench/desk/cold_start.ts';
import { splitOf } from '../../bench/joining/world.ts';
import { reportSchema } from '../../node/report/index.ts';
import { simulate } from '../../node/simulate/index.ts';
import { installPackages, outsideEnvironment } from '../../scripts/install.ts';
import { pack, type Tarball } from '../../scripts/packages.ts';
import { readManifest } from '../../scripts/stage.ts';
import { cacheFolder } from '../cache_folder.ts';
import { root } from '../suites/suite.ts';
import { executablePath } from './desk_page.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-install-'));
const packages = join(root, 'build/test/packages');
const env = { ...outsideEnvironment(), MURMURATION_CACHE: join(home, 'cache') };
let tarballs: Tarball[];

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: home, env, maxBuffer: 1 << 26 })).stdout;
/**
 * Runs a file with the Node that npm finds: the one that was installed with the packages, where the registry
 * has one.
 */
const runFile = (file: string) => run('npx', '--call', `node ${file}`);
const installed = (pattern: RegExp): string[] =>
  ['node_modules/murmuration', 'node_modules/@murmuration'].flatMap((folder) =>
    readdirSync(join(home, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );

beforeAll(async () => {
  tarballs = await pack({ out: packages, presets: ['tiny'], cacheFolder });
  for (const { file } of tarballs) copyFileSync(file, join(home, basename(file)));
  await installPackages(
    home,
    tarballs.map(({ file }) => join(home, basename(file))),
    env,
  );
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(packages, { recursive: true, force: true });
});

describe('the packages', () => {
  it('hold what Node runs, and maps that carry their sources', () => {
    const names = tarballs.map(({ file }) => basename(file));
    const { version } = readManifest('node');
    expect(names).toEqual(
      ['-core', '-he', '-circuits', '-prover', '-contracts', '-desk', ''].map(
        (name) => `murmuration${name}-${version}.tgz`,
      ),
    );
    for (const file of ['update_job.json', 'programs/murmur.py', 'clinics/data/cleveland.csv'])
      expect(existsSync(join(home, 'node_modules/murmuration/examples', file)), file).toBe(true);
    // Node refuses TypeScript below node_modules.
    expect(installed(/(?<!\.d)\.ts$/)).toEqual([]);
    expect(installed(/\.js$/).length).toBeGreaterThan(200);
    for (const file of installed(/\.map$/)) {
      const { sourcesContent } = JSON.parse(readFileSync(file, 'utf8')) as { sourcesContent?: string[] };
      expect(sourcesContent?.length, file).toBe(1);
    }
    for (const file of installed(/\.js$/)) {
      const urls = readFileSync(file, 'utf8').match(/new URL\('[^']*\.ts'/g);
      expect(urls, file).toBeNull();
    }
  });

  it('have exports and types that fit', async () => {
    for (const { file } of tarballs) {
      const { buffer } = new Uint8Array(readFileSync(file));
      const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
      expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
    }
  });

  it('have types that strict consumers compile against', async () => {
    const strict = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      noEmit: true,
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const consumers = {
      bare: { lib: ['es2024'], types: [] },
      node: { lib: ['es2024'], types: ['node'] },
      chain: { lib: ['es2024', 'dom'], types: ['node'] },
    };
    for (const [name, options] of Object.entries(consumers)) {
      copyFileSync(join(import.meta.dirname, 'consumer', `${name}.mts`), join(home, `${name}.mts`));
      const config = { compilerOptions: { ...strict, ...options }, files: [`${name}.mts`] };
      writeFileSync(join(home, `${name}.json`), JSON.stringify(config));
      const words = await run(join(root, 'node_modules/.bin/tsc'), '--project', `${name}.json`).catch(
        (error: { stdout: string }) => error.stdout,
      );
      expect(words, name).toBe('');
    }
  });
});

it('a folder of sources is not packed by accident', async () => {
  const packing = promisify(execFile)('npm', ['pack', '--dry-run', '--workspace', 'he'], { cwd: root, env });
  await expect(packing).rejects.toMatchObject({ stderr: expect.stringContaining('Pack with: npm run pack') });
});

describe('from an empty folder', () => {
  it('npx murmur --help shows the verbs, with the Node that came along', async () => {
    expect(await run('npx', 'murmur', '--help')).toMatch(/^ +trainer +\S/m);
    expect(await run('npx', '--call', 'node --version')).toMatch(/^v(2[4-9]|[3-9]\d)\./);
  });

  it('npx murmur start runs a whole federation of files that come along, and leaves its report', async () => {
    const flags = [
      '--scenario',
      'credit',
      '--rounds',
      '1',
      '--validators',
      '2',
      '--seed',
      '1',
      '--out',
      'out',
    ];
    const report = reportSchema.parse(JSON.parse(await run('npx', 'murmur', 'start', ...flags, '--json')));

    expect(report.kind).toBe('federation');
    expect(report.rounds.map(({ accepted }) => accepted)).toEqual([true]);
    expect(report.trainers.map(({ name }) => name)).toEqual(['cars', 'goods', 'rest']);
    expect(report.comparison!.sites.map(({ rows }) => rows.train)).toEqual([201, 284, 113]);
    // Encrypted, weighed by the allow-list and opened, it is the model of the simulation, bit for bit.
    const { world } = splitOf('credit', { seed: 1, validators: 2, equal: false });
    const options = { seed: 1, rounds: 1, validators: 2, selector: 'probe' } as const;
    const { digest } = await simulate(options, { worldOf: () => world });
    expect(report.model.digest).toBe(`0x${digest}`);
    const [folder] = readdirSync(join(home, 'out'));
    expect(readFileSync(join(home, 'out', folder!, 'report.html'), 'utf8')).toContain('<svg');
    // Circuits and contracts came compiled: only keys had to be made, and the prover's tables of them. Beside them lies
    // what Node makes of the modules.
    expect(readdirSync(join(home, 'cache')).sort()).toEqual(['keys', 'modules', 'tables']);
  });

  it('npx murmur simulate finds its digits', async () => {
    const flags = [
      '--preset',
      'tiny',
      '--rounds',
      '1',
      '--trainers',
      '3',
      '--validators',
      '2',
      '--out',
      'simulated',
    ];
    expect(
      reportSchema.parse(JSON.parse(await run('npx', 'murmur', 'simulate', ...flags, '--json'))).kind,
    ).toBe('simulation');
  });

  it('npx murmur open serves the page that came along, built', async () => {
    // Without a chain there is nothing to set up: what is looked at is the page.
    const flags = ['--home', 'desk', '--deployment', 'none.json', '--print-only'];
    // A group of its own, since npx passes no signal on.
    const desk = spawn('npx', ['murmur', 'open', ...flags], {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const ended = once(desk, 'close');
    let link = '';
    for await (const line of createInterface({ input: desk.stdout })) {
      link = /^open (\S+)/.exec(line)?.[1] ?? '';
      if (link) break;
    }
    desk.stdout.resume();
    const { origin } = new URL(link);
    const text = await (await fetch(origin)).text();
    const [, script] = /src="([^"]+)"/.exec(text)!;
    expect((await fetch(`${origin}${script}`)).status).toBe(200);
    expect(await run('npx', 'murmur', 'open', ...flags)).toMatch(/^open http/);
    process.kill(-desk.pid!, 'SIGINT');
    await ended;
  });

  it.skipIf(!existsSync(executablePath))(
    'npx murmur open, one click: it trains and is paid, with nothing made before (Debian: chromium)',
    async () => {
      const own = join(home, 'cold');
      const { link, task, training, paid } = await coldStart({
        installed: home,
        home: own,
        env: { ...env, MURMURATION_CACHE: join(own, 'cache') },
        preset: 'tiny',
        browser: executablePath,
      });
      expect([link, task, training, paid]).toEqual([link, task, training, paid].toSorted((a, b) => a - b));
      expect(readdirSync(join(own, 'cache')).sort()).toEqual(['keys', 'modules', 'tables']);
    },
  );

  it.each(['core', 'he', 'prover'])(
    "%s: the README's example runs, as TypeScript and as JavaScript",
    async (name) => {
      const page = readFileSync(join(home, 'node_modules/@murmuration', name, 'README.md'), 'utf8');
      const code = /```ts\n([\s\S]*?)```/.exec(page)![1]!;
      const printed =
        /prints\n\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? `${/It prints `([^`]*)`/.exec(page)![1]}\n`;
      writeFileSync(join(home, `${name}_example.ts`), code);
      writeFileSync(join(home, `${name}_example.js`), stripTypeScriptTypes(code));

      expect(await runFile(`${name}_example.ts`)).toBe(printed);
      expect(await runFile(`${name}_example.js`)).toBe(printed);
    },
  );

  it.each(['threshold_sum', 'one_proof'])(
    'examples/%s.ts prints what it prints in the checkout',
    async (name) => {
      const file = join(root, 'examples', `${name}.ts`);
      const here = (await promisify(execFile)(process.execPath, [file], { cwd: root })).stdout;
      mkdirSync(join(home, 'examples'), { recursive: true });
      copyFileSync(file, join(home, 'examples', basename(file)));

      expect(await runFile(`examples/${basename(file)}`)).toBe(here);
    },
  );
});
