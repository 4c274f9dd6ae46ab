// What parties of a federation do together: make a key, send updates, open sums, prove.
export {
  type OpenedSums,
  proveSum,
  SumDoesNotOpen,
  type SumsChecker,
  spongesChecker,
  totalsChecker,
} from './aggregate.ts';
export { type AlignmentOf, proveAlignment } from './alignment.ts';
export {
  checkSelfTest,
  deal,
  fetchKeying,
  identityOf,
  type KeyingContext,
  type KeyingPlan,
  keepKeyShares,
  loadKeyGroup,
  maxDealing,
  maxKeyShare,
  type SelfTest,
  type SelfTestContext,
  type SelfTestResult,
  sealedTo,
  selfTestShares,
} from './keying.ts';
export {
  type Accepted,
  type Addends,
  addCiphertexts,
  CiphertextError,
  completeSets,
  type Decryption,
  type DecryptionContext,
  jointShareOf,
  loadCiphertexts,
  type OpeningContext,
  openSums,
  type PublishedShares,
  readJointShares,
  readShares,
  type Sharing,
  type StoredCiphertexts,
  type SumCiphertexts,
  shareOf,
} from './opening.ts';
export { eachChunk, type ProvingContext } from './proving.ts';
export { type ContentFault, contentFault, isSomethingElse } from './reading.ts';
export { computeReferences, type ReferenceContext, type RoundReferences } from './references.ts';
export {
  decodeSealed,
  type EncryptionContext,
  encodeSealed,
  proveSubmission,
  type SealedChunk,
  type Sealing,
  type Submission,
  sealChunks,
} from './submission.ts';
