// The public deterministic rules of a round (docs/encodings.md): anyone computes them from public data alone.
export { applySum, inRow, type Step } from './apply.ts';
export { isqrt, lowerMedian } from './integers.ts';
export { decodeModel, digest, encodeModel } from './model.ts';
export { type Lanes, laneLimit, maxChunks, type PresetName, presets } from './presets.ts';
export { nextScale, type ScaleRound, scaleUnit } from './scale.ts';
export {
  type Alignment,
  cosine,
  defaultScorePolicy,
  type Judgement,
  judge,
  one,
  type ScorePolicy,
  share,
} from './score.ts';
export { afterRound, type Standing, type StrikePolicy } from './strikes.ts';
export { decodeProposal, encodeProposal, mergeProposals } from './support.ts';
export { token, wholeTokens } from './token.ts';
