// Compiles circuits with circom2 into a cache folder, once: a result's folder is named by the hash of all
// that the result depends on, and it appears by one rename, so that a killed or parallel build leaves nothing
// half done.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CompiledSource, hashFile, openArtifact, readRecord, recordName } from './artifact.ts';
import { CircuitError } from './errors.ts';
import { readR1csHeader } from './r1cs_header.ts';
import { compilerFlags, includedFiles, includeFolders, libraryFolder, sourceHash } from './sources.ts';

/** What a build is doing. */
export interface CompileProgress {
  /** `update/quick`. */
  readonly id: string;
  /** `compiling` is followed by `compiled`; `reused` stands alone. */
  readonly stage: 'compiling' | 'compiled' | 'reused';
  /** Milliseconds since the call. */
  readonly milliseconds: number;
}

/** How a circuit is compiled. */
export interface CompileOptions {
  /**
   * Path of a folder for what is compiled, which goes to `<cacheFolder>/circuits/<id>-<hash>`; it is made
   * where it is missing. Several processes may share it.
   */
  readonly cacheFolder: string;
  /** Hears that a compilation begins and ends, or that its result was there. */
  readonly onProgress?: ((progress: CompileProgress) => void) | undefined;
  /** Also write the names of all signals (for tests and debugging). */
  readonly symbols?: boolean;
}

const underWay = new Map<string, Promise<CompiledSource>>();

/**
 * Compiles any circom source whose includes lie beside this package's modules or in circomlib, once.
 *
 * @param id is for messages and the folder's name, such as `update/quick`.
 * @throws {CircuitError} `source` with the compiler's words, `compiler` without one, `artifact` for an
 * altered file.
 */
export function ensureSource(id: string, main: string, options: CompileOptions): Promise<CompiledSource> {
  const flags = options.symbols ? [...compilerFlags, '--sym'] : [...compilerFlags];
  const hash = sourceHash(main, flags);
  const name = `${id.replaceAll('/', '-')}-${hash.slice(0, 16)}`;
  const folder = join(options.cacheFolder, 'circuits', name);
  const pending = underWay.get(folder);
  if (pending) return pending;
  const build = buildOrReuse({ id, main, flags, sourceHash: hash, folder }, options).finally(() =>
    underWay.delete(folder),
  );
  underWay.set(folder, build);
  return build;
}

interface Job {
  readonly id: string;
  readonly main: string;
  readonly flags: readonly string[];
  readonly sourceHash: string;
  readonly folder: string;
}

async function buildOrReuse(job: Job, { onProgress }: CompileOptions): Promise<CompiledSource> {
  const { id, folder } = job;
  const started = performance.now();
  const report = (stage: CompileProgress['stage']) =>
    onProgress?.({ id, stage, milliseconds: performance.now() - started });
  const known = await readRecord(folder);
  if (!known) {
    report('compiling');
    await compile(job);
  }
  const record = known ?? (await readRecord(folder));
  if (!record) {
    throw new CircuitError('artifact', `${id}: ${folder} vanished while it was built`, {
      mend: 'Build it again.',
    });
  }
  const compiled = await openArtifact(job, record);
  report(known ? 'reused' : 'compiled');
  return compiled;
}

async function compile({ id, main, flags, folder }: Job): Promise<void> {
  const scratch = `${folder}.${randomUUID()}.tmp`;
  await mkdir(scratch, { recursive: true });
  try {
    await writeFile(join(scratch, 'main.circom'), main);
    await runCircom({ id, main, flags }, join(scratch, 'work'));
    await rename(join(scratch, 'work/main_js/main.wasm'), join(scratch, 'main.wasm'));
    const others = ['main.r1cs', ...(flags.includes('--sym') ? ['main.sym'] : [])];
    for (const name of others) await rename(join(scratch, 'work', name), join(scratch, name));
    await rm(join(scratch, 'work'), { recursive: true });
    const names = ['main.r1cs', 'main.wasm', ...others.slice(1)];
    const sha256 = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await hashFile(join(scratch, name))])),
    );
    const header = readR1csHeader(await readFile(join(scratch, 'main.r1cs')));
    await writeFile(join(scratch, recordName), `${JSON.stringify({ header, sha256 }, null, 2)}\n`);
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster: its folder has the same content.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * circom2 is WebAssembly in a sandbox of its working directory, so the sources are laid out there. It gets a
 * process of its own, because it blocks for seconds.
 */
async function runCircom(
  { id, main, flags }: Omit<Job, 'folder' | 'sourceHash'>,
  work: string,
): Promise<void> {
  for (const { name, path } of includedFiles(main)) {
    await mkdir(join(work, dirname(name)), { recursive: true });
    await copyFile(path, join(work, name));
  }
  await mkdir(work, { recursive: true });
  await writeFile(join(work, 'main.circom'), main);
  const includes = includeFolders.flatMap((folder) => ['-l', folder]);
  const args = [join(libraryFolder('circom2'), 'cli.js'), 'main.circom', ...flags, ...includes, '-o', '.'];
  const child = spawn(process.execPath, args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (text) => output.push(String(text)));
  child.stderr.on('data', (text) => output.push(String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new CircuitError('source', `${id} does not compile:\n${output.join('').trim()}`);
}
