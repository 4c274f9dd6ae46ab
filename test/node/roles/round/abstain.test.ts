// A proposal that its author withholds: nobody misses the Submit phase for it, and nothing that is sent
// without it is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Stage, TaskChain } from '../../../../node/chain/index.ts';
import { emptyJournal, type RoundEntry } from '../../../../node/chain/index.ts';
import { LocalTrainer, LocalValidator, Network, startBackend } from '../../../../node/learn/index.ts';
import { digestOf, encodeModel, encodeProposal } from '../../../../node/protocol/index.ts';
import { supportInTime } from '../../../../node/roles/round/support.ts';
import type { LearnerContext } from '../../../../node/roles/runtime/context.ts';
import { type ContentStore, createFolderStore } from '../../../../node/store/index.ts';
import { data, task } from '../support/learning.ts';

const proposers = [
  '0x1111111111111111111111111111111111111111',
  '0x2222222222222222222222222222222222222222',
] as const;
const [shown, withheld] = [Uint32Array.of(5, 9), Uint32Array.of(9, 2, 7)].map(encodeProposal);
let network: Network;
let folder: string;
let store: ContentStore;
let entry: RoundEntry;
let context: LearnerContext;
beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'abstain-'));
  store = createFolderStore(folder);
  await store.start();
  await store.put(shown!);
  const journal = emptyJournal();
  journal.epochs.set(1, { trainers: [], validators: [...proposers], keys: new Map(), confirmed: new Map() });
  const model = network.initial(1);
  entry = {
    number: 1,
    index: 0,
    model: await store.put(encodeModel(model)),
    scale: 2n ** 36n,
    proposals: [shown, withheld].map((bytes, at) => ({ proposer: proposers[at]!, digest: digestOf(bytes!) })),
    submitted: { update: [{ sender: proposers[0], weight: 1, digests: [] }], probe: [] },
  } as unknown as RoundEntry;
  const chain = { account: proposers[0], journal, terms: async () => ({ submitDuration: 1200 }) };
  context = {
    name: 'trainer',
    chain: chain as unknown as TaskChain,
    store,
    network,
    description: task,
    observe: () => undefined,
  } as unknown as LearnerContext;
});
afterEach(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

const stageWith = (left: number) => ({ deadline: BigInt(Math.floor(Date.now() / 1000) + left) }) as Stage;

describe('a proposal that is not in the store', () => {
  it('is waited for in the first half of the phase, since it may come', async () => {
    await expect(supportInTime(context, entry, stageWith(900))).rejects.toMatchObject({ reason: 'missing' });
    await store.put(withheld!);
    expect(await supportInTime(context, entry, stageWith(900))).toEqual(Uint32Array.of(2, 5, 7, 9));
  });

  it('is used also when it comes late; until then there is an empty support, on which zeros are sent', async () => {
    const none = await supportInTime(context, entry, stageWith(500));
    expect(none).toHaveLength(0);
    const trainer = new LocalTrainer({ task, network, data, seed: 'x' });
    trainer.train(network.initial(1), 0, 3);
    const owed = trainer.save().length;
    for (const chunk of trainer.compress(none, entry.scale, 0))
      expect(chunk.every((lane) => lane === 0)).toBe(true);
    trainer.settle('applied');
    expect(trainer.save().length).toBeLessThan(owed);
    const validator = new LocalValidator({ task, network, holdout: data });
    for (const chunk of validator.probe(network.initial(1), none))
      expect(chunk.every((lane) => lane === 0)).toBe(true);
    await store.put(withheld!);
    expect(await supportInTime(context, entry, stageWith(500))).toHaveLength(4);
  });
});
