// What every proof of a round is made with, and how the chunks of one call are proven.
import type { ProvenStatement, Prover, ProvingRequest, Statement } from '@murmuration/prover';

/** The prover, who is told of each proof, and how to stop. */
export interface ProvingContext {
  readonly prover: Prover;
  /** Told of each proof: milliseconds of witness and proof together, and what made it, such as `wasm/quads`. */
  onProof(milliseconds: number, engine: string): void;
  /** Told once the prover has a claim: what this thread had to prepare for it is done. */
  readonly onHandedOver?: (() => void) | undefined;
  /** Ends the work between and within proofs. */
  readonly signal?: AbortSignal | undefined;
  /** When the proofs are of no use any more: the end of their phase. */
  readonly deadline?: Date | undefined;
}

/** Proves one claim, and tells of it. */
export async function proveClaim<Claim, Secret>(
  { prover, onProof, onHandedOver, signal, deadline }: ProvingContext,
  statement: Statement<Claim, Secret>,
  { claim, secret }: Pick<ProvingRequest<Claim, Secret>, 'claim' | 'secret'>,
): Promise<ProvenStatement['proof']> {
  const request = { claim, secret, signal, deadline };
  const proving = prover.prove(statement, request);
  // The prover takes the claim before the event loop turns.
  if (onHandedOver) setImmediate(onHandedOver);
  const { proof, witnessMs, proveMs, engine } = await proving;
  onProof(witnessMs + proveMs, engine);
  return proof;
}

/**
 * Works on all chunks at the same time: a service spreads them over its agents, and in this process one's witness is
 * computed while another is proven. The first that fails ends the others, and all have ended when this rejects.
 *
 * @param work gets a context whose signal aborts when another chunk has failed.
 */
export async function eachChunk<Chunk, Proven>(
  context: ProvingContext,
  chunks: readonly Chunk[],
  work: (context: ProvingContext, chunk: Chunk, index: number) => Promise<Proven>,
): Promise<Proven[]> {
  const failing = new AbortController();
  const { signal: given } = context;
  const signal = given ? AbortSignal.any([given, failing.signal]) : failing.signal;
  const all = await Promise.allSettled(
    chunks.map(async (chunk, index) => {
      try {
        return await work({ ...context, signal }, chunk, index);
      } catch (error) {
        failing.abort(error);
        throw error;
      }
    }),
  );
  if (failing.signal.aborted) throw failing.signal.reason;
  return all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
