// Credit scores off chain: schemas, records of issuers, models in integers, what is checked before a proof, and reasons.
export {
  type CardFigures,
  type CardRows,
  cardFigures,
  type Estimate,
  type GroupOutcome,
  rankingOf,
} from './card.ts';
export { checkShown, type IssuerSet, linksOf, parseIssuers, type ShowingPlace } from './check.ts';
export {
  type Comparison,
  checkRounding,
  compare,
  roundingBounds,
  type ScoredRows,
  unitFeatures,
} from './compare.ts';
export { type FloatLayer, floatLayers, floatLogit, shapeFor, type TrainedScore, tableOf } from './dense.ts';
export { CreditError, type CreditErrorCode } from './errors.ts';
export { featuresOf, padded, type Values } from './features.ts';
export { type HomeScore, scoreAtHome } from './home.ts';
export { type Issuer, issuerOf, type SeedSource } from './issuer.ts';
export { checkLadder, collateralOf, logitOf, plainLadder } from './ladder.ts';
export { type Discrimination, discrimination } from './metrics.ts';
export { type CreditModel, type CreditModelFile, readCreditModel, writeCreditModel } from './model_file.ts';
export { fileText, hexOf } from './parse.ts';
export { parseProof, proofText, type ShownProof } from './proof_file.ts';
export { protectedWord } from './protected.ts';
export { type ProvenBracket, proveBracket } from './prove.ts';
export { natsOf, type Quantised, quantise } from './quantise.ts';
export { type Reason, reasonsOf } from './reasons.ts';
export { classPlace, creditModelOf, type MadeModel, type Publication } from './recompute.ts';
export { type Attestation, readRecord, recordText, type SignedRecord, signRecord } from './record.ts';
export { type Grouping, groupsOf, scoredRowsOf, valuesOf } from './rows.ts';
export {
  type CreditColumn,
  type CreditSchema,
  featureCount,
  featureOne,
  parseSchema,
  type SchemaSource,
  schemaDigest,
  schemaOf,
} from './schema.ts';
