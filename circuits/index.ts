// The statements as circuits, three of a round and one of credit scores: what they are, and their compiled form.

export type { CircuitArtifact, CompiledSource, HashedFile } from './artifact.ts';
export { compileForPacking, ensureCircuit, ensureInstance, type PackingOptions } from './circuit.ts';
export { type CompileOptions, type CompileProgress, ensureSource } from './compile.ts';
export { CircuitError, type CircuitErrorCode } from './errors.ts';
export {
  type CircuitInstance,
  type CircuitName,
  type ConstraintCounts,
  circuitInstance,
  circuitNames,
  expectedConstraints,
  foldedSignalCount,
  hasFoldedSignals,
  mainSource,
  parseCircuitName,
  publicSignalNames,
} from './instances.ts';
export { type R1csHeader, readR1csHeader, readSections, type Section } from './r1cs_header.ts';
export {
  ensureScoreCircuit,
  ensureScoreInstance,
  expectedScoreConstraints,
  parseScoreShape,
  type ScoreInstance,
  type ScoreShapeName,
  scoreInstance,
  scoreShapeNames,
  scoreSignalNames,
  scoreSource,
} from './score.ts';
