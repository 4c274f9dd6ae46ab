// Prover backends, and the setting that chooses one.
import { ProverError } from '../errors.ts';
import { type KernelName, kernelNames } from '../wasm/kernel.ts';
import type { ProverBackend } from './backend.ts';
import { createRapidsnarkBackend } from './rapidsnark.ts';
import { createSnarkjsBackend, type SnarkjsOptions } from './snarkjs.ts';
import { createWasmBackend, type WasmOptions } from './wasm.ts';

export type { KernelName } from '../wasm/kernel.ts';
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

/**
 * A setting from a word, as an environment variable or a command line gives it: `wasm`, `wasm/quads`, `wasm/pairs`, `wasm/integers`,
 * `snarkjs`, or `rapidsnark:` and the path of the program.
 *
 * @param options are given to `wasm`.
 * @throws {ProverError} `argument` for any other word.
 */
export function parseBackendSetting(word: string, options: WasmOptions = {}): BackendSetting {
  const [name, kernel] = word.split('/', 2) as [string, string | undefined];
  if (word === 'wasm') return { name: 'wasm', ...options };
  if (name === 'wasm' && word === `wasm/${kernel}` && isKernelName(kernel))
    return { name, ...options, kernel };
  if (word === 'snarkjs') return { name: 'snarkjs' };
  const program = /^rapidsnark:(.+)$/.exec(word)?.[1];
  if (program !== undefined) return { name: 'rapidsnark', binary: program };
  throw new ProverError(
    'argument',
    `the prover is ${JSON.stringify(word)}, but it is wasm, ${kernelNames.map((one) => `wasm/${one}`).join(', ')}, snarkjs, or rapidsnark:PROGRAM`,
  );
}

const isKernelName = (name: string | undefined): name is KernelName =>
  kernelNames.some((one) => one === name);
