// The sizes that circuits, commitments and contracts agree on (docs/encodings.md, "Presets"). A plain literal goes in,
// a checked, frozen object with everything that follows from it comes out.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { blindingCoefficients } from './blinding.ts';

export const presetNames = ['tiny', 'quick', 'base', 'wide'] as const;
export type PresetName = (typeof presetNames)[number];

/** The numbers that are chosen; all others follow. */
interface PresetLiteral {
  readonly name: PresetName;
  /** K: coordinates in a chunk. With the limbs of the blinding they fit the ring of the encryption. */
  readonly coordinates: number;
  /** b: bits of an update's lane. */
  readonly laneBits: number;
  /** Wmax: the largest sum of weights in a round. */
  readonly maxWeight: number;
  /** Chunks in a round, at most. */
  readonly maxChunks: number;
}

export interface Preset extends PresetLiteral {
  /** keccak256 of the preset's name, as contracts know it: 32 bytes in hexadecimal, with 0x. */
  readonly id: `0x${string}`;
  /** Coefficients of a committed polynomial, the lanes' and the blinding's: as many powers of tau commit to it. */
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
/** Largest degree plus one of a committed polynomial; soundness error of the evaluation is at most this over r. */
const maxCoefficients = 1 << 16;

/** Checks a literal and derives the rest. */
function definePreset(literal: PresetLiteral): Preset {
  const { name, coordinates, laneBits, maxWeight, maxChunks } = literal;
  const refuse = (field: string, value: number, rule: string): never => {
    throw new RangeError(`preset ${name}: ${field} is ${value}, but ${rule}`);
  };
  const powers = coordinates + blindingCoefficients;
  if (!Number.isInteger(coordinates) || coordinates < 2 || powers > maxCoefficients)
    refuse(
      'coordinates',
      coordinates,
      `it is an integer from 2 to ${maxCoefficients - blindingCoefficients}`,
    );
  if (coordinates % 2 !== 0) refuse('coordinates', coordinates, 'the circuits take squares in pairs');
  if (!Number.isInteger(laneBits) || laneBits < 2 || laneBits > 16)
    refuse('laneBits', laneBits, 'it is an integer from 2 to 16');
  if (!Number.isInteger(maxWeight) || maxWeight < 1 || maxWeight >= 1 << sumExtraBits)
    refuse('maxWeight', maxWeight, `a sum's lane has ${sumExtraBits} more bits than an update's`);
  if (!Number.isInteger(maxChunks) || maxChunks < 1) refuse('maxChunks', maxChunks, 'it is at least 1');
  return Object.freeze({
    ...literal,
    id: `0x${bytesToHex(keccak_256(utf8ToBytes(`murmuration/v1/preset/${name}`)))}` as const,
    powers,
    sumLaneBits: laneBits + sumExtraBits,
    maxCoordinate: 2 ** (laneBits - 1) - 1,
    maxNormBound: BigInt(coordinates) << BigInt(2 * (laneBits - 1)),
  });
}

const shared = { laneBits: 8, maxWeight: 1023, maxChunks: 32 } as const;

/** Every preset by name. */
export const presets: Readonly<Record<PresetName, Preset>> = Object.freeze({
  tiny: definePreset({ name: 'tiny', coordinates: 96, ...shared }),
  quick: definePreset({ name: 'quick', coordinates: 992, ...shared }),
  // 4048 = 4096 - 48: all of the ring but the limbs of the blinding. Aggregate and alignment stay below 2^17.
  base: definePreset({ name: 'base', coordinates: 4048, ...shared }),
  wide: definePreset({ name: 'wide', coordinates: 8144, ...shared }),
});

/** The preset of a name that came from outside. Throws a RangeError that lists the names there are. */
export function parsePreset(name: string): Preset {
  if (!(presetNames as readonly string[]).includes(name)) {
    throw new RangeError(`preset is ${JSON.stringify(name)}, but it is one of ${presetNames.join(', ')}`);
  }
  return presets[name as PresetName];
}
