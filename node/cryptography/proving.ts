// What every proof of a round is made with.
import type { Prover } from '@murmuration/prover';

/** The prover, who is told of each proof, and how to stop. */
export interface ProvingContext {
  readonly prover: Prover;
  /** Told of each proof: milliseconds of witness and proof together, and what made it, such as `wasm/quads`. */
  onProof(milliseconds: number, engine: string): void;
  /** Ends the work between and within proofs. */
  readonly signal?: AbortSignal | undefined;
}
