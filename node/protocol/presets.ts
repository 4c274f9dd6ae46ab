// The shapes of the presets' chunks (docs/encodings.md, "Presets"), as core/ states them for every package.
import { chunkShapes } from '@murmuration/core';

export { type ChunkShape, chunkShapes, type PresetName, presetNames } from '@murmuration/core';

/** The largest magnitude of an update's coordinate: 2^(b-1) - 1, where b is 8 in every preset. */
export const coordinateLimit = 2 ** (chunkShapes.base.coordinateBits - 1) - 1;
