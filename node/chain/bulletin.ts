// The bulletin's posts as the journal keeps them. Anyone can post anything, so what is kept is bounded: posts of
// members, under topics of the epochs and rounds that there are, a few of each member under each.
import type { Address } from 'viem';
import { epochTopics, roundTopics, topicOf } from '../protocol/index.ts';
import type { Announcement, Draft, Journal } from './journal.ts';

/** Posts of a member under one topic that are kept: so many first ones, and the latest. */
export const firstPosts = 8;

/** Opens the topics of an epoch of the key: what is posted under them is kept from now on. */
export function openEpochTopics({ topics }: Draft<Journal>, epoch: number): void {
  topics.add(topicOf('peer', 0));
  for (const kind of epochTopics) topics.add(topicOf(kind, epoch));
}

/** Likewise, of a round. */
export function openRoundTopics({ topics }: Draft<Journal>, round: number): void {
  for (const kind of roundTopics) topics.add(topicOf(kind, round));
}

/** Keeps a post, unless a stranger made it or its topic is none. */
export function keepPost(journal: Draft<Journal>, post: Announcement): void {
  const { announcements, posted, topics } = journal;
  if (!topics.has(post.topic) || !isMember(journal, post.sender)) return;
  const name = `${post.topic}/${post.sender}`;
  const count = posted.get(name) ?? 0;
  posted.set(name, count + 1);
  if (count <= firstPosts) announcements.push(post);
  else {
    const latest = announcements.findLastIndex(
      ({ topic, sender }) => topic === post.topic && sender === post.sender,
    );
    announcements[latest] = post;
  }
}

/** Whether an account had a seat in the committee of some epoch. */
const isMember = ({ epochs }: Draft<Journal>, account: Address): boolean =>
  [...epochs.values()].some(
    ({ trainers, validators }) => trainers.includes(account) || validators.includes(account),
  );
