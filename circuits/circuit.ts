// The circuits of presets, compiled: those that the published package brings, else compiled into a cache
// folder.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PresetName } from '@murmuration/core';
import { type CircuitArtifact, openArtifact, readRecord } from './artifact.ts';
import { type CompileOptions, ensureSource } from './compile.ts';
import { CircuitError } from './errors.ts';
import {
  type CircuitInstance,
  type CircuitName,
  circuitInstance,
  circuitNames,
  mainSource,
  publicSignalNames,
} from './instances.ts';

/** The published package has this folder beside its modules; the sources never do. */
const packedFolder = fileURLToPath(new URL('./compiled/', import.meta.url));
const indexName = 'index.json';

/** Source hashes of the circuits that a folder of compiled circuits holds, by id. */
type PackedIndex = Readonly<Record<string, string>>;

/**
 * The compiled circuit of a preset: from the package or the cache if it is there and unaltered, else compiled
 * now (seconds).
 *
 * @throws {CircuitError} `artifact` for an altered file, `compiler` where it would have to be compiled and
 * cannot.
 */
export async function ensureCircuit(
  circuit: CircuitName,
  preset: PresetName,
  options: CompileOptions,
): Promise<CircuitArtifact> {
  const packed = options.symbols ? undefined : await openPacked(circuit, preset);
  return packed ?? ensureInstance(circuitInstance(circuit, preset), options);
}

/** Like {@link ensureCircuit}, for an instance of any size; it is never among the packed ones. */
export async function ensureInstance(
  instance: CircuitInstance,
  options: CompileOptions,
): Promise<CircuitArtifact> {
  const { circuit, preset } = instance;
  const compiled = await ensureSource(`${circuit}/${preset}`, mainSource(instance), options);
  return { ...compiled, circuit, preset, publicSignals: publicSignalNames(circuit) };
}

/** What {@link compileForPacking} packs. */
export interface PackingOptions extends CompileOptions {
  /** The presets whose circuits are packed; circuits of others are compiled by their users. */
  readonly presets: readonly PresetName[];
}

/**
 * Compiles the circuits of presets and lays them out in a folder as the published package has them beside its
 * modules: one folder a circuit, `<circuit>-<preset>/{main.r1cs,main.wasm,record.json}`, and `index.json`.
 * Called when packages are packed.
 *
 * @param target is the folder, replaced if it is there.
 */
export async function compileForPacking(target: string, options: PackingOptions): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const index: Record<string, string> = {};
  for (const preset of options.presets) {
    for (const circuit of circuitNames) {
      const { id, sourceHash, r1cs } = await ensureInstance(circuitInstance(circuit, preset), options);
      await cp(dirname(r1cs.path), packedPath(target, id), {
        recursive: true,
        filter: (path) => basename(path) !== 'main.circom',
      });
      index[id] = sourceHash;
    }
  }
  await writeFile(join(target, indexName), `${JSON.stringify(index, null, 2)}\n`);
}

async function openPacked(circuit: CircuitName, preset: PresetName): Promise<CircuitArtifact | undefined> {
  const id = `${circuit}/${preset}`;
  const sourceHash = (await readIndex())[id];
  if (sourceHash === undefined) return undefined;
  const folder = packedPath(packedFolder, id);
  const record = await readRecord(folder);
  if (!record) {
    throw new CircuitError('artifact', `${folder} is missing, but ${indexName} lists it`, {
      mend: 'Install @murmuration/circuits again.',
    });
  }
  const compiled = await openArtifact({ id, sourceHash, folder }, record);
  return { ...compiled, circuit, preset, publicSignals: publicSignalNames(circuit) };
}

const packedPath = (folder: string, id: string) => join(folder, id.replace('/', '-'));

async function readIndex(): Promise<PackedIndex> {
  try {
    return JSON.parse(await readFile(join(packedFolder, indexName), 'utf8')) as PackedIndex;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
