// Circuits as data, and their compilation.
export {
  type CircuitArtifact,
  CircuitError,
  type CompiledSource,
  type CompileOptions,
  type CompileProgress,
  ensureCircuit,
  ensureInstance,
  ensureSource,
  type HashedFile,
} from './compile.ts';
export {
  type CircuitInstance,
  type CircuitName,
  type ConstraintCounts,
  circuitInstance,
  circuitNames,
  expectedConstraints,
  mainSource,
  parseCircuitName,
  publicSignalNames,
} from './instances.ts';
export { type R1csHeader, readR1csHeader, readSections, type Section } from './r1cs_header.ts';
