// A circuit's witness generator, ready to run: named inputs in, the whole witness out.
import { readFile } from 'node:fs/promises';
import { webAssembly } from '../webassembly.ts';
import { checkInputs, runGenerator } from './generator.ts';
import { type PackableInput, packInputs } from './inputs.ts';
import type { GeneratorJob, RunOptions } from './job.ts';

/** A circuit's witness generator, ready to run. */
export interface WitnessCalculator {
  /**
   * Whether the inputs have the circuit's names, sizes and range, told without calculating.
   *
   * @throws {ProverError} `witness` where they have not.
   */
  check(input: PackableInput): Promise<void>;
  /**
   * The bytes of a `.wtns` file.
   *
   * @throws {ProverError} `witness` if an input is missing, misshapen, or breaks a constraint. Rejects with the signal's
   * reason when it is aborted.
   */
  calculate(input: PackableInput, options?: RunOptions): Promise<Uint8Array>;
}

/** Runs a generator; see {@link ProverBackend.calculate}. */
export type GeneratorRun = (job: GeneratorJob, options?: RunOptions) => Promise<Uint8Array>;

/** On the calling thread, which it holds up. */
const runHere: GeneratorRun = async ({ id, module, inputs }, { signal, onStart } = {}) => {
  signal?.throwIfAborted();
  onStart?.();
  return runGenerator(id, module, inputs);
};

/**
 * Prepares the generator in a file that circom wrote.
 *
 * @param id names the circuit in errors, such as `update/quick`.
 * @param run says where it runs: on the calling thread unless given.
 */
export async function loadWitnessCalculator(
  id: string,
  wasmPath: string,
  run: GeneratorRun = runHere,
): Promise<WitnessCalculator> {
  const module = await webAssembly.compile(await readFile(wasmPath));
  return {
    check: async (input) => checkInputs(id, module, packInputs(id, input)),
    calculate: async (input, options) => run({ id, module, inputs: packInputs(id, input) }, options),
  };
}
