// A circuit's witness generator, ready to run: named inputs in, the whole witness out.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { underSettings, type V8Setting } from '../v8_settings.ts';
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
const runHere: GeneratorRun = async (job, { signal, onStart } = {}) => {
  signal?.throwIfAborted();
  onStart?.();
  return runGenerator(job);
};

/**
 * How much of a function V8 runs before it makes optimised code of it. By its own measure it would optimise nearly all of
 * a generator after a dozen witnesses, three megabytes that each witness passes a few times, for seconds of the processor
 * a circuit; with ten times the measure it optimises the arithmetic, in the first witness, and little else.
 */
const budget: V8Setting = ['--wasm-tiering-budget=130000000', '--wasm-tiering-budget=13000000'];

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
  const bytes = await readFile(wasmPath);
  const code = {
    module: underSettings([budget], () => new webAssembly.Module(bytes)),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return {
    check: async (input) => checkInputs({ id, code, inputs: packInputs(id, input) }),
    calculate: async (input, options) => run({ id, code, inputs: packInputs(id, input) }, options),
  };
}
