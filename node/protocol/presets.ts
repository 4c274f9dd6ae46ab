// The lanes of each preset (docs/encodings.md, "Presets"), as `he/` states them: what of a preset learning needs.
import { presets as parameters } from '@murmuration/he';

/** `lanes`: K, coordinates a chunk. `bits`: b of an update's lane. `weights`: the largest sum of weights, Wmax. */
export interface Lanes {
  lanes: number;
  bits: number;
  weights: number;
}

export type PresetName = keyof typeof parameters;

export const presets = Object.fromEntries(
  Object.entries(parameters).map(([name, p]) => [
    name,
    { lanes: p.coordinatesPerChunk, bits: p.coordinateBits, weights: p.maxWeight },
  ]),
) as Record<PresetName, Lanes>;

/** Most chunks that a round may carry. */
export const maxChunks = 32;
/** The largest magnitude of an update's lane, 2^(b-1) - 1 with b = 8. */
export const laneLimit = 127;
