// The sums of a round against those who name false ones: a prover whose file is missing or holds something
// else, members whose shares are wrong, whole sets of nobody but liars.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decodeBundle,
  digestOf,
  encodeBundle,
  encodeSum,
  probeSum,
  updateSum,
} from '../../../../node/protocol/index.ts';
import { ShareReader } from '../../../../node/roles/round/shares.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import { StoreError } from '../../../../node/store/index.ts';
import { makeRound, type TestRound } from '../support/round.ts';

let round: TestRound;
let said: string[];
let sums: RoundSums;
beforeEach(async () => {
  round = await makeRound({ inSets: true });
  said = [];
  sums = new RoundSums(round.context({ member: 0, said }), 1);
});
afterEach(() => round.stop());

/** Lets a prover that has proven the updates' sum name a file for it, whether or not it is there. */
async function name(digest: `0x${string}`): Promise<void> {
  const { prover } = round.context({ member: 0 });
  const posts = [...round.journal.announcements];
  await round.announceSet([0, 1]);
  const [sum] = (await new RoundSums(round.context({ member: 0 }), 1).fromShares(round.entry, updateSum))!;
  round.journal.announcements.splice(0, Number.POSITIVE_INFINITY, ...posts);
  const { h } = await prover.commit('aggregate', sum!);
  round.entry.sums.set(updateSum, { prover: round.accounts[0]!, digests: [digest], h: [h] });
}

/** Shares that can be read, and are wrong by one residue. */
async function spoiltShares({ member, set }: { member: number; set: number[] }): Promise<Uint8Array> {
  await round.announceShares({ member, set });
  const { digest } = round.journal.announcements.pop()!;
  const shares = decodeBundle(await round.store.get(digest, { maxBytes: 2 ** 20 }), 2);
  for (const share of shares) for (let at = 200; at < share.length; at += 512) share[at]! ^= 1;
  return encodeBundle(shares);
}

describe('a sum that was proven', () => {
  it('is read from the file that its prover named', async () => {
    const coordinates = round.sums.update;
    await round.announceSet([0, 1]);
    const [opened] = (await sums.fromShares(round.entry, updateSum))!;
    await name(digestOf(encodeSum(opened!)));
    round.journal.announcements.length = 0;
    const reader = new RoundSums(round.context({ member: 1, said }), 1);
    expect((await reader.proven(round.entry, updateSum))[0]!.coordinates).toEqual(coordinates);
    expect(said).toEqual([]);
  });

  it('is never what a prover put into its place: the proof says nothing of the file, and would move the model anywhere', async () => {
    await round.announceSet([0, 1]);
    const [opened] = (await new RoundSums(round.context({ member: 1 }), 1).fromShares(
      round.entry,
      updateSum,
    ))!;
    await name(
      await round.store.put(encodeSum({ ...opened!, coordinates: opened!.coordinates.map((u) => -u) })),
    );
    const posts = round.journal.announcements.splice(0);
    await expect(sums.proven(round.entry, updateSum)).rejects.toThrow(/not what was proven/);
    // With the shares that were published for it, everyone has the true one all the same.
    round.journal.announcements.push(...posts);
    expect((await sums.proven(round.entry, updateSum))[0]!.coordinates).toEqual(round.sums.update);
    expect(said.join()).toMatch(/opens the sum of the updates itself: chunk 0: .*not what was proven/);
  });

  it('withheld by its prover costs nobody its vote or its alignment: it is opened from the shares, and put back', async () => {
    await round.announceSet([0, 1]);
    await name(digestOf(Uint8Array.of(1)));
    const [sum] = await sums.proven(round.entry, updateSum);
    expect(sum!.coordinates).toEqual(round.sums.update);
    expect(await round.store.has(digestOf(encodeSum(sum!)))).toBe(true);
  });
});

describe('sums from shares', () => {
  it('are not there before a set is complete', async () => {
    await round.announceShares({ member: 0, set: [0, 1] });
    await round.announceShares({ member: 1, set: [1, 2] });
    expect(await sums.fromShares(round.entry, updateSum)).toBeUndefined();
  });

  it('are not given up because the chain did not answer once', async () => {
    await round.announceSet([0, 1]);
    const { chain, ...context } = round.context({ member: 0, said });
    let answers = false;
    const sumOf: typeof chain.sumOf = async (...of) => {
      if (!answers) throw new Error('no answer');
      return chain.sumOf(...of);
    };
    const reader = new RoundSums({ ...context, chain: { ...chain, sumOf } }, 1);
    await expect(reader.fromShares(round.entry, updateSum)).rejects.toThrow(/no answer/);
    answers = true;
    expect((await reader.fromShares(round.entry, updateSum))![0]!.coordinates).toEqual(round.sums.update);
  });

  it.each([
    ['the store did not answer', new StoreError('unreachable', 'no answer')],
    ['its answer broke off', new TypeError('no answer')],
  ])('are not given up because %s once', async (_, error) => {
    await round.announceSet([0, 1]);
    const context = round.context({ member: 0, said });
    let answers = true;
    const get: typeof round.store.get = async (...of) => {
      if (!answers) throw error;
      return round.store.get(...of);
    };
    const reader = new RoundSums({ ...context, store: { ...round.store, get } }, 1);
    // The shares have been seen and the ciphertexts added when the store goes away.
    await reader.shares.of(round.entry);
    await reader.ciphertexts(round.entry, updateSum);

    answers = false;
    expect(await reader.fromShares(round.entry, updateSum)).toBeUndefined();
    expect(said.join()).toMatch(/passes over the shares of members 0, 1: no answer/);

    answers = true;
    expect((await reader.fromShares(round.entry, updateSum))![0]!.coordinates).toEqual(round.sums.update);
  });

  it('are not said to be closed by their ciphertexts because this machine could not check them', async () => {
    const joint = await makeRound();
    try {
      for (const member of [0, 1, 2]) await joint.announceShares({ member, set: [] });
      const { prover, ...context } = joint.context({ member: 0, said });
      let works = false;
      const commitment: typeof prover.commitment = async (...of) => {
        if (!works) throw new Error('the worker died');
        return prover.commitment(...of);
      };
      const reader = new RoundSums({ ...context, prover: { ...prover, commitment } }, 1);
      await expect(reader.fromShares(joint.entry, updateSum)).rejects.toThrow('the worker died');
      expect(reader.isAtFault(joint.entry, updateSum)).toBe(false);
      works = true;
      expect((await reader.fromShares(joint.entry, updateSum))![0]!.coordinates).toEqual(joint.sums.update);
    } finally {
      await joint.stop();
    }
  });

  it('are tried once where none open the sum, and anew once others announce theirs', async () => {
    const joint = await makeRound();
    try {
      const { he, ...context } = joint.context({ member: 0, said });
      let tries = 0;
      const jointOpenings: typeof he.jointOpenings = (...of) => {
        tries += 1;
        return he.jointOpenings(...of);
      };
      const reader = new RoundSums({ ...context, he: { ...he, jointOpenings } }, 1);
      const triesAfter = async (...members: number[]) => {
        for (const member of members) {
          const shares = decodeBundle(await joint.jointShares(member), 2);
          for (const share of shares)
            for (let at = 200 + member; at < share.length; at += 61) share[at]! ^= 1;
          await joint.announceContent({ member, content: encodeBundle(shares) });
        }
        expect(await reader.fromShares(joint.entry, updateSum)).toBeUndefined();
        return tries;
      };
      expect([await triesAfter(0, 1), await triesAfter(), await triesAfter(2)]).toEqual([1, 1, 2]);
    } finally {
      await joint.stop();
    }
  });

  it('come from the first set that opens them, whatever others have announced', async () => {
    await round.announceContent({ member: 0, content: Uint8Array.of(1, 2, 3) });
    await round.announceContent({ member: 0, content: digestOf(Uint8Array.of(9)) });
    await round.announceContent({ member: 0, content: await spoiltShares({ member: 0, set: [0, 1] }) });
    await round.announceShares({ member: 1, set: [0, 1] });
    expect(await sums.fromShares(round.entry, updateSum)).toBeUndefined();
    await round.announceSet([1, 2]);
    expect((await sums.fromShares(round.entry, probeSum(0)))![0]!.coordinates).toEqual(round.sums.probe);
    expect((await sums.fromShares(round.entry, updateSum))![0]!.coordinates).toEqual(round.sums.update);
    expect(said.filter((text) => /members 0, 1/.test(text))).toHaveLength(2);
  });

  it('of another round are asked for anew', async () => {
    await round.announceSet([0, 1]);
    expect(await sums.fromShares(round.entry, updateSum)).toBeDefined();
    const fewer = {
      ...round.entry,
      submitted: { ...round.entry.submitted, update: round.entry.submitted.update.slice(1) },
    };
    expect(await sums.fromShares(fewer, updateSum)).toBeUndefined();
  });
});

describe('a ciphertext that is none', () => {
  it('names its author, and is looked at once', async () => {
    const { digests } = round.entry.submitted.update[1]!;
    (digests as `0x${string}`[])[0] = await round.store.put(Uint8Array.of(1));
    const gets: string[] = [];
    const context = round.context({ member: 0, said });
    const store = {
      ...round.store,
      get: (...args: Parameters<typeof round.store.get>) => {
        gets.push(args[0]);
        return round.store.get(...args);
      },
    };
    const adding = new RoundSums({ ...context, store }, 1);
    const refused = { name: 'CiphertextError', sender: round.accounts[1] };
    await expect(adding.ciphertexts(round.entry, updateSum)).rejects.toMatchObject(refused);
    const { length } = gets;
    await expect(adding.ciphertexts(round.entry, updateSum)).rejects.toMatchObject(refused);
    expect(gets).toHaveLength(length);
  });
});

describe('announced shares', () => {
  it('are fetched and read once, those that cannot be read too; what is missing is looked for again', async () => {
    const context = round.context({ member: 0, said });
    const got: string[] = [];
    const store = {
      ...round.store,
      get: (...args: Parameters<typeof round.store.get>) => {
        got.push(args[0]);
        return round.store.get(...args);
      },
    };
    const reader = new ShareReader({ ...context, store }, 1, async () => false);
    const late = Uint8Array.of(5);
    await round.announceShares({ member: 0, set: [0, 1] });
    await round.announceContent({ member: 1, content: Uint8Array.of(1) });
    await round.announceContent({ member: 2, content: digestOf(late) });
    for (let look = 0; look < 3; look++)
      expect((await reader.of(round.entry)).map(({ member }) => member)).toEqual([0]);
    expect(got).toHaveLength(2 + 3);
    expect(said).toHaveLength(1);
    await round.store.put(late);
    await reader.of(round.entry);
    await reader.of(round.entry);
    expect(got).toHaveLength(2 + 3 + 1);
  });

  it('of a member that announces without end are not all fetched', async () => {
    const reader = new ShareReader(round.context({ member: 0, said }), 1, async () => false);
    for (let n = 0; n < 100; n++) await round.announceContent({ member: 2, content: Uint8Array.of(n) });
    await reader.of(round.entry);
    expect(said).toHaveLength(8);
  });

  it("are their author's: who announces another's shares has announced nothing", async () => {
    const reader = new ShareReader(round.context({ member: 0, said }), 1, async () => false);
    await round.announceShares({ member: 0, set: [0, 1] });
    await round.announceContent({ member: 1, content: round.journal.announcements[0]!.digest });
    expect((await reader.of(round.entry)).map(({ member }) => member)).toEqual([0]);
  });
});
