// A trainer's steps toward a key that it must not help to make: of weights that would make the sums show single updates
// (who is asked registers, since not to register costs stake, and shows nothing), or in place of another process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHe, type He } from '@murmuration/he';
import { type Address, type Hex, zeroHash } from 'viem';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyJournal, type MemberKeys } from '../../../../node/chain/index.ts';
import { keyingStep, registerValidator } from '../../../../node/roles/key/keying.ts';
import type { StatisticsContext } from '../../../../node/roles/key/statistics.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { plainStorage } from '../support/plain_storage.ts';

const accounts = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as Address);
const own = { peer: '0x00', statistics: new Int8Array() } as const;

let he: He;
let folder: string;
let store: ContentStore;
beforeAll(async () => {
  he = await createHe('tiny');
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

/** Three trainers with these weights. `step` lets one take its next step; `digests` are those registered. */
function trainers(weights: readonly number[]) {
  const keys = new Map<Address, MemberKeys>();
  const journal = emptyJournal();
  journal.epochs.set(1, { trainers: [...accounts], validators: [], keys, confirmed: new Map() });
  const contextOf = (account: Address) => {
    const chain = {
      account,
      chainId: 1,
      task: 1n,
      marketplace: accounts[0],
      journal,
      terms: async () => ({ threshold: 2 }),
      weightOf: async (trainer: Address) => weights[accounts.indexOf(trainer)]!,
      // What is registered already counts as done.
      async registerKeys(_: number, registered: MemberKeys) {
        if (!keys.has(account)) keys.set(account, registered);
      },
    };
    const observe = () => undefined;
    return {
      name: account,
      chain,
      store,
      he,
      storage: plainStorage(),
      observe,
    } as unknown as StatisticsContext;
  };
  const contexts = accounts.map(contextOf);
  return {
    keys,
    step: (index: number) => keyingStep(contexts[index]!, 1, own),
    /** A process with the key of one, in a folder of its own. */
    second(index: number) {
      const context = contextOf(accounts[index]!);
      return () => keyingStep(context, 1, own);
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
