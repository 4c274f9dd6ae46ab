// A trainer's alignment on its way to the contract: which way its update went, measured against the round's probe.
import { alignment, measure, type ProofWords, type Prover, proofWords, toField } from '@murmuration/prover';
import type { AlignmentInputs } from '../protocol/basis.ts';
import type { ChunkSum } from '../protocol/sum_file.ts';
import type { SealedChunk } from './submission.ts';

/** A chunk as `proveAlignment` takes it. */
export interface ProvenAlignment {
  /** A field element: a negative score is `r - |score|`. */
  readonly score: bigint;
  readonly norm: bigint;
  readonly proof: ProofWords;
}

/** Proves every chunk's score and norm. Rejects where a sponge is not that of the vectors given. */
export async function proveAlignment(
  prover: Prover,
  { hUpdate, hReference }: AlignmentInputs,
  update: readonly SealedChunk[],
  probes: readonly ChunkSum[],
  onProof: (milliseconds: number) => void,
  signal?: AbortSignal,
): Promise<ProvenAlignment[]> {
  const proven: ProvenAlignment[] = [];
  for (const [index, chunk] of update.entries()) {
    const secret = {
      update: { coordinates: chunk.coordinates, blinding: chunk.blinding },
      reference: { coordinates: probes[index]!.lanes, blinding: probes[index]!.blinding },
    };
    const claim = {
      hUpdate: hUpdate[index]!,
      hReference: hReference[index]!,
      ...measure(secret.update, secret.reference),
    };
    const { proof, witnessMs, proveMs } = await prover.prove(alignment, { claim, secret, signal });
    onProof(witnessMs + proveMs);
    proven.push({ score: toField(claim.score), norm: claim.norm, proof: proofWords(proof) });
  }
  return proven;
}
