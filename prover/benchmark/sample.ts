/** Vectors to measure with: uniform over the whole range, so that no digit is spared. */
import { FIELD_ORDER } from '../field.ts';
import { randomBlinding } from '../kzg/index.ts';
import type { Preset } from '../presets.ts';
import type { SecretVector } from '../statements/index.ts';

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
  let blinding: [bigint, bigint] = [0n, 0n];
  const weight = Math.floor(preset.maxWeight / trainers);
  for (let i = 0; i < trainers; i++) {
    const one = sampleUpdate(preset);
    coordinates.forEach((value, j) => {
      coordinates[j] = value + weight * one.coordinates[j]!;
    });
    const [a, b] = one.blinding;
    blinding = [
      (blinding[0] + BigInt(weight) * a) % FIELD_ORDER,
      (blinding[1] + BigInt(weight) * b) % FIELD_ORDER,
    ];
  }
  return { coordinates, blinding };
}
