// Statistics added under encryption: three trainers come to those of the pooled columns, and what none of
// them may be led to show.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHe, type He } from '@murmuration/he';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyJournal, type TaskChain } from '../../../../node/chain/index.ts';
import { taskDescription } from '../../../../node/learn/index.ts';
import { decodeBundle, encodeBundle, topicOf } from '../../../../node/protocol/index.ts';
import {
  openStatistics,
  recordRows,
  recordTrainers,
  type StatisticsContext,
  type StatisticsRound,
  statisticsStep,
} from '../../../../node/roles/key/statistics.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { type MadeGroup, makeGroup } from '../../../he/support.ts';
import { clinicRows, clinicTask } from '../../learn/clinics.ts';
import { plainStorage } from '../support/plain_storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'statistics-'));
const store = createFolderStore(folder);
const description = taskDescription.parse(clinicTask(1));
const accounts = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as Address);
const ages = [
  [40, 50, 60],
  [70, 80],
  [30, 35, 90, 91],
];

const ownOf = (index: number) => clinicRows(ages[index]!);

let he: He;
let made: MadeGroup;
beforeAll(async () => {
  await store.start();
  he = await createHe('tiny');
  made = makeGroup(he, 3, 2);
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

/** A bulletin, and three trainers that read and write it. */
function trainers() {
  const journal = emptyJournal();
  const post = (sender: Address, kind: 'statistics' | 'statistics-shares', number: number, digest: Hex) =>
    void journal.announcements.push({ sender, topic: topicOf(kind, number), digest, block: 0n });
  const plan = { epoch: new Uint8Array(32), threshold: 2, trainers: accounts, keyShares: [] };
  const round = { number: 1, plan, group: made.group };
  const contexts = accounts.map((account) => {
    const chain = {
      account,
      chainId: 1,
      task: 1n,
      rounds: accounts[0],
      journal,
      announce: async (kind: 'statistics', number: number, digest: Hex) =>
        post(account, kind, number, digest),
    };
    return {
      name: account,
      chain,
      store,
      he,
      storage: plainStorage(),
      observe: () => undefined,
      description,
    } as unknown as StatisticsContext;
  });
  const step = (index: number, change: Partial<StatisticsRound> = {}, statistics = ownOf(index).statistics) =>
    statisticsStep(contexts[index]!, { ...round, ...change }, { index, statistics, key: made.keys[index]! });
  return { journal, post, round, contexts, step };
}

describe('federated statistics', () => {
  it('are those of all rows together, for the trainers and for who only looks', async () => {
    const { step, contexts, round, journal } = trainers();
    for (const index of [0, 1, 2]) expect(await step(index)).toBeUndefined();
    expect(await openStatistics(contexts[2]!, round)).toBeUndefined();
    // Only the first t decrypt.
    for (const index of [2, 0]) expect(await step(index)).toBeUndefined();
    const found = await step(1);
    const all = ages.flat();
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    expect(found!.age!.mean).toBeCloseTo(mean, 2);
    expect(found!.chol!.mean).toBeCloseTo(200, 2);
    expect(await step(2)).toEqual(found);
    expect(await openStatistics(contexts[2]!, round)).toEqual(found);
    // The two that decrypted remember whose sum it was.
    for (const index of [0, 1]) expect(await contexts[index]!.storage.read('statistics')).toBeDefined();
    expect(await contexts[2]!.storage.read('statistics')).toBeUndefined();
    // Done again after a restart, nothing is sent again.
    expect(await step(0)).toEqual(found);
    expect(journal.announcements).toHaveLength(3 + 2);
  });

  it('are not opened with a ciphertext that its sender did not make: three times one is one', async () => {
    const { step, post, journal, contexts, round } = trainers();
    expect(await step(0)).toBeUndefined();
    const list = journal.announcements[0]!.digest;
    // The others hand in the first one's ciphertexts; the sum would be three times its statistics.
    for (const index of [1, 2]) post(accounts[index]!, 'statistics', 1, list);
    await expect(step(0)).rejects.toMatchObject({ sender: accounts[1], cause: { code: 'proof' } });
    expect(await contexts[0]!.storage.read('statistics')).toBeUndefined();
    expect(await openStatistics(contexts[0]!, round)).toBeUndefined();
  });

  it('are sealed once: a trainer that dies before it announces them shows the same when it is back', async () => {
    const { step, contexts } = trainers();
    const shown: Hex[][] = [];
    // It dies before each of its announcements but the last.
    const { chain, store: real } = contexts[0]! as { chain: TaskChain; store: ContentStore };
    const announce = chain.announce;
    for (const dies of [true, true, false]) {
      const puts: Hex[] = [];
      shown.push(puts);
      Object.assign(contexts[0]!, {
        store: Object.create(real, {
          put: {
            async value(bytes: Uint8Array) {
              puts.push(await real.put(bytes));
              return puts.at(-1)!;
            },
          },
        }),
        chain: { ...chain, announce: dies ? () => Promise.reject(new Error('killed')) : announce },
      });
      const stepped = step(0);
      await (dies ? expect(stepped).rejects.toThrow('killed') : stepped);
    }
    expect(shown[0]!.length).toBeGreaterThan(1);
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  });

  it('are refused when they are no data', async () => {
    const { step, post, journal, contexts, round } = trainers();
    for (const index of [0, 1, 2]) await step(index);
    for (const index of [0, 1]) await step(index).catch(() => undefined);
    // A member's share of something else opens to noise.
    const at = journal.announcements.findIndex(({ topic }) => topic === topicOf('statistics-shares', 1));
    const [share] = decodeBundle(
      await store.get(journal.announcements[at]!.digest, { maxBytes: 2 ** 22 }),
      1,
    );
    const bent = share!.slice();
    bent[bent.length - 1]! ^= 1;
    const digest = await store.put(encodeBundle([bent]));
    journal.announcements.splice(at, 1);
    post(accounts[0]!, 'statistics-shares', 1, digest);
    await expect(openStatistics(contexts[2]!, round)).rejects.toThrow();
  });

  it('are opened with one group of trainers and one set of rows: two sums show what one of them added', async () => {
    const kept = plainStorage();
    const own = Int8Array.of(1, 2, 3);
    await recordTrainers(kept, accounts);
    await recordTrainers(kept, accounts.toReversed());
    await expect(recordTrainers(kept, accounts.slice(0, 2))).rejects.toThrow(/two sums show/);
    await recordRows(kept, own);
    await recordRows(kept, own);
    await expect(recordRows(kept, Int8Array.of(1, 2, 4))).rejects.toThrow(/two sums show/);
  });

  it('are not opened with other trainers by one that has decrypted, even where the chain does not show that', async () => {
    const { step, round, journal } = trainers();
    for (const index of [0, 1, 2, 0]) await step(index);
    const shares = journal.announcements.length;

    // The journal names no earlier key generation, as on a chain that lies; with one trainer fewer a second
    // sum is added.
    const fewer = accounts.slice(0, 2);
    const again = { number: 3, plan: { ...round.plan, trainers: fewer } };
    for (const index of [0, 1]) expect(await step(index, again)).toBeUndefined();

    await expect(step(0, again)).rejects.toThrow(/has opened a sum of this task with other trainers/);
    expect(journal.announcements).toHaveLength(shares + 2);
  });

  it('of other rows are not sent in another key generation, though others decrypt: the sums would differ by those rows', async () => {
    const { step, journal } = trainers();
    // The third trainer is never asked to decrypt, and those who are would notice nothing.
    await step(2);
    const statistics = ownOf(2).statistics.slice();
    statistics[0]! += 1;
    await expect(step(2, { number: 2 }, statistics)).rejects.toThrow(/two sums show the difference/);
    expect(journal.announcements).toHaveLength(1);
    expect(await step(2, { number: 2 })).toBeUndefined();
    expect(journal.announcements).toHaveLength(2);
  });

  it('are not opened again without one of the trainers, by one that did not decrypt before and remembers nothing', async () => {
    const { step, journal, round, contexts } = trainers();
    const epoch = { validators: [], keys: new Map(), confirmed: new Map() };
    journal.epochs.set(1, { trainers: accounts, ...epoch });
    for (const index of [0, 1, 2, 0, 1]) await step(index);
    // The second one went away; the first is a colluder. With the third's share, the difference would be the
    // second's statistics.
    const fewer = [accounts[0]!, accounts[2]!];
    journal.epochs.set(3, { trainers: fewer, ...epoch });
    const again = { number: 3, plan: { ...round.plan, trainers: fewer } };
    expect(await contexts[2]!.storage.read('statistics')).toBeUndefined();
    await expect(step(2, again)).rejects.toThrow(/key generation 1 opened a sum of other trainers/);
    expect(journal.announcements).toHaveLength(3 + 2);
    // A key generation in which nothing was opened keeps nobody from another one.
    journal.announcements.splice(3);
    const next = { ...again, number: 4 };
    await expect(step(2, next)).resolves.toBeUndefined();
  });
});
