// The presets' numbers that encryption, circuits, contracts and learning share (docs/encodings.md,
// "Presets"). A package's own numbers, such as the ring of the encryption, stand in that package.

/** The numbers of one preset that every part uses. */
export interface ChunkShape {
  /** K, coordinates in a chunk: an even number. */
  readonly coordinatesPerChunk: number;
  /** b, bits of an update's coordinate: |u| <= 2^(b-1) - 1. */
  readonly coordinateBits: number;
  /** Wmax, the most that the weights of a sum add up to. */
  readonly maxWeight: number;
  /** Chunks in a round, at most. */
  readonly maxChunks: number;
}

const shared = { coordinateBits: 8, maxWeight: 1023, maxChunks: 32 } as const;

/** Every preset by name. */
export const chunkShapes = {
  /** Real cryptography around small circuits, for tests. */
  tiny: { coordinatesPerChunk: 96, ...shared },
  /** A demonstration on a laptop. */
  quick: { coordinatesPerChunk: 992, ...shared },
  /**
   * Production: 4048 + 48 limbs of blinding fill the ring of 4096. The largest circuit, aggregate, stays below
   * 2^17 constraints.
   */
  base: { coordinatesPerChunk: 4048, ...shared },
  /** Larger models, in a ring of 8192. */
  wide: { coordinatesPerChunk: 8144, ...shared },
} as const satisfies Record<string, ChunkShape>;

export type PresetName = keyof typeof chunkShapes;

/** The presets' names, in the order of their size. */
export const presetNames = Object.keys(chunkShapes) as readonly PresetName[];
