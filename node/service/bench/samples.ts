// Vectors to measure proofs with: uniform over the whole range, so that no digit is spared.

import type { ChunkVector } from '@murmuration/core';
import {
  combineBlindings,
  maxGroups,
  type Preset,
  type ReferenceChunk,
  randomBlinding,
} from '@murmuration/prover';

/** An update of K coordinates. */
export function sampleUpdate({ coordinatesPerChunk, maxCoordinate }: Preset): ChunkVector {
  const side = 2 * maxCoordinate + 1;
  return {
    coordinates: Int32Array.from(
      { length: coordinatesPerChunk },
      () => Math.floor(Math.random() * side) - maxCoordinate,
    ),
    blinding: randomBlinding(),
  };
}

/** References of all groups, of a round with one chunk. */
export function sampleReferences(preset: Preset): ReferenceChunk {
  const { coordinatesPerChunk } = preset;
  return {
    groups: Array.from({ length: maxGroups }, () => Int8Array.from(sampleUpdate(preset).coordinates)),
    squaredLength: BigInt(24 ** 2 * coordinatesPerChunk),
    chunk: 0,
    chunks: 1,
  };
}

/** The sum of so many updates, all of the same weight, and of their blindings. */
export function sampleSum(preset: Preset, trainers: number): ChunkVector {
  const coordinates = new Int32Array(preset.coordinatesPerChunk);
  const weight = Math.floor(preset.maxWeight / trainers);
  const updates = Array.from({ length: trainers }, () => sampleUpdate(preset));
  for (const one of updates) {
    coordinates.forEach((value, j) => {
      coordinates[j] = value + weight * one.coordinates[j]!;
    });
  }
  const blindings = updates.map(({ blinding }) => blinding);
  return {
    coordinates,
    blinding: combineBlindings(
      blindings,
      blindings.map(() => weight),
    ),
  };
}
