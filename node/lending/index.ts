// Credit on chain: sets of issuers, accepted models, credentials, and a pool that lends by them.
export { approveRecomputed, type HandedModel, type OwnWork, scoreMessage } from './approve.ts';
export { type CallField, callFields, callsOf, type ShownCall } from './calls.ts';
export {
  readStanding,
  type ScoreProofWords,
  type ScoreSignals,
  type Showing,
  type StandingView,
  showCredential,
} from './credentials.ts';
export {
  type Curation,
  createIssuerSet,
  curate,
  type IssuerPoint,
  type IssuerSetView,
  readIssuerSet,
  readRevocation,
  revokeSerial,
} from './issuers.ts';
export { developmentScoreKeys, type ScoreKeySet, scoreKeysJson } from './keys.ts';
export { type PoolLineage, type RoundLineage, readLineage } from './lineage.ts';
export {
  type AcceptedModel,
  type Approval,
  acceptModel,
  approveModel,
  readAcceptedModels,
  readFinalModel,
} from './models.ts';
export { creditOf, type ProofPlace, readProofPlace } from './place.ts';
export {
  addCollateral,
  type Borrowing,
  borrow,
  type LoanView,
  lend,
  type PoolPolicy,
  type PoolView,
  readLoan,
  readPool,
  repay,
  type TokenView,
  withdrawCollateral,
} from './pool.ts';
