// Proves and verifies the statement `score` with the keys of one shape.
import type { Groth16Proof, ProverBackend } from '../backends/index.ts';
import { ProverError } from '../errors.ts';
import { verifyGroth16 } from '../groth16.ts';
import { type ProvenStatement, type ProvingRequest, proveInput } from '../statements/index.ts';
import { loadWitnessCalculator, type WitnessCalculator } from '../witness/index.ts';
import type { ScoreKeys } from './keys.ts';
import { type ScoreClaim, type ScoreSecret, scoreInputs, scoreSignals } from './statement.ts';

/** Proves and verifies `score`. It holds nothing of a secret between calls. */
export interface ScoreProver {
  /** The keys that it was made with. */
  readonly keys: ScoreKeys;
  /**
   * A proof that the secret fits the claim, verified before it is given.
   *
   * @throws {ProverError} `argument` for a model of another shape; `field` for a member of the claim out of range; `witness` where the
   * circuit says that the secret does not fit; `key-file`, `backend` and `stopped` as {@link Prover.prove} does.
   */
  prove(request: ProvingRequest<ScoreClaim, ScoreSecret>): Promise<ProvenStatement>;
  /**
   * Whether a proof holds for a claim.
   *
   * @throws {ProverError} `field` or `point` for malformed input: that is not a proof that does not hold.
   */
  verify(claim: ScoreClaim, proof: Groth16Proof): boolean;
}

/**
 * A prover under these keys.
 *
 * @param backend is started by the caller, who also stops it; {@link ScoreProver.prove} alone needs it.
 */
export function createScoreProver(keys: ScoreKeys, backend: ProverBackend): ScoreProver {
  let calculator: Promise<WitnessCalculator> | undefined;
  return {
    keys,
    async prove({ claim, secret, onProgress, signal }) {
      if (secret.model.shape.shape !== keys.shape.shape) {
        throw new ProverError(
          'argument',
          `the model is of shape ${secret.model.shape.shape}, but the keys are for ${keys.shape.shape}`,
        );
      }
      calculator ??= loadWitnessCalculator(keys.provingKey.id, keys.wasm.path, (job, options) =>
        backend.calculate(job, options),
      );
      const tools = { backend, key: keys.provingKey, calculator: await calculator };
      const [input, expected] = [scoreInputs(claim, secret), scoreSignals(claim)];
      return proveInput(tools, { input, expected, onProgress, signal });
    },
    verify: (claim, proof) => verifyGroth16(keys.verifyingKey, proof, scoreSignals(claim)),
  };
}
