// What every prover backend is: something that turns a witness and a proving key into a Groth16 proof (Groth
// 2016, https://eprint.iacr.org/2016/260). Which one runs is a setting; none ever stands in for another.
import type { G1Point, G2Point } from '../kzg/points.ts';
import type { Arithmetic } from '../wasm/arithmetic.ts';
import type { GeneratorJob, RunOptions } from '../witness/index.ts';

/** Names that a setting may give. */
export type BackendName = 'wasm' | 'snarkjs' | 'rapidsnark';

/**
 * A proof, affine. Negating A and B gives another proof of the same statement, so no hash of a proof may name
 * it.
 */
export interface Groth16Proof {
  /** `[A]_1`. */
  readonly a: G1Point;
  /** `[B]_2`. */
  readonly b: G2Point;
  /** `[C]_1`. */
  readonly c: G1Point;
}

/** A proving key on disk, in snarkjs's zkey format. */
export interface ProvingKey {
  /** For messages and caches, such as `update/quick`. */
  readonly id: string;
  /** Path of the file. */
  readonly zkeyPath: string;
  /** SHA-256 of the file, 64 hexadecimal digits, from the manifest; checked when the key is loaded. */
  readonly sha256: string;
  /** Public signals that verifiers take as words of their own, where a point stands for the others; all of them unless given. */
  readonly signals?: number | undefined;
}

/** Steps that a proof goes through, in order. */
export type ProofStage = 'queued' | 'loading-key' | 'proving' | 'done';

/** What is to be proven. */
export interface ProofRequest {
  /** Of the witness's circuit. */
  readonly key: ProvingKey;
  /** The witness as the bytes of a `.wtns` file. */
  readonly witness: Uint8Array;
  /** What stands for the public signals that are no words of their own, if the key has such. */
  readonly point?: G1Point | undefined;
  /** Hears of each stage as it begins. */
  readonly onProgress?: ((stage: ProofStage) => void) | undefined;
  /** Abort: the promise rejects with the signal's reason, and a proof under way is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** A proof that has been verified, and what it took. */
export interface ProofResult {
  /** It holds under the key. */
  readonly proof: Groth16Proof;
  /** The circuit's public signals in order, each below r; behind them the words of the request's point, if it has one. */
  readonly publicSignals: readonly bigint[];
  /** Milliseconds of the proof itself: neither the time in the queue nor the loading of the key. */
  readonly proveMs: number;
  /** What made it: the backend's name, and behind a stroke its kernel if it has several, such as `wasm/quads`. */
  readonly engine: string;
}

/**
 * One way to prove. `start` and `stop` can each be called again; after `stop` no thread, process or timer is
 * left.
 */
export interface ProverBackend {
  /** As the setting gives it. */
  readonly name: BackendName;
  /**
   * Gets ready.
   *
   * @throws {ProverError} `backend` if it cannot run here.
   */
  start(): Promise<void>;
  /** Rejects the proofs under way with a `stopped`, and frees everything. */
  stop(): Promise<void>;
  /**
   * Runs a witness generator in a thread of the backend; {@link Prover.prove} calls it.
   *
   * @throws {ProverError} `witness` if an input is missing, misshapen, or breaks a constraint; `backend` if the backend has
   * not been started, or the thread failed; `stopped` if it was stopped meanwhile. Rejects with the signal's reason when
   * that is aborted.
   */
  calculate(job: GeneratorJob, options?: RunOptions): Promise<Uint8Array>;
  /**
   * Proves; {@link Prover.prove} calls it.
   *
   * @throws {ProverError} `backend` if it has not been started, failed, or the witness is not this circuit's;
   * `stopped` if it was stopped meanwhile; `key-file` or `key-unsound` for the key.
   */
  prove(request: ProofRequest): Promise<ProofResult>;
  /** The backend's own arithmetic for commitments; `undefined` of one that has none or has not been started. */
  arithmetic?(): Arithmetic | undefined;
}
