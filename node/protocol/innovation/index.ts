// References: what the probes told that nothing public did.
export {
  type ClueFamily,
  type ClueSources,
  clueFamilies,
  cluesOf,
  type Geometry,
  type Kernel,
} from './clues.ts';
export { type OpenedRound, PublicHistory, type TraceName } from './history.ts';
export {
  publicBasis,
  type References,
  referenceChunks,
  referencesOf,
} from './references.ts';
export { dot, length, orthonormal, without, withUnitRms } from './vectors.ts';
