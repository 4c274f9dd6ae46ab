// Compression of updates: Deep Gradient Compression on a shared support, quantisation, local differential
// privacy.
export { type CompressedRound, Compressor, type UpdateOutcome } from './compressor.ts';
export { fewestLive, withhold } from './floor.ts';
export { clipFactor, norm } from './norm.ts';
export { type Guarantee, gaussianEpsilon, localEpsilon, renyi } from './privacy/accountant.ts';
export { gaussianRelease, type LocalPrivacy, secureNormal } from './privacy/mechanism.ts';
export { probeRms, quantise, quantiseProbe, type Rounding, sumOfSquares } from './quantise.ts';
export { coordinatesOf, type Schedule } from './schedule.ts';
export { topK } from './topk.ts';
