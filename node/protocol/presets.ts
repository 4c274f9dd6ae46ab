// The shapes of the presets' chunks (docs/encodings.md, "Presets"), as core/ states them for every package.
import { chunkShapes } from '@murmuration/core';

export { type ChunkShape, chunkShapes, type PresetName, presetNames } from '@murmuration/core';

/** The largest magnitude of an update's coordinate: 2^(b-1) - 1, where b is 8 in every preset. */
export const coordinateLimit = 2 ** (chunkShapes.base.coordinateBits - 1) - 1;

/**
 * The bound on the sum of squares of one chunk of a probe, apart from the task's own for updates. Honest probes
 * have a root mean square of 24 over all chunks; one chunk may hold four times its share, since the largest
 * coordinates lie together. What a dishonest probe gains by filling every chunk is twice the length of an
 * honest one, in its own group alone.
 * @param coordinatesPerChunk K.
 */
export const probeNormBound = (coordinatesPerChunk: number): number => coordinatesPerChunk * 48 ** 2;
