// Prover backends, and the setting that chooses one.
import { BackendError, type ProverBackend } from './backend.ts';
import { createRapidsnarkBackend } from './rapidsnark.ts';
import { createSnarkjsBackend, type SnarkjsOptions } from './snarkjs.ts';

export {
  BackendError,
  type BackendName,
  type Groth16Proof,
  type ProofRequest,
  type ProofResult,
  type ProofStage,
  type ProverBackend,
  type ProvingKey,
} from './backend.ts';
export { createRapidsnarkBackend, type RapidsnarkOptions } from './rapidsnark.ts';
export { createSnarkjsBackend, type SnarkjsOptions } from './snarkjs.ts';

/** The setting. */
export type BackendSetting =
  | ({ readonly name: 'snarkjs' } & SnarkjsOptions)
  | { readonly name: 'rapidsnark'; readonly binary: string };

/** The backend that the setting names, and no other: one that cannot run here fails in `start`. */
export function createBackend(setting: BackendSetting): ProverBackend {
  if (setting.name === 'snarkjs') return createSnarkjsBackend(setting);
  if (setting.name === 'rapidsnark') return createRapidsnarkBackend(setting);
  const { name } = setting as { name: unknown };
  throw new BackendError(`the backend is ${JSON.stringify(name)}, but it is one of snarkjs, rapidsnark`);
}
