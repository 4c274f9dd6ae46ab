// Who decrypts, and when: a ring that never ends, members that announce what opens nothing, a phase in which
// nobody answers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decodeBundle,
  digestOf,
  encodeBundle,
  probeSum,
  updateSum,
} from '../../../../node/protocol/index.ts';
import { Decryptor } from '../../../../node/roles/round/decryption.ts';
import type { SumRing } from '../../../../node/roles/round/sum_ring.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';
import { plainStorage } from '../support/plain_storage.ts';
import { makeRound, type TestRound } from '../support/round.ts';

/** A ring that its members keep from ending. */
const stalled: SumRing = { sum: () => new Promise(() => undefined), chains: () => [] };

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
  (await new RoundSums(round.context({ member: 0 }), 1).fromShares(round.entry, updateSum)) !== undefined;

describe('a trainer in the Aggregate phase', () => {
  it('decrypts when it is asked, once, also after a restart, and waits for no ring', async () => {
    for (const member of [0, 1, 2, 0, 1, 2]) await look(member);
    expect(posts()).toEqual([0, 1]);
    expect(await opens()).toBe(true);
  });

  it('announces its share again in one life where a reorganisation has undone that, and not before', async () => {
    const context = round.context({ member: 0, storage: storages[0]! });
    const chain = { ...context.chain, journal: context.chain.journal };
    const sums = new RoundSums({ ...context, chain }, 1);
    const decryptor = new Decryptor({ ...context, chain }, sums, stalled);
    const looks = () => decryptor.round(round.entry, round.stage, signal);
    await looks();
    await looks();
    expect(posts()).toEqual([0]);
    const [first] = round.journal.announcements.splice(0);
    // Read anew: the journal is another one.
    Object.assign(chain, { journal: { ...round.journal } });
    await looks();
    expect(round.journal.announcements).toMatchObject([{ digest: first!.digest, sender: first!.sender }]);
  });

  it('says so when the ring gave another sum, and decrypts its own', async () => {
    const said = await look(0, { sum: async () => [Uint8Array.of(1)], chains: () => [] });
    await new Promise(setImmediate);
    expect(
      said.filter((text) => /the ring's sum of (the updates|the probes of group 0) is false/.test(text)),
    ).toHaveLength(2);
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
  it('gets no share where only one update was accepted', async () => {
    round.entry.submitted.update.splice(1);
    await expect(look(0)).rejects.toMatchObject({
      code: 'task',
      message: expect.stringContaining('1 addends'),
    });
    expect(posts()).toEqual([]);
    expect(await storages[0]!.read('decryptions')).toBeUndefined();
  });

  it('gets no share where only one probe was accepted, and no other sum where there is no other group', async () => {
    round.entry.submitted.probe.splice(1);
    await look(0);
    expect(posts()).toEqual([]);
    expect(await storages[0]!.read('decryptions')).toBeUndefined();
  });

  it('gets no share where one weight is too large beside the others', async () => {
    round.entry.submitted.update[2]!.weight = 5;
    await expect(look(0)).rejects.toThrow(/sum of the updates has weights 1, 1, 5/);
    expect(posts()).toEqual([]);
  });
});

describe('a sum with a ciphertext that is none', () => {
  it.each([
    ['update', /^gives no share of the sum of the updates: /],
    ['probe', /^gives no share of the sum of the probes of group 0: /],
  ] as const)('of the %ss gets no share: its trainers say so, and go on', async (subject, told) => {
    await round.announceSet([0, 1]);
    round.entry.submitted[subject][2]!.digests = [await round.store.put(Uint8Array.of(1, 2, 3))];
    left = 800;
    expect(await look(2)).toEqual([expect.stringMatching(told)]);
    expect(posts()).toEqual([0, 1]);
  });

  it('is waited for where it is not there: it may come', async () => {
    round.entry.submitted.update[2]!.digests = [digestOf(Uint8Array.of(7, 7))];
    await expect(look(0)).rejects.toMatchObject({ name: 'StoreError' });
    expect(posts()).toEqual([]);
  });
});

describe('the next part of the phase', () => {
  const later = () => {
    left -= 300;
  };

  it('asks everybody where somebody kept silent', async () => {
    await look(0);
    later();
    for (const member of [0, 2]) await look(member);
    expect(posts()).toEqual([0, 2]);
    expect(await opens()).toBe(true);
  });

  it.each([
    ['bytes that are no shares', Uint8Array.of(1)],
    ['content that is nowhere', digestOf(Uint8Array.of(2))],
  ])('does without who announced %s', async (_, content) => {
    await look(0);
    await round.announceContent({ member: 1, content });
    later();
    for (const member of [0, 2]) await look(member);
    expect(await opens()).toBe(true);
  });

  it('does without a member whose shares are all there and wrong', async () => {
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

  it('of another round asks last whose share was wrong in this one, also after a restart', async () => {
    const { keys } = round;
    const right = keys[1]!;
    (keys as unknown[])[1] = { ...right, share: keys[0]!.share };
    await look(0);
    await round.announceShares({ member: 1, set: [0, 1] });
    (keys as unknown[])[1] = right;
    later();
    for (const member of [0, 2, 0, 2]) await look(member);
    expect(await opens()).toBe(true);
    left = 1199;
    await round.next();
    round.journal.announcements.length = 0;
    // It would be the turn of members 1 and 2.
    for (const member of [0, 2]) await look(member);
    expect(posts()).toEqual([0, 2]);
    expect(await opens()).toBe(true);
  });

  it('asks nobody when the shares are there and it is the prover that is late', async () => {
    for (const member of [0, 1]) await look(member);
    later();
    for (const member of [0, 1, 2]) await look(member);
    expect(posts()).toEqual([0, 1]);
  });
});

describe('members that decrypt in sets', () => {
  beforeEach(async () => {
    await round.stop();
    round = await makeRound({ secondsLeft: () => left, inSets: true });
  });

  /** The set that a member says it decrypts with. */
  const setOf = (said: readonly string[]) => said.map((text) => /with members (.*)$/.exec(text)?.[1]).join();

  it('ask another set in each of eight windows', async () => {
    expect(setOf(await look(0))).toBe('0, 1');
    // A window has 150 seconds.
    left = 1200 - 151;
    expect([setOf(await look(0)), setOf(await look(2))]).toEqual(['0, 2', '0, 2']);
    expect(await opens()).toBe(true);
  });

  it.each([
    ['before', 149, ['', '']],
    ['after', 151, ['0, 2', '0, 2']],
  ])(
    'agree on the next set where a share came just %s the edge, whenever each has looked',
    async (_, at, sets) => {
      await look(0);
      left = 1200 - at;
      // Member 2 has looked before the share was there, member 0 looks after.
      if (at < 150) await look(2);
      await round.announceContent({ member: 1, content: await round.setShares(1, [0, 1]) });
      left = 1200 - 160;
      expect([setOf(await look(2)), setOf(await look(0))]).toEqual(sets);
    },
  );

  it('take nobody for silent whose shares their own store does not give', async () => {
    await round.announceContent({ member: 0, content: await round.setShares(0, [0, 1]) });
    left = 1200 - 151;
    const { store } = round;
    const digests = round.journal.announcements.map(({ digest }) => digest);
    const { get } = store;
    store.get = async (digest, options) => {
      if (digests.includes(digest)) throw new TypeError('terminated');
      return get(digest, options);
    };
    expect(setOf(await look(2))).toBe('');
    store.get = get;
    // Member 1 kept silent; member 0 did not.
    expect(setOf(await look(2))).toBe('0, 2');
  });

  it('ask members last whose shares are all there and open nothing', async () => {
    const { keys } = round;
    (keys as unknown[])[1] = { ...keys[1]!, share: keys[0]!.share };
    await look(0);
    await round.announceContent({ member: 1, content: await round.setShares(1, [0, 1]) });
    expect(await opens()).toBe(false);
    left = 1200 - 151;
    for (const member of [0, 2]) await look(member);
    await round.announceContent({ member: 1, content: await round.setShares(1, [1, 2]) });
    expect(await opens()).toBe(false);
    left = 1200 - 301;
    for (const member of [0, 2]) await look(member);
    expect(await opens()).toBe(true);
  });
});

describe('bad members that leave enough good ones', () => {
  /** Shares that can be read, and are wrong. */
  async function spoilt(member: number): Promise<Uint8Array> {
    const shares = decodeBundle(await round.jointShares(member), 2);
    for (const share of shares) for (let at = 200 + member; at < share.length; at += 61) share[at]! ^= 1;
    return encodeBundle(shares);
  }

  // These made a round void for ever when every window asked a set of t, and faults were forgotten.
  it.each([
    [5, 3, [0, 1]],
    [5, 4, [0]],
    [6, 5, [0]],
    [7, 4, [0, 1]],
    [7, 4, [0, 2, 4]],
  ])(
    'cannot keep the sums of %i, of whom %i are needed, from opening: members %j give wrong shares',
    async (members, threshold, bad) => {
      await round.stop();
      left = 1199;
      round = await makeRound({ secondsLeft: () => left, shape: { members, threshold } });
      storages = round.keys.map(() => plainStorage());
      for (const [index, key] of round.keys.entries())
        await storages[index]!.write('member-key-1', round.context({ member: 0 }).he.encodeMemberKey(key));
      const trainers = round.keys.map((_, member) => {
        const context = round.context({ member, storage: storages[member]! });
        const sums = new RoundSums(context, 1);
        return { sums, decryptor: new Decryptor(context, sums, stalled) };
      });
      const isBad = (member: number) => bad.includes(member);
      const good = [...trainers.keys()].filter((member) => !isBad(member));
      const everyoneLooks = async () => {
        for (const member of good) await trainers[member]!.decryptor.round(round.entry, round.stage, signal);
      };
      const areOpen = async () => {
        const found = await Promise.all(
          good.map((member) => trainers[member]!.sums.fromShares(round.entry, updateSum)),
        );
        return found.map((sums) => sums?.[0]?.coordinates.join() === round.sums.update.join());
      };

      await everyoneLooks();
      // At the edge: some have looked when these come, some have not.
      left = 901;
      for (const member of bad) await round.announceContent({ member, content: await spoilt(member) });
      await trainers[good[0]!]!.decryptor.round(round.entry, round.stage, signal);
      left = 899;
      await everyoneLooks();
      await everyoneLooks();
      expect(await areOpen()).toEqual(good.map(() => true));

      // In the next round those whose shares strayed are not needed, and not asked.
      left = 1199;
      await round.next();
      round.journal.announcements.length = 0;
      for (const member of bad) await round.announceContent({ member, content: await spoilt(member) });
      await everyoneLooks();
      await everyoneLooks();
      expect(await areOpen()).toEqual(good.map(() => true));
    },
  );

  it('are not helped on where the ciphertexts were at fault: no share for the same senders', async () => {
    // The updates' sum does not open the total of their commitments, as when one is to another update than
    // the one that was encrypted.
    const [first] = round.entry.submitted.update;
    const { chain } = round.context({ member: 0 });
    const sumOf = async () => chain.sumOf(probeSum(0), 0);
    const roles = [0, 1, 2].map((member) => {
      const context = round.context({ member, storage: storages[member]! });
      return { ...context, chain: { ...context.chain, sumOf } };
    });
    const lookAll = async () => {
      const refused: string[] = [];
      for (const context of roles) {
        const sums = new RoundSums(context, 1);
        await new Decryptor(context, sums, stalled)
          .round(round.entry, round.stage, signal)
          .catch((error: Error) => refused.push(error.message));
      }
      return refused;
    };
    await lookAll();
    left = 899;
    await lookAll();
    expect(await lookAll()).toEqual([]);
    expect(posts()).toEqual([0, 1, 2]);
    left = 1199;
    await round.next();
    const refusals = await lookAll();
    left = 899;
    refusals.push(...(await lookAll()));
    expect(refusals.length).toBeGreaterThan(2);
    expect(refusals.every((text) => /did not open; this trainer gives no share/.test(text))).toBe(true);
    expect(posts()).toEqual([0, 1, 2]);
    // Without one of the senders, all give their shares again.
    const { update } = round.entry.submitted;
    update.splice(
      update.findIndex(({ sender }) => sender === first!.sender),
      1,
    );
    expect(await lookAll()).toEqual([]);
    expect(posts().length).toBeGreaterThan(3);
  });
});
