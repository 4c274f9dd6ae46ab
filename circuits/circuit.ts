// The circuits of presets, compiled: those that the published package brings, else compiled into a cache
// folder.
import type { PresetName } from '@murmuration/core';
import type { CircuitArtifact, CompiledSource } from './artifact.ts';
import { type CompileOptions, ensureSource } from './compile.ts';
import {
  type CircuitInstance,
  type CircuitName,
  circuitInstance,
  circuitNames,
  mainSource,
  publicSignalNames,
} from './instances.ts';
import { layOut, openPacked } from './packed.ts';
import { ensureScoreInstance, type ScoreShapeName, scoreInstance } from './score.ts';

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
  const packed = options.symbols ? undefined : await openPacked(`${circuit}/${preset}`);
  return packed
    ? { ...packed, circuit, preset, publicSignals: publicSignalNames(circuit) }
    : ensureInstance(circuitInstance(circuit, preset), options);
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
  /** The shapes of `score` that are packed; none unless given. */
  readonly shapes?: readonly ScoreShapeName[];
}

/**
 * Compiles circuits and lays them out in a folder as the published package has them beside its modules. Called
 * when packages are packed.
 *
 * @param target is the folder, replaced if it is there.
 */
export async function compileForPacking(
  target: string,
  { presets, shapes = [], ...options }: PackingOptions,
): Promise<void> {
  const circuits: CompiledSource[] = [];
  for (const preset of presets) {
    for (const circuit of circuitNames)
      circuits.push(await ensureInstance(circuitInstance(circuit, preset), options));
  }
  for (const shape of shapes) circuits.push(await ensureScoreInstance(scoreInstance(shape), options));
  await layOut(target, circuits);
}
