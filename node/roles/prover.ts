// The prover: opens the sums with the decryption shares that trainers publish, and proves them. It learns the sums alone.
import type { Federation } from '../../he/index.ts';
import type { G1Point } from '../../prover/index.ts';
import { type RoundEntry, subjects } from '../chain/journal.ts';
import { topicOf } from '../chain/topics.ts';
import {
  addCiphertexts,
  type ChunkSum,
  checkOpens,
  completeSets,
  encodeSum,
  openSums,
  type PublishedShares,
  proveSum,
  readShares,
} from '../federation/index.ts';
import { bindingOf, inStep, proofTimer, type RoleContext, same, step } from './context.ts';
import { runningFederation } from './keying.ts';

export class SumProver {
  readonly #context: RoleContext;
  readonly #chunks: number;
  #federation: Federation | undefined;
  /** Sets of shares that did not open the sums, by round and members: tried once. */
  readonly #failed = new Set<string>();

  constructor(context: RoleContext, chunks: number) {
    this.#context = context;
    this.#chunks = chunks;
  }

  /** Proves the round's sums once their decryption shares are there. */
  async round(entry: RoundEntry, signal: AbortSignal): Promise<void> {
    const { chain } = this.#context;
    const stage = await chain.stage();
    if (!inStep(stage, entry) || stage.phase !== 'aggregate') return;
    const missing = subjects.filter((subject) => !stage.proven[subject]);
    if (missing.length === 0) return;
    const complete = completeSets(await this.#published(entry)).filter(
      (set) => !this.#failed.has(this.#name(entry, set)),
    );
    const [set] = complete;
    if (set) await this.#prove(entry, set, missing, signal);
  }

  async #prove(
    entry: RoundEntry,
    set: PublishedShares[],
    missing: readonly (typeof subjects)[number][],
    signal: AbortSignal,
  ): Promise<void> {
    const { chain, he, store, prover } = this.#context;
    this.#federation ??= await runningFederation(this.#context);
    const federation = this.#federation;
    for (const subject of missing) {
      const at = subjects.indexOf(subject) * this.#chunks;
      const chunks = Array.from({ length: this.#chunks }, (_, chunk) => chunk);
      const place = bindingOf(this.#context, subject, entry.number);
      const ciphertexts: Uint8Array[] = [];
      for (const chunk of chunks)
        ciphertexts.push(
          await addCiphertexts(he, federation, store, place, entry.submitted[subject], chunk, signal),
        );
      const totals = await Promise.all(chunks.map((chunk) => chain.sumOf(subject, chunk)));
      const parts = set.map((content) => ({
        ...content,
        shares: content.shares.slice(at, at + this.#chunks),
      }));
      const sums = await this.#opened(entry, set, () => openSums(he, federation, ciphertexts, parts), totals);
      for (const sum of sums) await store.put(encodeSum(sum));
      step(this.#context, `opens the sum of the ${subject}s and proves it`);
      const binding = bindingOf(this.#context, `${subject}-sum`, entry.number);
      const timer = proofTimer(this.#context, entry.number, 'aggregate');
      const proven = await proveSum(prover, binding, sums, totals, timer, signal);
      await chain.submitSum(subject, entry.number, totals, proven);
    }
  }

  /** The sums, if they open the totals. Shares that do not are not tried again; a chain or a store that fails is. */
  async #opened(
    entry: RoundEntry,
    set: PublishedShares[],
    open: () => ChunkSum[],
    totals: readonly G1Point[],
  ): Promise<ChunkSum[]> {
    try {
      const sums = open();
      await checkOpens(this.#context.prover, sums, totals);
      return sums;
    } catch (error) {
      this.#failed.add(this.#name(entry, set));
      throw error;
    }
  }

  /** The decryption shares that trainers of the federation have published in this round. */
  async #published(entry: RoundEntry): Promise<PublishedShares[]> {
    const { chain, he, store } = this.#context;
    const topic = topicOf('decryption', entry.number);
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const maxBytes = 1024 + he.ciphertextBytes * 2 * this.#chunks;
    const found: PublishedShares[] = [];
    for (const post of chain.journal.posts) {
      const member = trainers.findIndex((trainer) => same(trainer, post.sender));
      if (post.topic !== topic || member < 0) continue;
      try {
        const shares = readShares(he, await store.get(post.digest, { maxBytes }), 2 * this.#chunks);
        if (shares.member === member) found.push(shares);
      } catch (error) {
        step(
          this.#context,
          `passes over the shares of ${post.sender}: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
    return found;
  }

  #name = (entry: RoundEntry, set: readonly PublishedShares[]): string =>
    `${entry.number}/${set[0]!.set.join()}`;
}
