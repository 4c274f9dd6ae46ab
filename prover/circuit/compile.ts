// Compiles circuits with circom2 into build/, once: the folder's name is the hash of all that the result depends on, and
// it appears by one rename, so that a killed or parallel build leaves nothing half done.

import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { PresetName } from '@murmuration/core';
import {
  type CircuitInstance,
  type CircuitName,
  circuitInstance,
  mainSource,
  publicSignalNames,
} from './instances.ts';
import { type R1csHeader, readR1csHeader } from './r1cs_header.ts';
import { compilerFlags, includeFolders, root, sourceHash } from './sources.ts';

/** A file and what it must hash to: SHA-256, 64 hexadecimal digits. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
}

/** A compiled source on disk. */
export interface CompiledSource {
  /** `update/quick`. */
  readonly id: string;
  /** Hash of sources, compiler and options, which names the folder. */
  readonly sourceHash: string;
  readonly r1cs: HashedFile;
  readonly wasm: HashedFile;
  /** Names of the witness's entries, where they were asked for. */
  readonly symbols?: HashedFile;
  readonly constraints: number;
  readonly wires: number;
}

/** A compiled instance of one of the three circuits. */
export interface CircuitArtifact extends CompiledSource {
  readonly circuit: CircuitName;
  readonly preset: string;
  /** Names of the public signals, in order. */
  readonly publicSignals: readonly string[];
}

/** What a build is doing. */
export interface CompileProgress {
  readonly id: string;
  readonly stage: 'compiling' | 'compiled' | 'reused';
  /** Since the call. */
  readonly milliseconds: number;
}

export interface CompileOptions {
  readonly onProgress?: (progress: CompileProgress) => void;
  /** Also write the names of all signals (for tests and debugging). */
  readonly symbols?: boolean;
}

/** A circuit that does not compile, or a file in build/ that is not what was built. */
export class CircuitError extends Error {
  override name = 'CircuitError';
}

interface BuildRecord {
  readonly header: R1csHeader;
  readonly sha256: { readonly [file: string]: string };
}

const underWay = new Map<string, Promise<CompiledSource>>();

/** The compiled circuit of a preset: from build/ if it is there and unaltered, else compiled now (seconds). */
export function ensureCircuit(
  circuit: CircuitName,
  preset: PresetName,
  options: CompileOptions = {},
): Promise<CircuitArtifact> {
  return ensureInstance(circuitInstance(circuit, preset), options);
}

/** Like {@link ensureCircuit}, for an instance of any size. */
export async function ensureInstance(
  instance: CircuitInstance,
  options: CompileOptions = {},
): Promise<CircuitArtifact> {
  const { circuit, preset } = instance;
  const compiled = await ensureSource(`${circuit}/${preset}`, mainSource(instance), options);
  return { ...compiled, circuit, preset, publicSignals: publicSignalNames(circuit) };
}

/** Compiles any circom source whose includes lie in circuits/ or node_modules/, once; `id` is for messages and the folder. */
export function ensureSource(
  id: string,
  main: string,
  options: CompileOptions = {},
): Promise<CompiledSource> {
  const flags = options.symbols ? [...compilerFlags, '--sym'] : [...compilerFlags];
  const hash = sourceHash(main, flags);
  const folder = join(root, 'build/circuits', `${id.replaceAll('/', '-')}-${hash.slice(0, 16)}`);
  const pending = underWay.get(folder);
  if (pending) return pending;
  const build = buildOrReuse({ id, main, flags, hash, folder }, options).finally(() =>
    underWay.delete(folder),
  );
  underWay.set(folder, build);
  return build;
}

interface Job {
  readonly id: string;
  readonly main: string;
  readonly flags: readonly string[];
  readonly hash: string;
  readonly folder: string;
}

async function buildOrReuse(job: Job, { onProgress }: CompileOptions): Promise<CompiledSource> {
  const { id, folder, hash } = job;
  const started = performance.now();
  const report = (stage: CompileProgress['stage']) =>
    onProgress?.({ id, stage, milliseconds: performance.now() - started });
  const known = await readRecord(folder);
  if (!known) {
    report('compiling');
    await compile(job);
  }
  const record = known ?? (await readRecord(folder));
  if (!record) throw new CircuitError(`${id}: ${folder} vanished while it was built; build it again`);
  await verifyFiles(id, folder, record);
  report(known ? 'reused' : 'compiled');
  const file = (name: string) => ({ path: join(folder, name), sha256: record.sha256[name]! });
  return {
    id,
    sourceHash: hash,
    r1cs: file('main.r1cs'),
    wasm: file('main.wasm'),
    ...(record.sha256['main.sym'] ? { symbols: file('main.sym') } : {}),
    constraints: record.header.constraints,
    wires: record.header.wires,
  };
}

async function compile({ id, main, flags, folder }: Job): Promise<void> {
  const scratch = `${folder}.${randomUUID()}.tmp`;
  await mkdir(scratch, { recursive: true });
  try {
    await writeFile(join(scratch, 'main.circom'), main);
    await runCircom(id, scratch, flags);
    await rename(join(scratch, 'main_js/main.wasm'), join(scratch, 'main.wasm'));
    await rm(join(scratch, 'main_js'), { recursive: true });
    const names = ['main.r1cs', 'main.wasm', ...(flags.includes('--sym') ? ['main.sym'] : [])];
    const sha256 = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await hashFile(join(scratch, name))])),
    );
    const header = readR1csHeader(await readFile(join(scratch, 'main.r1cs')));
    await writeFile(join(scratch, 'record.json'), `${JSON.stringify({ header, sha256 }, null, 2)}\n`);
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster: its folder has the same content.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** circom2 is WebAssembly in a sandbox of its working directory; it gets a process of its own, as it blocks for seconds. */
async function runCircom(id: string, scratch: string, flags: readonly string[]): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('circom2/package.json')), 'cli.js');
  const here = relative(root, scratch);
  const includes = includeFolders.flatMap((folder) => ['-l', folder]);
  const args = [cli, join(here, 'main.circom'), ...flags, ...includes, '-o', here];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (text) => output.push(String(text)));
  child.stderr.on('data', (text) => output.push(String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new CircuitError(`${id} does not compile:\n${output.join('').trim()}`);
}

async function readRecord(folder: string): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'record.json'), 'utf8')) as BuildRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CircuitError(
      `${folder}/record.json cannot be read (${error}); delete the folder to build it again`,
    );
  }
}

async function verifyFiles(id: string, folder: string, { sha256 }: BuildRecord): Promise<void> {
  for (const [name, expected] of Object.entries(sha256)) {
    const actual = await hashFile(join(folder, name)).catch((error) => String(error));
    if (actual !== expected) {
      throw new CircuitError(
        `${id}: ${join(folder, name)} has SHA-256 ${actual}, but ${expected} was built; delete the folder to build it again`,
      );
    }
  }
}

async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
