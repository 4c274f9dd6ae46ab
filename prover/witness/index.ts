// Witnesses: from a circuit's named inputs to the bytes that a prover backend reads.
export {
  loadWitnessCalculator,
  type WitnessCalculator,
  WitnessError,
  type WitnessInput,
} from './calculator.ts';
export { readWitness, witnessFromElements } from './wtns.ts';
