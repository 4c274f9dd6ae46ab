// Signed coordinates, lanes and packed field elements (docs/encodings.md, "Lanes, packing, sponge"). A lane is a
// coordinate plus half its range; lanes fill an element from its least significant bits.
import { checkField } from './field.ts';
import type { Preset } from './presets.ts';

/** Bits of a field element that lanes may fill. */
export const packedBits = 253;

/** What a sponge is over: an update (or probe), or a sum of them. */
export const vectorKinds = ['update', 'aggregate'] as const;
export type VectorKind = (typeof vectorKinds)[number];

/** Bits of a lane of this kind. */
export function laneBits(kind: VectorKind, preset: Preset): number {
  return kind === 'update' ? preset.coordinateBits : preset.sumLaneBits;
}

/** Lanes that share a field element. */
export function lanesPerElement(bits: number): number {
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) {
    throw new RangeError(`bits is ${bits}, but a lane has from 1 to 32`);
  }
  return Math.floor(packedBits / bits);
}

/**
 * The K lanes of K signed coordinates. Throws a RangeError for another number of them, or for a coordinate outside
 * [-2^(bits-1), 2^(bits-1)).
 */
export function toLanes(coordinates: Int32Array, kind: VectorKind, preset: Preset): Uint32Array {
  checkCoordinates(coordinates, kind, preset);
  const offset = 2 ** (laneBits(kind, preset) - 1);
  return Uint32Array.from(coordinates, (u) => u + offset);
}

/** Throws as {@link toLanes} does. */
export function checkCoordinates(coordinates: Int32Array, kind: VectorKind, preset: Preset): void {
  const size = preset.coordinatesPerChunk;
  if (coordinates.length !== size) {
    throw new RangeError(
      `coordinates has ${coordinates.length} entries, but a chunk of ${preset.name} has ${size}; pad the last chunk with zeros`,
    );
  }
  const offset = 2 ** (laneBits(kind, preset) - 1);
  const wrong = coordinates.findIndex((u) => !Number.isInteger(u) || u < -offset || u >= offset);
  if (wrong >= 0) {
    throw new RangeError(
      `coordinates[${wrong}] is ${coordinates[wrong]}, but a coordinate of kind ${kind} is an integer in [${-offset}, ${offset}); clip it`,
    );
  }
}

/** Inverse of {@link toLanes}: K signed coordinates. */
export function fromLanes(lanes: ArrayLike<number>, kind: VectorKind, preset: Preset): Int32Array {
  const bits = laneBits(kind, preset);
  if (lanes.length !== preset.coordinatesPerChunk) {
    throw new RangeError(
      `lanes has ${lanes.length} entries, but a chunk of ${preset.name} has ${preset.coordinatesPerChunk}`,
    );
  }
  return Int32Array.from(lanes, (lane, j) => checkLane(lane, j, bits) - 2 ** (bits - 1));
}

/** Packs lanes of `bits` bits, lane 0 in the least significant bits. */
export function pack(lanes: ArrayLike<number>, bits: number): bigint[] {
  const perElement = lanesPerElement(bits);
  const elements: bigint[] = [];
  for (let start = 0; start < lanes.length; start += perElement) {
    let element = 0n;
    for (let j = Math.min(start + perElement, lanes.length) - 1; j >= start; j--) {
      element = (element << BigInt(bits)) | BigInt(checkLane(lanes[j]!, j, bits));
    }
    elements.push(element);
  }
  return elements;
}

/** Inverse of {@link pack} for `length` lanes; refuses elements with bits that no lane owns. */
export function unpack(elements: readonly bigint[], bits: number, length: number): Uint32Array {
  const perElement = lanesPerElement(bits);
  if (elements.length !== Math.ceil(length / perElement)) {
    throw new RangeError(
      `elements has ${elements.length} entries, but ${length} lanes of ${bits} bits fill ${Math.ceil(length / perElement)}`,
    );
  }
  const lanes = new Uint32Array(length);
  const mask = (1n << BigInt(bits)) - 1n;
  elements.forEach((element, e) => {
    let rest = checkField(`elements[${e}]`, element);
    for (let j = e * perElement; j < Math.min((e + 1) * perElement, length); j++, rest >>= BigInt(bits)) {
      lanes[j] = Number(rest & mask);
    }
    if (rest !== 0n) {
      throw new RangeError(`elements[${e}] has bits beyond its lanes; it was not made by packing`);
    }
  });
  return lanes;
}

function checkLane(lane: number, j: number, bits: number): number {
  if (!Number.isInteger(lane) || lane < 0 || lane >= 2 ** bits) {
    throw new RangeError(`lanes[${j}] is ${lane}, but a lane of ${bits} bits lies in [0, ${2 ** bits})`);
  }
  return lane;
}
