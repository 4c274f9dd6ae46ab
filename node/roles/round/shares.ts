// The decryption shares that trainers have announced in a round: each one's member, set and digest.

import { reasonOf } from '@murmuration/core';
import { maxSets } from '@murmuration/he';
import type { Hex } from 'viem';
import { type RoundEntry, sumsDue } from '../../chain/index.ts';
import { contentFault, type PublishedShares, readJointShares, readShares } from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import { topicOf } from '../../protocol/index.ts';
import { oneLook, type RoleContext, same, step } from '../runtime/context.ts';

/** What is needed to read shares. */
type ShareContext = Pick<RoleContext, 'name' | 'chain' | 'store' | 'he' | 'observe'>;

/**
 * A content of shares that has been read once. Its shares are fetched again when they are needed, so that
 * little memory is held.
 */
export interface AnnouncedShares extends Omit<PublishedShares, 'shares'> {
  readonly digest: Hex;
  /** The block in which they were announced. */
  readonly block: bigint;
}

/** Reads each announced content once. */
export class ShareReader {
  readonly #context: ShareContext;
  readonly #chunks: number;
  readonly #isJoint: () => Promise<boolean>;
  #round = 0;
  /** Members whose content could not be looked at last time, for no fault of theirs. */
  readonly unread = new Set<number>();
  /** By member and digest; `undefined` for content that is no shares. */
  readonly #known = new Map<string, AnnouncedShares | undefined>();

  /**
   * @param chunks of one sum; a content holds the shares of all sums that are due in a round.
   * @param isJoint whether the members give joint shares.
   */
  constructor(context: ShareContext, chunks: number, isJoint: () => Promise<boolean>) {
    this.#context = context;
    this.#chunks = chunks;
    this.#isJoint = isJoint;
  }

  /** The announced shares that can be read, member by member, each member's in the order of the chain. */
  async of(entry: RoundEntry, signal?: AbortSignal): Promise<AnnouncedShares[]> {
    if (this.#round !== entry.number) this.#known.clear();
    this.#round = entry.number;
    const look = oneLook(signal);
    this.unread.clear();
    // Side by side: a member whose content is nowhere must not delay the others'.
    const found = await Promise.all(
      Array.from(await this.#announced(entry), async ([member, digests]) => {
        const mine: AnnouncedShares[] = [];
        for (const [digest, block] of digests) {
          const shares = await this.#look(entry, { member, digest, block }, look);
          if (shares) mine.push(shares);
        }
        return mine;
      }),
    );
    return found.flat();
  }

  /** The shares of a content, chunk by chunk, sum by sum as their numbers are. */
  async load(entry: RoundEntry, digest: Hex, signal?: AbortSignal): Promise<PublishedShares> {
    const { he, store } = this.#context;
    const count = sumsDue(entry).length * this.#chunks;
    const maxBytes = 64 + count * he.ciphertextBytes;
    const content = await store.get(digest, { maxBytes, ...(signal && { signal }) });
    return (await this.#isJoint()) ? readJointShares(he, content, count) : readShares(he, content, count);
  }

  /**
   * Each member's digests, with the block that each is in first. Nobody opens a sum to more than a few sets,
   * so further announcements of a member are not fetched.
   */
  async #announced(entry: RoundEntry): Promise<Map<number, Map<Hex, bigint>>> {
    const { chain } = this.#context;
    const topic = topicOf('decryption', entry.number);
    const { trainers } = chain.journal.epochs.get((await chain.state()).epoch)!;
    const announced = new Map<number, Map<Hex, bigint>>();
    for (const post of chain.journal.announcements) {
      if (post.topic !== topic) continue;
      const member = trainers.findIndex((trainer) => same(trainer, post.sender));
      if (member < 0) continue;
      const digests = announced.get(member) ?? new Map<Hex, bigint>();
      if (digests.size < maxSets && !digests.has(post.digest)) digests.set(post.digest, post.block);
      announced.set(member, digests);
    }
    return announced;
  }

  async #look(
    entry: RoundEntry,
    { member, digest, block }: Omit<AnnouncedShares, 'set'>,
    signal: AbortSignal,
  ): Promise<AnnouncedShares | undefined> {
    const name = `${member}/${digest}`;
    if (this.#known.has(name)) return this.#known.get(name);
    let shares: AnnouncedShares | undefined;
    try {
      const { set, member: author } = await this.load(entry, digest, signal);
      if (author !== member) throw new NodeError('sum', `decryption shares: they are of member ${author}`);
      shares = { member, set, digest, block };
    } catch (error) {
      // What cannot be had now may be had later, so only final verdicts are cached.
      const fault = contentFault(error);
      if (fault === 'unknown') this.unread.add(member);
      if (fault !== 'false') return undefined;
      step(this.#context, `passes over shares of member ${member}: ${reasonOf(error)}`);
    }
    this.#known.set(name, shares);
    return shares;
  }
}
