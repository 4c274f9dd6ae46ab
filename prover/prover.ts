// Everything together: one preset's keys and one backend, from a vector to its commitment, its opening and
// its proof, and back to whether they hold. Order matters: commit, publish `C`, `h` and the ciphertext's
// digest, draw the challenge from them, then open and prove.
import type { CircuitName } from '@murmuration/circuits';
import type { ChunkVector } from '@murmuration/core';
import type { Groth16Proof, ProverBackend } from './backends/index.ts';
import { verifyGroth16 } from './groth16.ts';
import { encodeBases, type KeySet } from './keys/index.ts';
import {
  type Bases,
  commit,
  type G1Point,
  loadBases,
  type Opening,
  type OpeningClaim,
  open,
  verifyOpening,
} from './kzg/index.ts';
import { checkCoordinates, laneBits, type VectorKind } from './packing.ts';
import { type Preset, presets } from './presets.ts';
import { pointOfReferences, type ReferenceChunk } from './references.ts';
import { vectorSponge } from './sponge.ts';
import {
  commitVector,
  type ProvenStatement,
  type ProvingRequest,
  prove,
  publicSignals,
  type Statement,
  type VectorCommitment,
} from './statements/index.ts';
import { loadWitnessCalculator, type PackableInput, type WitnessCalculator } from './witness/index.ts';

/** Proves and verifies with the keys of one preset. It holds nothing of a vector between calls. */
export interface Prover {
  /** The preset of the keys, and of every vector. */
  readonly preset: Preset;
  /** The keys that it was made with. */
  readonly keys: KeySet;
  /**
   * `C` and `h` of a chunk, which are published before the challenge exists (Kate, Zaverucha, Goldberg 2010,
   * section 3.3). Takes 5 ms (`base`).
   *
   * @param kind is `update` for updates and probes, `aggregate` for their sums.
   * @throws {ProverError} `argument` unless there are K coordinates in the range of the kind, `field` for a
   * blinding coefficient outside [0, r).
   */
  commit(kind: VectorKind, vector: ChunkVector): Promise<VectorCommitment>;
  /**
   * `C` alone, for who holds an opened vector against it.
   *
   * @throws {ProverError} as {@link Prover.commit} does.
   */
  commitment(kind: VectorKind, vector: ChunkVector): Promise<G1Point>;
  /**
   * `h` alone, for who holds an opened vector against it, or has its commitment.
   *
   * @throws {ProverError} as {@link Prover.commit} does.
   */
  sponge(kind: VectorKind, vector: ChunkVector): Promise<bigint>;
  /**
   * `y = f(gamma)` and its KZG proof. A commitment is opened at one challenge only: a second opening confirms
   * a guess of the vector.
   *
   * @param gamma is the challenge, in [0, r); see {@link challenge}.
   * @throws {ProverError} as {@link Prover.commit} does, and `field` for gamma.
   */
  open(kind: VectorKind, vector: ChunkVector, gamma: bigint): Promise<Opening>;
  /**
   * Whether an opening holds under these keys' powers.
   *
   * @throws {ProverError} `point` or `field` for malformed input: that is not an opening that does not hold.
   */
  verifyOpening(claim: OpeningClaim): boolean;
  /**
   * The point by which verifiers know a chunk's references; validators vote for it. Takes 4 ms (`base`).
   *
   * @throws {ProverError} `argument` for references out of range.
   */
  referencePoint(references: ReferenceChunk): Promise<G1Point>;
  /**
   * A Groth16 proof that the secret fits the claim, verified before it is given. Takes 0.1 s (`quick`) to 0.3 (`base`) with the
   * backend `wasm`, and leaves the caller's thread free.
   *
   * @throws {ProverError} `argument` or `field` for a member of the claim out of range; `statement` where the
   * secret plainly does not fit; `witness` where the circuit says so; `key-file` for a proving key that was
   * altered; `backend` and `stopped` from the backend. Rejects with the signal's reason when it is aborted.
   * @example
   * ```ts
   * import * as zk from '@murmuration/prover';
   *
   * const keys = await zk.ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
   * const backend = zk.createBackend({ name: 'snarkjs' });
   * await backend.start();
   * const prover = zk.createProver(keys, backend);
   * const coordinates = new Int32Array(96).fill(-1, 0, 9);
   * const secret = { coordinates, blinding: zk.randomBlinding() };
   * const gamma = 5n; // in earnest zk.challenge({ ... }), once commitment and h are public
   * const { h } = await prover.commit('update', secret);
   * const { y } = await prover.open('update', secret, gamma);
   *
   * const claim = { h, gamma, y, normBound: 9n };
   * const { proof } = await prover.prove(zk.update, { claim, secret });
   * console.log(prover.verify(zk.update, claim, proof)); // true
   * console.log(prover.verify(zk.update, { ...claim, normBound: 8n }, proof)); // false
   *
   * const tighter = { ...claim, normBound: 8n };
   * const refused = await prover.prove(zk.update, { claim: tighter, secret }).catch((error) => error);
   * console.log(refused.code, refused.message); // statement the squared norm is 9, but the bound is 8
   * await backend.stop();
   * ```
   */
  prove<Claim, Secret>(
    statement: Statement<Claim, Secret, PackableInput>,
    request: ProvingRequest<Claim, Secret>,
  ): Promise<ProvenStatement>;
  /**
   * Whether a proof holds for a claim. Takes 45 ms.
   *
   * @throws {ProverError} `argument`, `field` or `point` for malformed input: that is not a proof that does
   * not hold.
   */
  verify<Claim>(
    statement: Statement<Claim, never, PackableInput>,
    claim: Claim,
    proof: Groth16Proof,
  ): boolean;
}

/**
 * A prover under these keys.
 *
 * @param backend is started by the caller, who also stops it; {@link Prover.prove} alone needs it.
 * @example
 * ```ts
 * import { createBackend, createProver, ensureDevelopmentKeys, randomBlinding } from '@murmuration/prover';
 *
 * const keys = await ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
 * const prover = createProver(keys, createBackend({ name: 'snarkjs' }));
 * const vector = { coordinates: new Int32Array(96).fill(7), blinding: randomBlinding() };
 *
 * const { commitment } = await prover.commit('update', vector);
 * const { y, proof } = await prover.open('update', vector, 5n);
 * console.log(prover.verifyOpening({ commitment, gamma: 5n, y, proof })); // true
 * console.log(prover.verifyOpening({ commitment, gamma: 6n, y, proof })); // false
 * ```
 */
export function createProver(keys: KeySet, backend: ProverBackend): Prover {
  const preset = presets[keys.preset];
  const calculators = new Map<CircuitName, Promise<WitnessCalculator>>();
  const calculatorOf = (circuit: CircuitName) => {
    const { provingKey, wasm } = keys.circuit(circuit);
    const calculator =
      calculators.get(circuit) ??
      loadWitnessCalculator(provingKey.id, wasm.path, (job, options) => backend.calculate(job, options));
    calculators.set(circuit, calculator);
    return calculator;
  };
  const arithmetic = () => backend.arithmetic?.();
  const srs = () => ({ ...keys.srs, bases: arithmetic()?.bases(keys.srs.g1) ?? keys.srs.bases });
  let points: Uint8Array | undefined;
  let plain: Promise<Bases> | undefined;
  const referenceBases = async (): Promise<Bases> => {
    points ??= encodeBases(keys.circuit('alignment').bases);
    const own = arithmetic();
    if (own) return own.bases(points);
    plain ??= loadBases(points);
    return plain;
  };
  return {
    preset,
    keys,
    commit: (kind, vector) => commitVector({ preset, srs: srs(), chain: arithmetic()?.chain }, kind, vector),
    commitment: async (kind, vector) => commit(srs(), vector, laneBits(kind, preset)),
    sponge: (kind, vector) => vectorSponge(kind, preset, vector, arithmetic()?.chain),
    async open(kind, vector, gamma) {
      checkCoordinates(vector.coordinates, kind, preset);
      return open(srs(), vector, gamma);
    },
    referencePoint: async (references) => pointOfReferences(preset, await referenceBases(), references),
    verifyOpening: (claim) => verifyOpening(keys.srs.tauG2, claim),
    async prove(statement, request) {
      const key = keys.circuit(statement.circuit).provingKey;
      const calculator = await calculatorOf(statement.circuit);
      return prove({ preset, backend, key, calculator }, statement, request);
    },
    verify(statement, claim, proof) {
      const { verifyingKey } = keys.circuit(statement.circuit);
      return verifyGroth16(verifyingKey, proof, publicSignals(statement, preset, claim));
    },
  };
}
