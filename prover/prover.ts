// Everything together: one preset's keys and one backend, from a vector to its commitment, its opening and
// its proof, and back to whether they hold. Order matters: commit, publish `C`, `h` and the ciphertext's
// digest, draw the challenge from them, then open and prove.

import type { CircuitName } from '@murmuration/circuits';
import type { ChunkVector } from '@murmuration/core';
import type { Groth16Proof, ProverBackend } from './backends/index.ts';
import { verifyGroth16 } from './groth16.ts';
import type { KeySet } from './keys/index.ts';
import { type Opening, type OpeningClaim, open, verifyOpening } from './kzg/index.ts';
import { checkCoordinates, type VectorKind } from './packing.ts';
import { type Preset, presets } from './presets.ts';
import {
  commitVector,
  type ProvenStatement,
  type ProvingRequest,
  prove,
  publicSignals,
  type Statement,
  type VectorCommitment,
} from './statements/index.ts';
import { loadWitnessCalculator, type WitnessCalculator } from './witness/index.ts';

export interface Prover {
  readonly preset: Preset;
  readonly keys: KeySet;
  /** `C` and `h` of a chunk; `kind` is `update` for updates and probes, `aggregate` for their sums. */
  commit(kind: VectorKind, vector: ChunkVector): Promise<VectorCommitment>;
  /** `y = f(gamma)` and its KZG proof. */
  open(kind: VectorKind, vector: ChunkVector, gamma: bigint): Promise<Opening>;
  /** Whether an opening holds under these keys' powers. Malformed input is an error. */
  verifyOpening(claim: OpeningClaim): boolean;
  /** A Groth16 proof that the secret fits the claim. */
  prove<Claim, Secret>(
    statement: Statement<Claim, Secret>,
    request: ProvingRequest<Claim, Secret>,
  ): Promise<ProvenStatement>;
  /** Whether a proof holds for a claim. Malformed input is an error. */
  verify<Claim>(statement: Statement<Claim, never>, claim: Claim, proof: Groth16Proof): boolean;
}

/** @param backend started by the caller, who also stops it. */
export function createProver(keys: KeySet, backend: ProverBackend): Prover {
  const preset = presets[keys.preset];
  const calculators = new Map<CircuitName, Promise<WitnessCalculator>>();
  const calculatorOf = (circuit: CircuitName) => {
    const { provingKey, wasm } = keys.circuit(circuit);
    const calculator = calculators.get(circuit) ?? loadWitnessCalculator(provingKey.id, wasm.path);
    calculators.set(circuit, calculator);
    return calculator;
  };
  return {
    preset,
    keys,
    commit: (kind, vector) => commitVector({ preset, srs: keys.srs }, kind, vector),
    async open(kind, vector, gamma) {
      checkCoordinates(vector.coordinates, kind, preset);
      return open(keys.srs, vector, gamma);
    },
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
