// The statement `score`: credit scores that are computed at home and believed on chain. Models, records, issuers, keys and proofs.

// Shapes
export {
  parseScoreShape,
  type ScoreInstance,
  type ScoreShapeName,
  scoreInstance,
  scoreShapeNames,
} from '@murmuration/circuits';
// Place
export { scoreDomain } from './domain.ts';
// Issuers
export { type IssuerPath, issuerLeaf, issuerPath, issuersRoot } from './issuers.ts';
// Keys and proofs
export { ensureScoreKeys, loadScoreKeys, type ScoreKeys } from './keys.ts';
// Models
export {
  checkScoreModel,
  type DenseLayer,
  type Evaluation,
  evaluateScore,
  type ScoreModel,
  scoreModelDigest,
} from './model.ts';
export { createScoreProver, type ScoreProver } from './prover.ts';
// Records
export { recordDigest, type ScoreRecord, scoreNullifier, serialHash } from './record.ts';
export { featureBits, layersOf, type ScoreLayer, thresholdCount, weightBits } from './shape.ts';
export {
  checkIssuerKey,
  type IssuerKey,
  type IssuerKeyPair,
  issuerKeyPair,
  type RecordSignature,
  signElement,
  verifyElement,
} from './signature.ts';
export {
  type ScoreClaim,
  type ScorePlace,
  type ScoreSecret,
  scoreClaim,
  scoreSignals,
} from './statement.ts';
