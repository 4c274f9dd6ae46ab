// What the libraries share. It depends on nothing.

export { type ErrorParts, MurmurationError, reasonOf, walkCauses } from './errors.ts';
export { hold } from './hold.ts';
export { type ChunkShape, chunkShapes, type PresetName, presetNames } from './presets.ts';
export { Recent } from './recent.ts';
export { type Blinding, blindingCoefficients, blindingOf, type ChunkVector, fieldOrder } from './vector.ts';
export { bytesOfWords, type Words, wordsOfBytes } from './words.ts';
