// A trainer's alignment on its way to the contract: which way its update went, measured against the round's
// probe.

import type { ProvenAlignment } from '@murmuration/contracts';
import type { ChunkVector } from '@murmuration/core';
import { alignment, measure, proofWords, toField } from '@murmuration/prover';
import type { AlignmentInputs } from '../protocol/index.ts';
import type { ProvingContext } from './proving.ts';

/** A trainer's update and the round's probe, one vector a chunk, and the sponges that name them on chain. */
export interface AlignmentOf {
  readonly inputs: AlignmentInputs;
  readonly update: readonly ChunkVector[];
  /** The opened sum of the probes. */
  readonly probe: readonly ChunkVector[];
}

/** Proves every chunk's score and norm. Rejects where a sponge is not that of the vector given. */
export async function proveAlignment(
  context: ProvingContext,
  { inputs: { hUpdate, hReference }, update, probe }: AlignmentOf,
): Promise<ProvenAlignment[]> {
  const { prover, onProof, signal } = context;
  const proven: ProvenAlignment[] = [];
  for (const [index, chunk] of update.entries()) {
    const secret = { update: chunk, reference: probe[index]! };
    const claim = {
      hUpdate: hUpdate[index]!,
      hReference: hReference[index]!,
      ...measure(secret.update, secret.reference),
    };
    const { proof, witnessMs, proveMs, engine } = await prover.prove(alignment, { claim, secret, signal });
    onProof(witnessMs + proveMs, engine);
    proven.push({ score: toField(claim.score), norm: claim.norm, proof: proofWords(proof) });
  }
  return proven;
}
