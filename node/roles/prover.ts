// The prover: opens the sums with the decryption shares that trainers publish, and proves them. It learns the
// sums alone.
import type { ChunkVector } from '@murmuration/core';
import { Reverted, type RoundEntry, type TaskChain } from '../chain/index.ts';
import { CiphertextError, proveSum } from '../cryptography/index.ts';
import { subjectOf, sumName } from '../protocol/index.ts';
import type { SumOutcome, SumTry } from './round/sum_try.ts';
import { RoundSums } from './round/sums.ts';
import { bindingOf, endOfPhase, proofTimer, type RoleContext, step } from './runtime/context.ts';
import { inStep } from './runtime/in_step.ts';
import { inTurn, type Turn } from './runtime/turn.ts';

/** Milliseconds between two looks at whether a sum that is being proven is still wanted. */
const watching = 1000;

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
    const proofs = await Promise.allSettled(due.map((sum) => this.#prove({ entry, sum, signal })));
    for (const proof of proofs) if (proof.status === 'rejected') throw proof.reason;
  }

  /**
   * Tries one sum of a round in its Aggregate phase. It ends as soon as another prover has landed it.
   * @throws NodeError `chain` where the logs lack a submission; what opens and proves the sum.
   */
  async prove(attempt: SumTry): Promise<SumOutcome> {
    const stage = await this.#context.chain.stage();
    if (!inStep(stage, attempt.entry) || stage.phase !== 'aggregate') return { how: 'over' };
    if (stage.sumsProven.includes(attempt.sum)) return { how: 'taken' };
    return this.#prove(attempt);
  }

  #prove(attempt: SumTry): Promise<SumOutcome> {
    return inTurn((turn) => this.#proveIn(turn, attempt));
  }

  async #proveIn({ come, pass }: Turn, { entry, sum, signal, sends }: SumTry): Promise<SumOutcome> {
    const { chain, prover } = this.#context;
    const wanted = untilUnwanted(chain, entry, sum);
    const either = AbortSignal.any([signal, wanted.signal]);
    try {
      await come();
      const sums = await this.#opened(entry, sum, either);
      if (!sums) return { how: 'closed' };
      step(this.#context, `opens the sum of ${sumName(sum)} and proves it`);
      const binding = bindingOf(this.#context, `${subjectOf(sum)}-sum`, entry.number);
      const onProof = proofTimer(this.#context, entry.number, 'aggregate');
      const totals = await this.#sums.totals(sum);
      const deadline = await endOfPhase(this.#context, entry);
      const proving = { prover, onProof, onHandedOver: pass, signal: either, deadline };
      const chunks = await proveSum(proving, { binding, sums, totals });
      if (sends && !(await sends())) return { how: 'declined' };
      either.throwIfAborted();
      const wei = await chain.submitSum(sum, { round: entry.number, totals, chunks });
      return wei === undefined ? { how: 'taken' } : { how: 'proven', wei };
    } catch (error) {
      const how = wanted.ended();
      if (how && !signal.aborted) return { how };
      // The phase ended while the transaction was on its way.
      if (error instanceof Reverted && error.error === 'WrongPhase') return { how: 'over' };
      throw error;
    } finally {
      wanted.stop();
    }
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

/** A signal that aborts once a proof of the sum pays nothing any more, and how that came. */
function untilUnwanted(chain: TaskChain, entry: RoundEntry, sum: number) {
  const controller = new AbortController();
  let how: 'taken' | 'over' | undefined;
  const look = async () => {
    await chain.refresh();
    const now = chain.journal.rounds.at(-1);
    if (now?.number === entry.number && now.sums.has(sum)) how = 'taken';
    else if (now?.number !== entry.number || now.phase !== 'aggregate') how = 'over';
    if (how) controller.abort(new Error('the sum is not wanted any more'));
  };
  // A look that fails says nothing; the next one follows.
  const timer = setInterval(() => void look().catch(() => undefined), watching);
  return { signal: controller.signal, ended: () => how, stop: () => clearInterval(timer) };
}
