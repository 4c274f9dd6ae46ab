// The trainers' test of their key, opened again: they decrypted a known sum jointly, so all who hold a share
// of the key hold a right one.
import { reasonOf } from '@murmuration/core';
import { checkSelfTest, fetchKeying } from '../../cryptography/index.ts';
import type { TopicKind } from '../../protocol/index.ts';
import { announcedDigests } from '../../roles/index.ts';
import { mayStillCome } from '../../store/index.ts';
import type { FormedKey, Setting } from './setting.ts';

/** Opens the self-test of a key from what its trainers announced. */
export async function auditSelfTest(setting: Setting, { epoch, group, trainers }: FormedKey): Promise<void> {
  const { checks, contents, he, journal } = setting;
  const about = { kind: 'key', subject: `self-test of epoch ${epoch}` } as const;
  const announced = (kind: TopicKind) => announcedDigests({ journal }, { kind, number: epoch, trainers });
  const [dealt, tested] = [announced('sealed-shares'), announced('self-test')];
  const members = trainers.map((_, index) => index);
  if (!members.every((index) => dealt.has(index) && tested.has(index))) {
    checks.leave(about, 'not every trainer announced its dealing and its part of the test');
    return;
  }
  const store = contents.of('self-test');
  try {
    const shares: Uint8Array[] = [];
    for (const index of members) shares.push(await fetchKeying({ he, store, group }, tested.get(index)!));
    const dealings = members.map((index) => dealt.get(index)!);
    await checkSelfTest({ he, group }, { dealings, shares });
    checks.pass('key');
  } catch (error) {
    if (mayStillCome(error)) checks.leave(about, reasonOf(error));
    else checks.fail(about, reasonOf(error));
  }
}
