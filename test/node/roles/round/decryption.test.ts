// Who decrypts, and when: a ring that never ends, members that announce what opens nothing, a phase in which
// nobody answers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../../node/protocol/index.ts';
import { Decryptor } from '../../../../node/roles/round/decryption.ts';
import type { SumRing } from '../../../../node/roles/round/sum_ring.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { plainStorage } from '../support/plain_storage.ts';
import { makeRound, type TestRound } from '../support/round.ts';

/** A ring that its members keep from ending. */
const stalled: SumRing = { sum: () => new Promise(() => undefined) };

let round: TestRound;
/** Seconds that are left of the phase, which has 1200 and so four windows of 300. */
let left: number;
let storages: RoleStorage[];
beforeEach(async () => {
  left = 1199;
  round = await makeRound({ secondsLeft: () => left });
  storages = round.keys.map(() => plainStorage());
  for (const [index, key] of round.keys.entries())
    await storages[index]!.write('member-key-1', round.context({ member: 0 }).he.encodeMemberKey(key));
});
afterEach(() => round.stop());

const { signal } = new AbortController();

/** A member that looks at the round once, as after a restart; resolves to what it says. */
async function look(member: number, ring: SumRing = stalled): Promise<string[]> {
  const said: string[] = [];
  const context = round.context({ member, said, storage: storages[member]! });
  await new Decryptor(context, new RoundSums(context, 1), ring).round(round.entry, round.stage, signal);
  return said;
}

const posts = () => round.journal.announcements.map(({ sender }) => round.accounts.indexOf(sender));

/** Whether all that is announced opens the round's sums. */
const opens = async () =>
  (await new RoundSums(round.context({ member: 0 }), 1).fromShares(round.entry, 'update')) !== undefined;

describe('a trainer in the Aggregate phase', () => {
  it('decrypts when it is asked, once, also after a restart, and waits for no ring', async () => {
    for (const member of [0, 1, 2, 0, 1, 2]) await look(member);
    expect(posts()).toEqual([0, 1]);
    expect(await opens()).toBe(true);
  });

  it('says so when the ring gave another sum, and decrypts its own', async () => {
    const said = await look(0, { sum: async () => [Uint8Array.of(1)] });
    await new Promise(setImmediate);
    expect(said.filter((text) => /the ring's sum of (updates|probes) is false/.test(text))).toHaveLength(2);
    await look(1);
    expect(await opens()).toBe(true);
  });

  it('has what it decrypts on disk before anybody can see its share', async () => {
    const storage = storages[0]!;
    storages[0] = { ...storage, write: async () => Promise.reject(new Error('no space left on device')) };
    await expect(look(0)).rejects.toThrow('no space left');
    expect(posts()).toEqual([]);
    storages[0] = storage;
    await look(0);
    expect(posts()).toEqual([0]);
  });
});

describe('a sum that would show a single addend', () => {
  it.each(['update', 'probe'] as const)('gets no share where only one %s was accepted', async (subject) => {
    round.entry.submitted[subject].splice(1);
    await expect(look(0)).rejects.toMatchObject({
      code: 'task',
      message: expect.stringContaining('1 addends'),
    });
    expect(posts()).toEqual([]);
    expect(await storages[0]!.read('decryptions')).toBeUndefined();
  });

  it('gets no share where one weight is too large beside the others', async () => {
    round.entry.submitted.update[2]!.weight = 5;
    await expect(look(0)).rejects.toThrow(/sum of updates has weights 1, 1, 5/);
    expect(posts()).toEqual([]);
  });
});

describe('the set of the next window', () => {
  const later = () => {
    left -= 300;
  };

  it('leaves out who kept silent', async () => {
    await look(0);
    later();
    for (const member of [0, 2]) await look(member);
    expect(posts()).toEqual([0, 0, 2]);
    expect(await opens()).toBe(true);
  });

  it.each([
    ['bytes that are no shares', Uint8Array.of(1)],
    ['content that is nowhere', digestOf(Uint8Array.of(2))],
  ])('leaves out who announced %s', async (_, content) => {
    await look(0);
    await round.announceContent({ member: 1, content });
    later();
    for (const member of [0, 2]) await look(member);
    expect(await opens()).toBe(true);
  });

  it('asks members last whose shares are all there and open nothing', async () => {
    // Member 1 gives shares that it has made for another key: whole, for the right set, and wrong.
    const { keys } = round;
    (keys as unknown[])[1] = { ...keys[1]!, share: keys[0]!.share };
    await look(0);
    await round.announceShares({ member: 1, set: [0, 1] });
    expect(await opens()).toBe(false);
    later();
    for (const member of [0, 2]) await look(member);
    expect(await opens()).toBe(true);
  });

  it('is none when the shares are there and it is the prover that is late', async () => {
    for (const member of [0, 1]) await look(member);
    later();
    for (const member of [0, 1, 2]) await look(member);
    expect(posts()).toEqual([0, 1]);
  });
});
