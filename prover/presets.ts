// What follows from a preset's numbers for commitments, circuits and contracts (docs/encodings.md,
// "Presets").
import {
  blindingCoefficients,
  type ChunkShape,
  chunkShapes,
  type PresetName,
  presetNames,
} from '@murmuration/core';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { ProverError } from './errors.ts';

/**
 * A preset's numbers (see {@link ChunkShape}) with everything that the proof system derives from them.
 * Frozen.
 */
export interface Preset extends ChunkShape {
  /** `tiny`, `quick`, `base` or `wide`. */
  readonly name: PresetName;
  /** keccak256 of the preset's name, as contracts know it: 32 bytes in hexadecimal, with 0x. */
  readonly id: `0x${string}`;
  /** Coefficients of a committed polynomial, coordinates and blinding: as many powers of tau commit to it. */
  readonly powers: number;
  /** Bits of a sum's lane: b + 10, since Wmax has ten bits. */
  readonly sumLaneBits: number;
  /** The largest |u_j| of an honest update, 2^(b-1) - 1. */
  readonly maxCoordinate: number;
  /** The largest norm bound of a chunk, K * 4^(b-1): no vector in range exceeds it. */
  readonly maxNormBound: bigint;
}

/** Bits by which a sum's lane is wider than an update's. */
export const sumExtraBits = 10;
/**
 * Largest degree plus one of a committed polynomial; soundness error of the evaluation is at most this over
 * r.
 */
const maxCoefficients = 1 << 16;

function derive(name: PresetName): Preset {
  const shape = chunkShapes[name];
  const { coordinatesPerChunk, coordinateBits, maxWeight } = shape;
  const powers = coordinatesPerChunk + blindingCoefficients;
  // A preset that breaks one of these would compile and prove, and mean something else.
  if (powers > maxCoefficients)
    throw new Error(`preset ${name}: ${powers} powers, more than ${maxCoefficients}`);
  if (coordinatesPerChunk % 2 !== 0) throw new Error(`preset ${name}: the circuits take squares in pairs`);
  if (maxWeight >= 1 << sumExtraBits) throw new Error(`preset ${name}: a sum does not fit its lanes`);
  return Object.freeze({
    ...shape,
    name,
    id: `0x${bytesToHex(keccak_256(utf8ToBytes(`murmuration/v1/preset/${name}`)))}` as const,
    powers,
    sumLaneBits: coordinateBits + sumExtraBits,
    maxCoordinate: 2 ** (coordinateBits - 1) - 1,
    maxNormBound: BigInt(coordinatesPerChunk) << BigInt(2 * (coordinateBits - 1)),
  });
}

/** Every preset by name. */
export const presets: Readonly<Record<PresetName, Preset>> = Object.freeze(
  Object.fromEntries(presetNames.map((name) => [name, derive(name)])) as Record<PresetName, Preset>,
);

/**
 * The preset of a name that came from outside, such as a flag of a command.
 *
 * @throws {ProverError} `argument`, listing the names that there are.
 * @example
 * ```ts
 * import { parsePreset } from '@murmuration/prover';
 *
 * const { coordinatesPerChunk, coordinateBits, maxWeight, maxNormBound } = parsePreset('base');
 * console.log(coordinatesPerChunk, coordinateBits, maxWeight); // 4048 8 1023
 * console.log(maxNormBound === 4048n * 4n ** 7n); // true
 * ```
 */
export function parsePreset(name: string): Preset {
  if ((presetNames as readonly string[]).includes(name)) return presets[name as PresetName];
  throw new ProverError(
    'argument',
    `preset is ${JSON.stringify(name)}, but it is one of ${presetNames.join(', ')}`,
  );
}
