// What the journal keeps of the bulletin: members' posts under topics that there are, and a bounded number of them.
import { type Address, getAddress, type Hex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { firstPosts, keepPost, openEpochTopics, openRoundTopics } from '../../../node/chain/bulletin.ts';
import { emptyJournal } from '../../../node/chain/index.ts';
import { topicOf } from '../../../node/protocol/index.ts';

const account = (i: number): Address => getAddress(toHex(i, { size: 20 }));
const [trainer, validator, stranger] = [account(1), account(2), account(3)];
const digest = (i: number): Hex => toHex(i, { size: 32 });

function journalOfRound() {
  const journal = emptyJournal();
  journal.epochs.set(1, {
    trainers: [trainer],
    validators: [validator],
    keys: new Map(),
    confirmed: new Map(),
  });
  openEpochTopics(journal, 1);
  openRoundTopics(journal, 1);
  return journal;
}
const post = (sender: Address, topic: Hex, i: number) => ({
  sender,
  topic,
  digest: digest(i),
  block: BigInt(i),
});

describe('the bulletin in the journal', () => {
  it('holds what members post under topics of epochs and rounds that have begun', () => {
    const journal = journalOfRound();
    const topics = [
      topicOf('peer', 0),
      topicOf('self-test', 1),
      topicOf('decryption', 1),
      topicOf('accusation', 1),
    ];
    for (const topic of topics)
      for (const sender of [trainer, validator]) keepPost(journal, post(sender, topic, 1));
    expect(journal.announcements).toHaveLength(2 * topics.length);
    for (const topic of [topicOf('decryption', 2), topicOf('self-test', 2), digest(5)])
      keepPost(journal, post(trainer, topic, 1));
    expect(journal.announcements).toHaveLength(2 * topics.length);
  });

  it('holds nothing of strangers, and of a member that never ends the first ones and the latest', () => {
    const journal = journalOfRound();
    const topic = topicOf('decryption', 1);
    for (let i = 0; i < 100_000; i++) {
      keepPost(journal, post(stranger, topic, i));
      keepPost(journal, post(trainer, topic, i));
      keepPost(journal, post(trainer, digest(i), i));
    }
    keepPost(journal, post(validator, topic, 7));
    const mine = journal.announcements
      .filter(({ sender }) => sender === trainer)
      .map(({ block }) => Number(block));
    expect(mine).toEqual([...Array(firstPosts).keys(), 99_999]);
    expect(journal.announcements).toHaveLength(firstPosts + 2);
    expect(journal.posted.size).toBe(2);
  });
});
