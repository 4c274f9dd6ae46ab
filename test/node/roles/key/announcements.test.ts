// What counts of a bulletin that everybody writes on: each trainer's first announcement of a kind, for one key.
import type { Address, Hex } from 'viem';
import { expect, it } from 'vitest';
import { emptyJournal } from '../../../../node/chain/index.ts';
import { topicOf } from '../../../../node/protocol/index.ts';
import { announcedDigests } from '../../../../node/roles/key/announcements.ts';

const trainers: Address[] = [`0x${'aB'.repeat(20)}`, `0x${'cD'.repeat(20)}`, `0x${'eF'.repeat(20)}`];
const stranger: Address = `0x${'11'.repeat(20)}`;
const digest = (byte: string): Hex => `0x${byte.repeat(32)}`;

it('a trainer’s first announcement counts, and nothing of strangers, of another kind or of another key', () => {
  const journal = emptyJournal();
  const wanted = topicOf('self-test', 2);
  for (const [sender, topic, byte] of [
    [stranger, wanted, '01'],
    [trainers[0]!, topicOf('self-test', 1), '02'],
    [trainers[0]!, topicOf('sealed-shares', 2), '03'],
    [trainers[2]!, topicOf('sealed-shares', 2), '04'],
    [trainers[1]!.toLowerCase() as Address, wanted, '05'],
    [trainers[0]!, wanted, '06'],
    [trainers[0]!, wanted, '07'],
    [trainers[1]!, wanted, '08'],
  ] as const)
    journal.announcements.push({ sender, topic, digest: digest(byte), block: 1n });
  const found = announcedDigests({ journal }, { kind: 'self-test', number: 2, trainers });
  expect(found).toEqual(
    new Map([
      [1, digest('05')],
      [0, digest('06')],
    ]),
  );
});
