// Prover backends, and the setting that chooses one.
import { ProverError } from '../errors.ts';
import type { ProverBackend } from './backend.ts';
import { createRapidsnarkBackend } from './rapidsnark.ts';
import { createSnarkjsBackend, type SnarkjsOptions } from './snarkjs.ts';
import { createWasmBackend, type WasmOptions } from './wasm.ts';

export type {
  BackendName,
  Groth16Proof,
  ProofRequest,
  ProofResult,
  ProofStage,
  ProverBackend,
  ProvingKey,
} from './backend.ts';
export { createRapidsnarkBackend, type RapidsnarkOptions } from './rapidsnark.ts';
export { createSnarkjsBackend, type SnarkjsOptions } from './snarkjs.ts';
export { createWasmBackend, type WasmBackend, type WasmOptions } from './wasm.ts';

/** Which backend proves, and what it needs to know. */
export type BackendSetting =
  | ({ readonly name: 'wasm' } & WasmOptions)
  | ({ readonly name: 'snarkjs' } & SnarkjsOptions)
  | { readonly name: 'rapidsnark'; readonly binary: string };

/**
 * The backend that the setting names, and no other; the caller starts it before use and stops it.
 *
 * @throws {ProverError} `argument` for a setting out of range. A backend that cannot run here fails in
 * `start`.
 */
export function createBackend(setting: BackendSetting): ProverBackend {
  if (setting.name === 'wasm') return createWasmBackend(setting);
  if (setting.name === 'snarkjs') return createSnarkjsBackend(setting);
  if (setting.name === 'rapidsnark') return createRapidsnarkBackend(setting);
  const { name } = setting as { name: unknown };
  throw new ProverError(
    'argument',
    `the backend is ${JSON.stringify(name)}, but it is one of wasm, snarkjs, rapidsnark`,
  );
}
