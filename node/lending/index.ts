// Credit on chain: sets of issuers, accepted models, credentials, and a pool that lends by them.
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
export {
  type AcceptedModel,
  type Approval,
  acceptModel,
  approveModel,
  readAcceptedModel,
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
