// Answers that rest on one block: each is asked for once, however many ask.
import type { Hash } from 'viem';
import type { Heads } from './heads.ts';

/** The answers at the latest block; those at an earlier one are forgotten. */
export class OnceABlock {
  readonly #heads: Heads;
  #block: Hash | undefined;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(heads: Heads) {
    this.#heads = heads;
  }

  /**
   * The answer of this name at the latest block.
   * @param ask asks at the block of that hash: an answer at another one would not be what the name says.
   */
  async of<T>(name: string, ask: (at: { readonly blockHash: Hash }) => Promise<T>): Promise<T> {
    const { hash: blockHash } = await this.#heads.look();
    if (this.#block !== blockHash) {
      this.#block = blockHash;
      this.#answers.clear();
    }
    const known = this.#answers.get(name);
    if (known) return known as Promise<T>;
    const answer = ask({ blockHash });
    this.#answers.set(name, answer);
    answer.catch(() => {
      if (this.#answers.get(name) === answer) this.#answers.delete(name);
    });
    return answer;
  }
}
