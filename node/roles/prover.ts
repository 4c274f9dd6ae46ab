// The prover: opens the sums with the decryption shares that trainers publish, and proves them. It learns the
// sums alone.
import type { ChunkVector } from '@murmuration/core';
import type { RoundEntry } from '../chain/index.ts';
import { CiphertextError, proveSum } from '../cryptography/index.ts';
import { subjectOf, sumName } from '../protocol/index.ts';
import { RoundSums } from './round/sums.ts';
import { bindingOf, proofTimer, type RoleContext, step } from './runtime/context.ts';
import { inStep } from './runtime/in_step.ts';

/** A prover's duty in a round. */
export class SumProver {
  readonly #context: RoleContext;
  readonly #sums: RoundSums;

  /** @param chunks of a round. */
  constructor(context: RoleContext, chunks: number) {
    this.#context = context;
    this.#sums = new RoundSums(context, chunks);
  }

  /** Proves the round's sums once their decryption shares are there. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const stage = await this.#context.chain.stage();
    if (!inStep(stage, entry) || stage.phase !== 'aggregate') return;
    const due = stage.sumsDue.filter((sum) => !stage.sumsProven.includes(sum));
    // At the same time: one sum's proof keeps the processor busy while another's transaction is on its way.
    const proofs = await Promise.allSettled(due.map((sum) => this.#prove(entry, sum, signal)));
    for (const proof of proofs) if (proof.status === 'rejected') throw proof.reason;
  }

  async #prove(entry: RoundEntry, sum: number, signal: AbortSignal): Promise<void> {
    const { chain, prover } = this.#context;
    const sums = await this.#opened(entry, sum, signal);
    if (!sums) return;
    step(this.#context, `opens the sum of ${sumName(sum)} and proves it`);
    const binding = bindingOf(this.#context, `${subjectOf(sum)}-sum`, entry.number);
    const onProof = proofTimer(this.#context, entry.number, 'aggregate');
    const totals = await this.#sums.totals(sum);
    const proven = await proveSum({ prover, onProof, signal }, { binding, sums, totals });
    await chain.submitSum(sum, { round: entry.number, totals, chunks: proven });
  }

  /** A sum that can be opened by now. One that never can must not keep the others from being proven. */
  async #opened(entry: RoundEntry, sum: number, signal: AbortSignal): Promise<ChunkVector[] | undefined> {
    try {
      return await this.#sums.fromShares(entry, sum, signal);
    } catch (error) {
      if (error instanceof CiphertextError) return undefined;
      throw error;
    }
  }
}
