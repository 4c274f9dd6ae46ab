// Proofs of Murmuration, by group: presets and numbers, commitments and openings, keys, backends and proving,
// verification. The ceremony that makes keys has a face of its own, `@murmuration/prover/ceremony`.

// Backends and proving
export {
  type BackendName,
  type BackendSetting,
  createBackend,
  type Groth16Proof,
  type KernelName,
  type ProofRequest,
  type ProofResult,
  type ProofStage,
  type ProverBackend,
  type ProvingKey,
  parseBackendSetting,
  type RapidsnarkOptions,
  type SnarkjsOptions,
  type WasmOptions,
} from './backends/index.ts';
// Verification
export { type Batch, type FalseClaim, findFalseClaims, type ProofClaim, verifyBatch } from './batch.ts';
// Commitments, challenges and openings
export { combineBlindings, randomBlinding } from './blinding.ts';
export { type ChallengeInput, type ChallengeSubject, challenge, challengeSubjects } from './challenge.ts';
// Errors
export { ProverError, type ProverErrorCode } from './errors.ts';
// Presets and numbers
export { checkField, fieldBytes, fieldFromBytes, fieldToBytes, toField } from './field.ts';
export {
  decodeFigures,
  encodeFigures,
  type Figures,
  figuresOf,
  figureUnit,
  type Totals,
} from './figures.ts';
export { type ProofWords, proofFromWords, proofWords, verifyGroth16 } from './groth16.ts';
// Keys
export {
  type CircuitKeys,
  checkVerifyingKey,
  type DevelopmentOptions,
  developmentSeed,
  ensureDevelopmentKeys,
  type KeyKind,
  type KeyProgress,
  type KeySet,
  loadKeys,
  type Manifest,
  type ManifestFile,
  manifestName,
  type VerifyingKey,
  type VerifyingKeyJson,
  verifyingKeyFromJson,
  verifyingKeyToJson,
} from './keys/index.ts';
export {
  combine,
  type Fp2,
  type G1Point,
  type G2Point,
  g1FromWords,
  g1Words,
  g2FromWords,
  g2Words,
  type Opening,
  type OpeningClaim,
  type Srs,
  verifyOpening,
} from './kzg/index.ts';
export { laneBits, type VectorKind } from './packing.ts';
export { type Preset, parsePreset, presets } from './presets.ts';
export { createProver, type Prover } from './prover.ts';
export { maxGroups, maxReference, type ReferenceChunk } from './references.ts';
export { vectorSponge } from './sponge.ts';
export {
  type AggregateClaim,
  type AlignmentClaim,
  type AlignmentNames,
  type AlignmentSecret,
  type AlignmentStep,
  type AlignmentSubject,
  aggregate,
  alignment,
  alignmentSteps,
  measureAlignment,
  type ProvenStatement,
  type ProvingRequest,
  publicSignals,
  type Statement,
  squaredNorm,
  type UpdateClaim,
  update,
  type VectorCommitment,
} from './statements/index.ts';
export {
  type ElementBytes,
  loadWitnessCalculator,
  type PackableInput,
  type PackedInputs,
  packInputs,
  type WitnessCalculator,
  type WitnessInput,
} from './witness/index.ts';
