// The presets as plain literals; parameters.ts checks them and derives everything else.

import { type ChunkShape, chunkShapes, type PresetName } from '@murmuration/core';

/** What a preset fixes. Every number else follows from these. */
export interface ParametersLiteral extends Omit<ChunkShape, 'maxChunks'> {
  /** 1 to 32 of a-z, 0-9 and -, a letter first. */
  readonly name: string;
  /** N, the degree of the ring: a power of two from 1024 to 32768. */
  readonly ringDegree: number;
  /** q0 and q1, whose product is the ciphertext modulus Q: ascending primes below 2^50, each = 1 mod 2N. */
  readonly primes: readonly [bigint, bigint];
  /**
   * P, a prime = 1 mod 2N that exists at the key level only: encryption divides by it, and most of its noise
   * goes with it.
   */
  readonly specialPrime: bigint;
  /** log2 of the plain modulus t, from 2 to 30. */
  readonly plainBits: number;
  /** K, coordinates in a chunk, from 1 to N - 48: the last 48 coefficients are the limbs of the blinding. */
  readonly coordinatesPerChunk: number;
  /** b, bits of a coordinate, from 2 to 16: |u| <= 2^(b-1) - 1. */
  readonly coordinateBits: number;
  /** Wmax, the most that the weights of a sum add up to, from 1 to 65535. */
  readonly maxWeight: number;
  /** The most parties of one key group, from 2 to 64. */
  readonly maxParties: number;
  /**
   * The least bits of flooding above the worst noise of a sum that the preset must leave room for, from 36 to
   * 128.
   */
  readonly floodingBits: number;
}

/**
 * 45 + 45 + 16 = 106 bits, what 128-bit security allows at N = 4096 (parameters.ts). The primes are the
 * largest that SEAL's own `CoeffModulus.Create` gives. The special prime need not be larger: the noise that
 * it leaves is less than a hundredth of the rounding's variance. t = 2^26 because a sum of 16-bit limbs
 * reaches 65535 * 1023 < 2^26.
 */
const ring4096 = {
  ringDegree: 4096,
  primes: [35184371703809n, 35184371884033n],
  specialPrime: 40961n,
  plainBits: 26,
  maxParties: 64,
  floodingBits: 35,
} as const;

/** A preset's numbers that circuits and contracts share. */
function encodingOf(name: PresetName): Omit<ChunkShape, 'maxChunks'> {
  const { coordinatesPerChunk, coordinateBits, maxWeight } = chunkShapes[name];
  return { coordinatesPerChunk, coordinateBits, maxWeight };
}

/** Every preset, unchecked: {@link preset} gives the checked parameters. */
export const presets = {
  /** Real cryptography around small circuits, for tests. */
  tiny: { name: 'tiny', ...encodingOf('tiny'), ...ring4096 },
  /** A demonstration on a laptop. */
  quick: { name: 'quick', ...encodingOf('quick'), ...ring4096 },
  /** Production: every coefficient of the ring is used, K + 48 = N. */
  base: { name: 'base', ...encodingOf('base'), ...ring4096 },
  /** Larger models. 117 of 214 bits; 50-bit primes, the kernel's largest, buy ten more bits of flooding. */
  wide: {
    ...ring4096,
    ...encodingOf('wide'),
    name: 'wide',
    ringDegree: 8192,
    primes: [1125899905744897n, 1125899906629633n],
    specialPrime: 114689n,
    floodingBits: 44,
  },
} as const satisfies Record<PresetName, ParametersLiteral>;
