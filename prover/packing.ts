// Signed coordinates, lanes and packed field elements (docs/encodings.md, "Lanes, packing, sponge"). A lane
// is a coordinate plus half its range; lanes fill an element from its least significant bits.

import { ProverError } from './errors.ts';
import { checkField } from './field.ts';
import type { Preset } from './presets.ts';

/** Bits of a field element that lanes may fill. */
export const packedBits = 253;

/** What a vector can be: `update` for updates and probes, `aggregate` for their sums. */
export const vectorKinds = ['update', 'aggregate'] as const;

/** Kind of a vector: it decides a coordinate's range and the sponge's domain. */
export type VectorKind = (typeof vectorKinds)[number];

/**
 * Bits of a lane of this kind: b of an update, b + 10 of a sum. A coordinate lies in [-2^(bits-1),
 * 2^(bits-1)).
 */
export function laneBits(kind: VectorKind, preset: Preset): number {
  return kind === 'update' ? preset.coordinateBits : preset.sumLaneBits;
}

/** Lanes that share a field element: 31 of 8 bits, 14 of 18. */
export function lanesPerElement(bits: number): number {
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) {
    throw new ProverError('argument', `bits is ${bits}, but a lane has from 1 to 32`);
  }
  return Math.floor(packedBits / bits);
}

/** The K lanes of K signed coordinates. Throws as {@link checkCoordinates} does. */
export function toLanes(coordinates: Int32Array, kind: VectorKind, preset: Preset): Uint32Array {
  checkCoordinates(coordinates, kind, preset);
  const offset = 2 ** (laneBits(kind, preset) - 1);
  return Uint32Array.from(coordinates, (u) => u + offset);
}

/** Throws an `argument` unless there are K coordinates, each in the range of its kind. */
export function checkCoordinates(coordinates: Int32Array, kind: VectorKind, preset: Preset): void {
  const size = preset.coordinatesPerChunk;
  if (coordinates.length !== size) {
    throw new ProverError(
      'argument',
      `coordinates has ${coordinates.length} entries, but a chunk of ${preset.name} has ${size}`,
      { mend: 'Split the vector into chunks, and pad the last one with zeros.' },
    );
  }
  const offset = 2 ** (laneBits(kind, preset) - 1);
  const wrong = coordinates.findIndex((u) => !Number.isInteger(u) || u < -offset || u >= offset);
  if (wrong < 0) return;
  throw new ProverError(
    'argument',
    `coordinates[${wrong}] is ${coordinates[wrong]}, ` +
      `but a coordinate of kind ${kind} is an integer in [${-offset}, ${offset})`,
    { mend: 'Clip it when quantising.' },
  );
}

/** Inverse of {@link toLanes}: K signed coordinates. */
export function fromLanes(lanes: ArrayLike<number>, kind: VectorKind, preset: Preset): Int32Array {
  const bits = laneBits(kind, preset);
  if (lanes.length !== preset.coordinatesPerChunk) {
    throw new ProverError(
      'argument',
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
  const needed = Math.ceil(length / perElement);
  if (elements.length !== needed) {
    throw new ProverError(
      'argument',
      `elements has ${elements.length} entries, but ${length} lanes of ${bits} bits fill ${needed}`,
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
      throw new ProverError('argument', `elements[${e}] has bits beyond its lanes, but packing makes none`);
    }
  });
  return lanes;
}

function checkLane(lane: number, j: number, bits: number): number {
  if (Number.isInteger(lane) && lane >= 0 && lane < 2 ** bits) return lane;
  throw new ProverError(
    'argument',
    `lanes[${j}] is ${lane}, but a lane of ${bits} bits lies in [0, ${2 ** bits})`,
  );
}
