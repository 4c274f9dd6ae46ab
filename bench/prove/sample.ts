// Vectors to measure with: uniform over the whole range, so that no digit is spared.

import { combineBlindings, type Preset, randomBlinding, type SecretVector } from '@murmuration/prover';

/** An update of K coordinates. */
export function sampleUpdate({ coordinates, maxCoordinate }: Preset): SecretVector {
  const side = 2 * maxCoordinate + 1;
  return {
    coordinates: Array.from({ length: coordinates }, () => Math.floor(Math.random() * side) - maxCoordinate),
    blinding: randomBlinding(),
  };
}

/** The sum of so many updates, all of the same weight, and of their blindings. */
export function sampleSum(preset: Preset, trainers: number): SecretVector {
  const coordinates = new Int32Array(preset.coordinates);
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
