// A chunk's vector, and what of it becomes public before the challenge exists: its commitment and its sponge.
import type { Blinding, ChunkVector } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { commit, type G1Point, type Srs } from '../kzg/index.ts';
import { laneBits, toLanes, type VectorKind } from '../packing.ts';
import type { Preset } from '../presets.ts';
import { vectorSponge } from '../sponge.ts';
import type { Chain } from '../wasm/sponge.ts';

/** What a trainer, validator or sum's prover publishes about a chunk before its challenge is drawn. */
export interface VectorCommitment {
  /** C = [f(tau)]_1; fresh blinding hides the vector in it. */
  readonly commitment: G1Point;
  /** The sponge of coordinates and blinding, in [0, r). */
  readonly h: bigint;
}

/** What a vector is committed under. */
export interface CommitmentContext {
  readonly preset: Preset;
  /** Of the preset's length. */
  readonly srs: Srs;
  /** A backend's own, if it has one. */
  readonly chain?: Chain | undefined;
}

/** Commits to a chunk; see {@link Prover.commit} for what it throws. */
export async function commitVector(
  { preset, srs, chain }: CommitmentContext,
  kind: VectorKind,
  vector: ChunkVector,
): Promise<VectorCommitment> {
  return {
    commitment: await commit(srs, vector, laneBits(kind, preset)),
    h: await vectorSponge(kind, preset, vector, chain),
  };
}

/**
 * Squared length, exact: below 2^47 for every preset's ranges.
 *
 * @throws {ProverError} `argument` for coordinates so far out of range that it is 2^53 or more.
 */
export function squaredNorm(coordinates: Int32Array): bigint {
  return innerProduct(coordinates, coordinates);
}

/** Inner product of two chunks; exact below 2^53, which every preset's ranges ensure. */
export function innerProduct(a: Int32Array, b: Int32Array | Int8Array): bigint {
  if (a.length !== b.length) {
    throw new ProverError(
      'argument',
      `the vectors have ${a.length} and ${b.length} coordinates, but chunks of one preset have as many`,
    );
  }
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  if (!Number.isSafeInteger(sum)) {
    throw new ProverError('argument', `the inner product is ${sum}, but it is an integer below 2^53`, {
      mend: 'Check the coordinates: no preset allows such ones.',
    });
  }
  return BigInt(sum);
}

/** The inputs by which the circuits know a vector. */
export function vectorInputs(
  kind: VectorKind,
  preset: Preset,
  { coordinates, blinding }: ChunkVector,
): { lanes: bigint[]; rho: Blinding } {
  return { lanes: Array.from(toLanes(coordinates, kind, preset), BigInt), rho: blinding };
}
