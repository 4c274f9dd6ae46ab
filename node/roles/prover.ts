// The prover: opens the sums with the decryption shares that trainers publish, and proves them. It learns the
// sums alone.
import { type RoundEntry, subjects } from '../chain/index.ts';
import { proveSum } from '../cryptography/index.ts';
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
    const { chain, prover } = this.#context;
    const stage = await chain.stage();
    if (!inStep(stage, entry) || stage.phase !== 'aggregate') return;
    for (const subject of subjects.filter((each) => !stage.proven[each])) {
      const sums = await this.#sums.fromShares(entry, subject, signal);
      if (!sums) continue;
      step(this.#context, `opens the sum of the ${subject}s and proves it`);
      const binding = bindingOf(this.#context, `${subject}-sum`, entry.number);
      const onProof = proofTimer(this.#context, entry.number, 'aggregate');
      const totals = await this.#sums.totals(subject);
      const proven = await proveSum({ prover, onProof, signal }, { binding, sums, totals });
      await chain.submitSum(subject, { round: entry.number, totals, chunks: proven });
    }
  }
}
