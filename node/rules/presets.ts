/** The lanes of each preset (docs/encodings.md, "Presets"); what of a preset learning needs to know. */

/** `lanes`: K, coordinates a chunk. `bits`: b of an update's lane. `weights`: the largest sum of weights, Wmax. */
export interface Lanes {
  lanes: number;
  bits: 8;
  weights: number;
}

export const presets = {
  tiny: { lanes: 96, bits: 8, weights: 1023 },
  quick: { lanes: 992, bits: 8, weights: 1023 },
  base: { lanes: 4064, bits: 8, weights: 1023 },
  wide: { lanes: 8160, bits: 8, weights: 1023 },
} as const satisfies Record<string, Lanes>;

export type PresetName = keyof typeof presets;

/** Most chunks that a round may carry. */
export const maxChunks = 32;
/** The largest magnitude of an update's lane, 2^(b-1) - 1. */
export const laneLimit = 127;
