// What every part must agree on (docs/encodings.md), file by file in the order of that page.

// Presets

export { allowList, type ListedPlace } from './allow_list.ts';
export {
  type ChunkShape,
  chunkShapes,
  coordinateLimit,
  type PresetName,
  presetNames,
  probeNormBound,
} from './presets.ts';

// Sums

export { groupOf, probeSum, type Subject, subjectOf, subjects, sumName, sumsIn, updateSum } from './sums.ts';

// Challenge, encryption proofs

export {
  type Binding,
  type BindingSubject,
  type ChallengedChunk,
  encryptionBinding,
  gammaOf,
} from './binding.ts';

// Basis

export {
  type AlignmentInputs,
  basisOfAlignment,
  basisOfOpening,
  basisOfProposal,
  basisOfProvenSum,
  basisOfSum,
  digestOfReferences,
} from './basis.ts';

// Secrets that are committed to first

export { drawCommitment } from './draw.ts';
export { type Ballot, type Vote, voteCommitment } from './vote.ts';

// Signatures

export { signerOf } from './signer_of.ts';
export {
  accountSchema,
  disputesDomain,
  keyRegistryDomain,
  peerDomain,
  type Signer,
  type SigningDomain,
  signatureSchema,
  stakeVaultDomain,
} from './signing_domain.ts';
export {
  type Accusation,
  absenceData,
  accusationData,
  appealData,
  consentData,
  type HopMessage,
  hopData,
  keyRegistrationData,
  registrationData,
  type ScoreModelMessage,
  scoreModelData,
} from './typed_data.ts';

// Verifying keys

export { keyHash } from './verifying_key.ts';

// Key generation

export { epochId, type KeyGeneration } from './epoch.ts';

// Digests and content addresses

export { decodeBundle, encodeBundle } from './bundle.ts';
export { cidOf, digestOf, digestOfCid, isDigest } from './digest.ts';
export { decodeModel, encodeModel } from './model.ts';
export { decodeSum, encodeSum, sumBytes } from './sum_file.ts';

// Support

export {
  completeProposal,
  decodeProposal,
  encodeProposal,
  mergeProposals,
  type SupportShape,
} from './support.ts';

// Statistics

export {
  type ColumnRange,
  type ColumnSums,
  columnSums,
  coordinatesPerColumn,
  decodeColumn,
  encodeColumn,
  scalingOf,
} from './statistics.ts';

// Announcements

export { epochTopics, roundTopics, type TopicKind, topicOf } from './topics.ts';

// Scale, and how a sum is applied

export { applySum, inRow, type Step } from './apply.ts';
export { nextScale, type ScaleRound, scaleUnit } from './scale.ts';

// Scores

export { figureUnit, measureUpdate, noScore } from './figures.ts';
export { groupCount, groupsOf, leastProbes, leastStrikingGroups } from './groups.ts';
export { type Account, type PayPolicy, payOf, weigh } from './score.ts';
export {
  defaultScoreRule,
  freshSeat,
  isSilent,
  type ScorePolicy,
  type Seat,
  type Settled,
  type SettledRound,
  settleRound,
} from './settle.ts';
export {
  afterVerdict,
  heldAt,
  type Standing,
  type StrikePolicy,
  type Verdict,
  verdictOf,
} from './strikes.ts';

// References

export {
  type ClueFamily,
  type ClueSources,
  clueFamilies,
  cluesOf,
  dot,
  type Geometry,
  length,
  type OpenedRound,
  orthonormal,
  PublicHistory,
  publicBasis,
  type References,
  referenceChunks,
  referencesOf,
  type TraceName,
  without,
  withUnitRms,
} from './innovation/index.ts';

// Weights

export { weightsByRows } from './member_weights.ts';
export { checkWeights, largestWeight } from './weights.ts';

// Integers of the rules

export { greatestCommonDivisor, isqrt, lowerMedian } from './integers.ts';

// Money

export { spokenTokens, token, wholeTokens } from './token.ts';
