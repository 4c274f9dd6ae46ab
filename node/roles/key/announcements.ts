// What the trainers of a key have announced on the bulletin.
import type { Address, Hex } from 'viem';
import type { TaskChain } from '../../chain/index.ts';
import { type TopicKind, topicOf } from '../../protocol/index.ts';
import { same } from '../runtime/context.ts';

/** What is looked for on the bulletin. */
export interface Announcement {
  readonly kind: TopicKind;
  /** The epoch of the key, or the round. */
  readonly number: number;
  /** The trainers of the key, in the order of their seats. */
  readonly trainers: readonly Address[];
}

/** By a trainer's index, the digest that it announced first: a later one changes nothing. */
export function announcedDigests(
  { journal }: Pick<TaskChain, 'journal'>,
  { kind, number, trainers }: Announcement,
): Map<number, Hex> {
  const topic = topicOf(kind, number);
  const found = new Map<number, Hex>();
  for (const post of journal.announcements) {
    const index = trainers.findIndex((trainer) => same(trainer, post.sender));
    if (post.topic === topic && index >= 0 && !found.has(index)) found.set(index, post.digest);
  }
  return found;
}
