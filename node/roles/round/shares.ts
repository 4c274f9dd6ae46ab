// The decryption shares that trainers have announced in a round: whose they are, for which set, and where
// they lie.

import { reasonOf } from '@murmuration/core';
import { maxSets } from '@murmuration/he';
import type { Hex } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { type PublishedShares, readShares } from '../../cryptography/index.ts';
import { topicOf } from '../../protocol/index.ts';
import { mayStillCome } from '../../store/index.ts';
import { oneLook, type RoleContext, same, step } from '../runtime/context.ts';

/** What is needed to read shares. */
type ShareContext = Pick<RoleContext, 'name' | 'chain' | 'store' | 'he' | 'observe'>;

/**
 * A content of shares that has been read once: its shares are fetched again when they are needed, so that
 * little is held.
 */
export interface AnnouncedShares extends Omit<PublishedShares, 'shares'> {
  readonly digest: Hex;
}

/** Reads each announced content once. */
export class ShareReader {
  readonly #context: ShareContext;
  readonly #count: number;
  #round = 0;
  /** By member and digest; `undefined` for what is no shares. */
  readonly #known = new Map<string, AnnouncedShares | undefined>();

  /** `chunks` are those of one sum; a content holds the shares of both sums of a round. */
  constructor(context: ShareContext, chunks: number) {
    this.#context = context;
    this.#count = 2 * chunks;
  }

  /**
   * What the trainers of the key group have announced and can be read, each one's in the order of the chain.
   */
  async of(entry: RoundEntry, signal?: AbortSignal): Promise<AnnouncedShares[]> {
    if (this.#round !== entry.number) this.#known.clear();
    this.#round = entry.number;
    const look = oneLook(signal);
    // Side by side: a member whose content is nowhere makes nobody wait for the others'.
    const found = await Promise.all(
      Array.from(await this.#posts(entry), async ([member, digests]) => {
        const mine: AnnouncedShares[] = [];
        for (const digest of digests) {
          const shares = await this.#look(member, digest, look);
          if (shares) mine.push(shares);
        }
        return mine;
      }),
    );
    return found.flat();
  }

  /** The shares of a content, chunk by chunk, of the updates' sum and then of the probes'. */
  async load(digest: Hex, signal?: AbortSignal): Promise<PublishedShares> {
    const { he, store } = this.#context;
    const maxBytes = 64 + this.#count * he.ciphertextBytes;
    return readShares(he, await store.get(digest, { maxBytes, ...(signal && { signal }) }), this.#count);
  }

  /**
   * Each member's digests. Nobody opens a sum to more than a few sets, so what a member posts beyond is not
   * fetched.
   */
  async #posts(entry: RoundEntry): Promise<Map<number, Set<Hex>>> {
    const { chain } = this.#context;
    const topic = topicOf('decryption', entry.number);
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const posts = new Map<number, Set<Hex>>();
    for (const post of chain.journal.announcements) {
      if (post.topic !== topic) continue;
      const member = trainers.findIndex((trainer) => same(trainer, post.sender));
      if (member < 0) continue;
      const digests = posts.get(member) ?? new Set();
      if (digests.size < maxSets) posts.set(member, digests.add(post.digest));
    }
    return posts;
  }

  async #look(member: number, digest: Hex, signal: AbortSignal): Promise<AnnouncedShares | undefined> {
    const name = `${member}/${digest}`;
    if (this.#known.has(name)) return this.#known.get(name);
    let shares: AnnouncedShares | undefined;
    try {
      const { set, member: author } = await this.load(digest, signal);
      if (author !== member) throw new RangeError(`decryption shares: of member ${author}`);
      shares = { member, set, digest };
    } catch (error) {
      // What is not there may still come; what is there is what it is.
      if (signal.aborted || mayStillCome(error)) return undefined;
      step(this.#context, `passes over shares of member ${member}: ${reasonOf(error)}`);
    }
    this.#known.set(name, shares);
    return shares;
  }
}
