// The three statements: claims, secrets, public signals, proofs.
export { type AggregateClaim, aggregate } from './aggregate.ts';
export {
  type AlignmentClaim,
  type AlignmentNames,
  type AlignmentSecret,
  type AlignmentStep,
  type AlignmentSubject,
  alignment,
  alignmentSteps,
  measureAlignment,
  type SaltedTotals,
} from './alignment.ts';
export {
  type ProvenStatement,
  type ProvingRequest,
  type ProvingTools,
  prove,
  proveInput,
  publicSignals,
  type Statement,
  witnessInput,
} from './statement.ts';
export { checkNormBound, type UpdateClaim, update } from './update.ts';
export {
  type CommitmentContext,
  commitVector,
  innerProduct,
  squaredNorm,
  type VectorCommitment,
} from './vector.ts';
