// A trainer's steps toward a key, each taken when all before it are done and once; and toward one that it must not help to
// make: of weights that would make the sums show single updates (who is asked registers, since not to register costs
// stake, and shows nothing), or in place of another process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHe, type He } from '@murmuration/he';
import { type Address, bytesToHex, type Hex, zeroHash } from 'viem';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyJournal, type MemberKeys } from '../../../../node/chain/index.ts';
import { type TaskDescription, taskDescription } from '../../../../node/learn/index.ts';
import { type TopicKind, topicOf } from '../../../../node/protocol/index.ts';
import {
  keyingStep,
  loadMemberKey,
  registerValidator,
  runningKeyGroup,
  runningStatistics,
} from '../../../../node/roles/key/keying.ts';
import type { StatisticsContext } from '../../../../node/roles/key/statistics.ts';
import { type ContentStore, createFolderStore, StoreError } from '../../../../node/store/index.ts';
import { clinicRows, clinicTask } from '../../learn/clinics.ts';
import { task as closedTask } from '../support/learning.ts';
import { plainStorage } from '../support/plain_storage.ts';

const accounts = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as Address);

/** The same answers for the same questions, and the same secret for a member: all tests share one key. */
function remembering(of: He): He {
  const answers = new Map<string, unknown>();
  const once =
    <Asked extends unknown[], Answer>(name: string, ask: (...asked: Asked) => Answer) =>
    (...asked: Asked): Answer => {
      const question = JSON.stringify([name, asked], (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      );
      if (!answers.has(question)) answers.set(question, ask(...asked));
      return answers.get(question) as Answer;
    };
  return {
    ...of,
    createParty: once('party', of.createParty),
    keyShare: once('share', of.keyShare),
    formKeyGroup: once('group', of.formKeyGroup),
  };
}

let fresh: He;
let he: He;
let folder: string;
let store: ContentStore;
beforeAll(async () => {
  fresh = await createHe('tiny');
  he = remembering(fresh);
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keying-'));
  store = createFolderStore(folder);
  await store.start();
});
afterEach(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

/** A task whose trainers open no statistics, and one whose trainers do. */
const openTask = taskDescription.parse(clinicTask(1));
const statisticsOf = (description: TaskDescription, index: number) =>
  description === openTask ? clinicRows([40 + index, 60]).statistics : new Int8Array();

/** Three trainers with these weights. `step` lets one take its next step; `digests` are those registered. */
function trainers(weights: readonly number[], description = closedTask) {
  const keys = new Map<Address, MemberKeys>();
  const confirmed = new Map<Address, Hex>();
  const journal = emptyJournal();
  journal.epochs.set(1, { trainers: [...accounts], validators: [], keys, confirmed });
  const said: string[][] = accounts.map(() => []);
  const contextOf = (account: Address, encryption = he) => {
    const post = async (kind: TopicKind, number: number, digest: Hex) =>
      void journal.announcements.push({ sender: account, topic: topicOf(kind, number), digest, block: 0n });
    const chain = {
      account,
      chainId: 1,
      task: 1n,
      marketplace: accounts[0],
      rounds: accounts[0],
      journal,
      state: async () => ({ epoch: 1 }),
      terms: async () => ({ threshold: 2 }),
      weightOf: async (trainer: Address) => weights[accounts.indexOf(trainer)]!,
      // What is registered already counts as done.
      async registerKeys(_: number, registered: MemberKeys) {
        if (!keys.has(account)) keys.set(account, registered);
      },
      deal: (number: number, digest: Hex) => post('sealed-shares', number, digest),
      announce: post,
      async confirmKey(_: number, key: Hex) {
        confirmed.set(account, key);
        if (confirmed.size === accounts.length) journal.collectiveKey = key;
      },
    };
    return {
      name: account,
      chain,
      store,
      he: encryption,
      storage: plainStorage(),
      observe: (event: { type: string; text: string }) => said[accounts.indexOf(account)]!.push(event.text),
      description,
    } as unknown as StatisticsContext;
  };
  const contexts = accounts.map((account) => contextOf(account));
  const ownOf = (index: number) => ({ peer: '0x00', statistics: statisticsOf(description, index) }) as const;
  const step = (index: number) => keyingStep(contexts[index]!, 1, ownOf(index));
  return {
    keys,
    confirmed,
    journal,
    contexts,
    said,
    step,
    /** Who announced what, in order. */
    posts: (kind: TopicKind) =>
      journal.announcements
        .filter(({ topic }) => topic === topicOf(kind, 1))
        .map(({ sender }) => accounts.indexOf(sender)),
    /** Lets everyone look that often, one after the other. */
    async looks(times: number) {
      for (let look = 0; look < times; look++)
        // The first to show its key share waits for those of the others.
        for (const index of accounts.keys())
          await step(index).catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
    },
    /** A process with the key of one, in a folder of its own, and with a secret of its own. */
    second(index: number) {
      const context = contextOf(accounts[index]!, fresh);
      return () => keyingStep(context, 1, ownOf(index));
    },
  };
}

const isShown = (digest: Hex) =>
  store.get(digest, { maxBytes: 2 ** 22 }).then(
    () => true,
    () => false,
  );

describe('a validator', () => {
  it('registers where it is reached, and no key share, once an epoch: not to register costs stake', async () => {
    const journal = emptyJournal();
    const sent: unknown[] = [];
    for (const number of [1, 2])
      journal.epochs.set(number, { trainers: [], validators: [], keys: new Map(), confirmed: new Map() });
    const [account, identity] = [accounts[0]!, { peer: '0x01', sealingKey: '0x02' }] as const;
    const chain = {
      account,
      journal,
      async registerKeys(number: number, registered: MemberKeys) {
        sent.push([number, registered]);
        journal.epochs.get(number)!.keys.set(account, registered);
      },
    };
    const context = { name: account, chain, observe: () => undefined } as unknown as StatisticsContext;
    for (const number of [1, 1, 2, 2]) await registerValidator(context, number, identity);
    const registered = { ...identity, keyShare: zeroHash };
    expect(sent).toEqual([
      [1, registered],
      [2, registered],
    ]);
  });
});

describe('trainers on the way to their key', () => {
  it('go each step when all have taken the one before, and once, however often they look', async () => {
    const { looks, step, posts, said, confirmed, contexts, journal } = trainers([1, 1, 1], openTask);
    await looks(2);
    // The last to show its share has what it takes to deal.
    expect(posts('sealed-shares')).toEqual([2]);
    for (const index of [0, 0, 1, 1, 0, 0]) await step(index);
    expect(posts('sealed-shares')).toEqual([2, 0, 1]);
    expect(posts('self-test')).toEqual([1, 0]);
    expect(posts('statistics')).toEqual([]);
    for (const index of [2, 2]) await step(index);
    expect(posts('self-test')).toEqual([1, 0, 2]);
    expect(posts('statistics')).toEqual([2]);
    // The statistics of their data are open before anyone confirms.
    for (const index of [0, 1]) await step(index);
    expect(posts('statistics')).toEqual([2, 0, 1]);
    for (const index of [0, 2]) await step(index);
    expect(posts('statistics-shares')).toEqual([0]);
    expect(confirmed.size).toBe(0);
    const kept = () =>
      Promise.all(
        ['party-1', 'member-key-1'].map(
          async (name) => (await contexts[1]!.storage.read(name)) !== undefined,
        ),
      );
    for (const index of [1, 0, 2]) await step(index);
    // What it dealt from goes once it has confirmed; its share of the key stays.
    expect(await kept()).toEqual([true, true]);
    for (const index of [1, 0, 2]) await step(index);
    expect(await kept()).toEqual([false, true]);
    expect((await loadMemberKey(contexts[1]!)).index).toBe(1);

    const { collectiveKey } = journal;
    expect([...confirmed]).toEqual([1, 0, 2].map((index) => [accounts[index], collectiveKey]));
    expect(bytesToHex((await runningKeyGroup(contexts[0]!)).id)).toBe(collectiveKey);
    for (const [index, lines] of said.entries())
      expect(lines).toEqual([
        expect.stringContaining('registers its identity'),
        expect.stringContaining('deals shares of its secret'),
        expect.stringContaining('holds its share of the key'),
        expect.stringContaining('sends the statistics'),
        ...(index < 2 ? [expect.stringContaining('decrypts its part')] : []),
        expect.stringContaining('confirms the collective key'),
      ]);

    const found = await runningStatistics(contexts[2]!);
    expect(found.age!.mean).toBeCloseTo((40 + 41 + 42 + 3 * 60) / 6, 2);
    expect(await runningStatistics({ ...contexts[2]!, description: closedTask })).toEqual({});
    const shares = topicOf('statistics-shares', 1);
    journal.announcements = journal.announcements.filter(({ topic }) => topic !== shares);
    await expect(runningStatistics(contexts[2]!)).rejects.toMatchObject({ code: 'key' });
  });

  it('keep the key shares of all in their own stores before they deal', async () => {
    const { step, keys, contexts } = trainers([1, 1, 1]);
    for (const index of accounts.keys()) await step(index);
    for (const index of [1, 2]) await step(index).catch(() => undefined);
    const pinned: Hex[] = [];
    const put: ContentStore['put'] = async (bytes, kind) => {
      const digest = await store.put(bytes, kind);
      pinned.push(digest);
      return digest;
    };
    await keyingStep({ ...contexts[0]!, store: { ...store, put } }, 1, {
      peer: '0x00',
      statistics: new Int8Array(),
    });
    for (const { keyShare } of keys.values()) expect(pinned).toContain(keyShare);
  });

  it('name the member whose dealing cannot be read, and hold no share of that key', async () => {
    const { looks, step, journal, posts, contexts } = trainers([1, 1, 1]);
    await looks(2);
    await step(0);
    const digest = await store.put(Uint8Array.of(1, 2, 3));
    const topic = topicOf('sealed-shares', 1);
    journal.announcements.push({ sender: accounts[1]!, topic, digest, block: 0n });
    await expect(step(0)).rejects.toMatchObject({
      code: 'key',
      message: expect.stringContaining('member 1 of the key generation'),
    });
    expect(posts('self-test')).toEqual([]);
    expect(await contexts[0]!.storage.read('member-key-1')).toBeUndefined();
  });

  it('confirm no key whose self-test does not open', async () => {
    const { looks, step, journal, confirmed } = trainers([1, 1, 1]);
    await looks(3);
    await step(0);
    await step(1);
    // The third announces what the second did.
    const [third, , second] = journal.announcements.filter(({ topic }) => topic === topicOf('self-test', 1));
    expect([third!.sender, second!.sender]).toEqual([accounts[2], accounts[1]]);
    third!.digest = second!.digest;
    await expect(step(0)).rejects.toThrow();
    expect(confirmed.size).toBe(0);
  });
});

describe('a key that runs', () => {
  it('is read when everyone has registered its part, and only as it was confirmed', async () => {
    const { looks, contexts, keys, journal } = trainers([1, 1, 1]);
    await looks(2);
    await expect(runningKeyGroup(contexts[0]!)).rejects.toMatchObject({
      code: 'key',
      message: expect.stringContaining('the trainers confirmed'),
    });
    journal.collectiveKey = zeroHash;
    await expect(runningKeyGroup(contexts[0]!)).rejects.toMatchObject({ code: 'key' });
    keys.delete(accounts[1]!);
    await expect(runningKeyGroup(contexts[0]!)).rejects.toMatchObject({
      code: 'key',
      message: expect.stringContaining('not registered'),
    });
  });

  it('is lost with the folder that a share of it was in: the trainer is told', async () => {
    const { contexts } = trainers([1, 1, 1]);
    await expect(loadMemberKey(contexts[0]!)).rejects.toMatchObject({
      code: 'state',
      mend: expect.stringContaining('Restore'),
    });
  });
});

describe('trainers whose weights are too far apart', () => {
  it.each([[[1, 1, 5]], [[300, 301, 300]], [[1, 255, 255]]])(
    '%j: register, and show no key share',
    async (weights) => {
      const { step, keys } = trainers(weights);
      for (const index of accounts.keys()) await step(index);
      expect(keys.size).toBe(3);
      for (const index of accounts.keys())
        await expect(step(index)).rejects.toMatchObject({
          code: 'task',
          mend: expect.stringContaining('weights from 1 to 4'),
        });
      for (const { keyShare } of keys.values()) expect(await isShown(keyShare)).toBe(false);
    },
  );

  it('others show theirs', async () => {
    const { step, keys } = trainers([10, 40, 30]);
    for (const index of accounts.keys()) await step(index);
    await expect(step(0)).rejects.toMatchObject({ code: 'store' });
    expect(await isShown(keys.get(accounts[0]!)!.keyShare)).toBe(true);
  });
});

describe("a second process with a trainer's key, in a folder of its own", () => {
  const stoodBack = { code: 'state', prospect: 'final', mend: expect.stringContaining('one folder') };

  it('stands back for good where the first has registered', async () => {
    const { step, second } = trainers([1, 1, 1]);
    await step(0);
    await expect(second(0)()).rejects.toMatchObject(stoodBack);
  });

  it('likewise where both wanted to register: it must not deal what does not fit', async () => {
    const { step, second } = trainers([1, 1, 1]);
    const late = second(0);
    await Promise.all([step(0), late()]);
    await expect(late()).rejects.toMatchObject(stoodBack);
    // The first goes on: what is missing is the others'.
    await step(0);
  });
});
