// Witnesses: from a circuit's named inputs to the bytes that a prover backend reads.
export {
  type GeneratorRun,
  loadWitnessCalculator,
  type WitnessCalculator,
} from './calculator.ts';
export {
  type ElementBytes,
  type PackableInput,
  type PackedInputs,
  packInputs,
  type WitnessInput,
} from './inputs.ts';
export type { GeneratorJob, RunOptions } from './job.ts';
export { createWitnessThreads, type WitnessThreads } from './threads.ts';
export { readWitness, witnessFromElements } from './wtns.ts';
