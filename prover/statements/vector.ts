// A chunk's secret vector, and what of it becomes public before the challenge exists: its commitment and its sponge.
import type { Blinding } from '../blinding.ts';
import { commit, type G1Point, type Srs } from '../kzg/index.ts';
import { type Coordinates, fromLanes, laneBits, toLanes, type VectorKind } from '../packing.ts';
import type { Preset } from '../presets.ts';
import { vectorSponge } from '../sponge.ts';

/** At most K signed coordinates (the rest is padding) and the blinding, fresh for every chunk and round. */
export interface SecretVector {
  readonly coordinates: Coordinates;
  readonly blinding: Blinding;
}

/** What a trainer, validator or sum's prover publishes about a chunk before its challenge is drawn. */
export interface VectorCommitment {
  /** C = [f(tau)]_1. */
  readonly commitment: G1Point;
  /** The sponge, below r. */
  readonly h: bigint;
}

/** Commits to a chunk. Throws a RangeError for a coordinate out of range or an SRS that is too short. */
export async function commitVector(
  kind: VectorKind,
  preset: Preset,
  srs: Srs,
  vector: SecretVector,
): Promise<VectorCommitment> {
  const lanes = padded(kind, preset, vector.coordinates);
  return {
    commitment: await commit(srs, { lanes, blinding: vector.blinding }, laneBits(kind, preset)),
    h: await vectorSponge(kind, preset, vector.coordinates, vector.blinding),
  };
}

/** Exactly K coordinates, checked. */
export function padded(kind: VectorKind, preset: Preset, coordinates: Coordinates): Int32Array {
  return fromLanes(toLanes(coordinates, kind, preset), kind, preset);
}

/** Squared length: below 2^47 for every preset, so exact. */
export function squaredNorm(coordinates: Coordinates): bigint {
  return innerProduct(coordinates, coordinates);
}

/** Inner product over the shorter length; exact below 2^53, which every preset's ranges ensure. */
export function innerProduct(a: Coordinates, b: Coordinates): bigint {
  let sum = 0;
  for (let j = 0; j < Math.min(a.length, b.length); j++) sum += a[j]! * b[j]!;
  if (!Number.isSafeInteger(sum)) {
    throw new RangeError(
      `the inner product is ${sum}, but it is an integer below 2^53; check the coordinates`,
    );
  }
  return BigInt(sum);
}

/** The inputs by which the circuits know a vector. */
export function vectorInputs(
  kind: VectorKind,
  preset: Preset,
  { coordinates, blinding }: SecretVector,
): { lanes: bigint[]; rho: readonly bigint[] } {
  return { lanes: Array.from(toLanes(coordinates, kind, preset), BigInt), rho: blinding };
}
