// What the trainers of a key have announced on the bulletin.
import type { Address, Hex } from 'viem';
import type { TaskChain } from '../../chain/index.ts';
import { type TopicKind, topicOf } from '../../protocol/index.ts';
import { same } from '../runtime/context.ts';

/** The first post of each trainer under a topic, by its index: a later one changes nothing. */
export function postsOf(
  { journal }: Pick<TaskChain, 'journal'>,
  kind: TopicKind,
  number: number,
  trainers: readonly Address[],
): Map<number, Hex> {
  const topic = topicOf(kind, number);
  const found = new Map<number, Hex>();
  for (const post of journal.announcements) {
    const index = trainers.findIndex((trainer) => same(trainer, post.sender));
    if (post.topic === topic && index >= 0 && !found.has(index)) found.set(index, post.digest);
  }
  return found;
}
