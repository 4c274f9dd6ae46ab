// Witnesses: from a circuit's named inputs to the bytes that a prover backend reads.
export {
  loadWitnessCalculator,
  type WitnessCalculator,
  type WitnessInput,
} from './calculator.ts';
export { readWitness, witnessFromElements } from './wtns.ts';
