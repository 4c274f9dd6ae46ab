// A validator's watch over the key generation: it votes against a trainer whose key share or dealing is nowhere to be
// had, or is something else, and so keeps the others from a key. What is silence on chain, the contract sees itself.
import type { Hex } from 'viem';
import { rejectionName } from '../../chain/index.ts';
import {
  contentFault,
  identityOf,
  isSomethingElse,
  type KeyingPlan,
  maxDealing,
  maxKeyShare,
} from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { checkWeights, decodeBundle } from '../../protocol/index.ts';
import { oneLook, type RoleContext, step } from '../runtime/context.ts';
import { announcedDigests } from './announcements.ts';
import { epochOf, keyingPlan } from './keying.ts';

/** What a validator works with while a key is made. */
type InspectorContext = Pick<RoleContext, 'name' | 'chain' | 'store' | 'he' | 'observe'>;

/** A content that was fetched; one that is larger than it may be has none. */
interface Shown {
  readonly digest: Hex;
  readonly content: Uint8Array | undefined;
}

/** A validator's watch; it remembers what was right, and when it saw all trainers registered. */
export class KeyInspector {
  readonly #context: InspectorContext;
  readonly #right = new Set<Hex>();
  #registered = { epoch: 0, at: 0n };

  constructor(context: InspectorContext) {
    this.#context = context;
  }

  /** Looks at what the trainers of an epoch show, and votes against those whose content is wrong or stays missing. */
  async look(number: number): Promise<void> {
    const { chain, he } = this.#context;
    const epoch = epochOf(chain, number);
    const registered = chain.journal.epochs.get(number);
    const { threshold } = await chain.terms();
    const plan = registered && keyingPlan(this.#context, { number, threshold, registered });
    if (!plan || !(await this.#areShown(plan))) return;
    const isLate = await this.#isLate(number);
    const dealings = announcedDigests(chain, { kind: 'sealed-shares', number, trainers: plan.trainers });
    const signal = oneLook();
    // Fetched side by side: what is nowhere must not keep the others' from being looked at.
    const shown = await Promise.all(
      plan.trainers.map(async (trainer, index) => ({
        trainer,
        share: await this.#fetch(plan.keyShares[index]!, maxKeyShare(he), signal),
        dealing: await this.#fetch(dealings.get(index), maxDealing(he, plan.trainers.length), signal),
      })),
    );
    for (const { trainer, share, dealing } of shown) {
      const named = rejectionName({ epoch: number, trainer, validator: chain.account });
      if (chain.journal.rejections.has(named)) continue;
      const isWrong =
        this.#isWrong(share, (keyShare) =>
          he.checkKeyShare({ epoch, identity: identityOf(trainer), keyShare }),
        ) || this.#isWrong(dealing, (content) => checkDealing(content, plan));
      const isMissing = share === 'missing' || dealing === 'missing';
      if (!isWrong && !(isMissing && isLate)) continue;
      step(
        this.#context,
        `votes against ${trainer}: its part in the key is ${isWrong ? 'wrong' : 'missing'}`,
      );
      await chain.reject(number, trainer);
    }
  }

  /** Trainers that are right to refuse a key show nothing: weights too far apart are not their fault. */
  async #areShown({ trainers }: KeyingPlan): Promise<boolean> {
    const { chain } = this.#context;
    const weights = await Promise.all(trainers.map((trainer) => chain.weightOf(trainer)));
    try {
      checkWeights(`task ${chain.task}`, weights);
      return true;
    } catch (error) {
      if (error instanceof NodeError) return false;
      throw error;
    }
  }

  /**
   * Whether what is missing now was kept back: the last quarter of the epoch has begun, and all had registered by its
   * half, as this validator saw. Otherwise the last to register could have the others found late.
   */
  async #isLate(epoch: number): Promise<boolean> {
    const { chain } = this.#context;
    const [now, { deadline }, { keyingDuration }] = await Promise.all([
      chain.time(),
      chain.state(),
      chain.terms(),
    ]);
    if (this.#registered.epoch !== epoch) this.#registered = { epoch, at: now };
    const before = (parts: bigint) => deadline - BigInt(keyingDuration) / parts;
    return now >= before(4n) && this.#registered.at <= before(2n);
  }

  /** A content; undefined where there is nothing to look at, any more or now: of a store's silence nobody is guilty. */
  async #fetch(
    digest: Hex | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Shown | 'missing' | undefined> {
    if (digest === undefined || this.#right.has(digest)) return undefined;
    try {
      return { digest, content: await this.#context.store.get(digest, { maxBytes, signal }) };
    } catch (error) {
      const fault = contentFault(error);
      if (fault === 'unknown') return undefined;
      return fault === 'missing' ? 'missing' : { digest, content: undefined };
    }
  }

  #isWrong(shown: Shown | 'missing' | undefined, check: (content: Uint8Array) => void): boolean {
    if (shown === undefined || shown === 'missing') return false;
    if (!shown.content) return true;
    try {
      check(shown.content);
      this.#right.add(shown.digest);
      return false;
    } catch (error) {
      if (isSomethingElse(error)) return true;
      throw error;
    }
  }
}

/**
 * Checks that a content holds something for each trainer. What is sealed there, its receiver alone can read.
 * @throws NodeError `wire`
 */
function checkDealing(content: Uint8Array, { trainers }: KeyingPlan): void {
  if (decodeBundle(content, trainers.length).some((sealed) => sealed.length === 0))
    throw new NodeError('wire', 'dealing: a part is empty, but each trainer has one');
}
