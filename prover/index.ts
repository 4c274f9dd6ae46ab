// Proofs of Murmuration: statements, commitments, keys, backends, batch verification.
export {
  BackendError,
  type BackendName,
  type BackendSetting,
  createBackend,
  type Groth16Proof,
  type ProofRequest,
  type ProofResult,
  type ProofStage,
  type ProverBackend,
  type ProvingKey,
} from './backends/index.ts';
export { type Batch, type FalseClaim, findFalseClaims, type ProofClaim, verifyBatch } from './batch.ts';
export { combineBlindings, randomBlinding } from './blinding.ts';
export { type ChallengeInput, type ChallengeSubject, challenge, challengeSubjects } from './challenge.ts';
export {
  checkField,
  fieldBytes,
  fieldFromBytes,
  fieldToBytes,
  fromSigned,
  toField,
} from './field.ts';
export { type ProofWords, proofFromWords, proofWords, verifyGroth16 } from './groth16.ts';
export {
  type CircuitKeys,
  checkVerifyingKey,
  type DevelopmentOptions,
  ensureDevelopmentKeys,
  KeyError,
  type KeyProgress,
  type KeySet,
  loadKeys,
  type Manifest,
  manifestName,
  type VerifyingKey,
  type VerifyingKeyJson,
  verifyingKeyFromJson,
  verifyingKeyToJson,
} from './keys/index.ts';
export {
  combine,
  type G1Point,
  type G2Point,
  g1FromWords,
  g1Words,
  g2FromWords,
  g2Words,
  type Opening,
  type OpeningClaim,
  PointError,
  type Srs,
  verifyOpening,
} from './kzg/index.ts';
export { laneBits, type VectorKind } from './packing.ts';
export { type Preset, parsePreset, presets } from './presets.ts';
export { createProver, type Prover } from './prover.ts';
export { vectorSponge } from './sponge.ts';
export {
  type AggregateClaim,
  type AlignmentClaim,
  type AlignmentSecret,
  aggregate,
  alignment,
  measure,
  type ProvenStatement,
  type ProvingRequest,
  publicSignals,
  type Statement,
  StatementError,
  squaredNorm,
  type UpdateClaim,
  update,
  type VectorCommitment,
} from './statements/index.ts';
export { WitnessError } from './witness/index.ts';
