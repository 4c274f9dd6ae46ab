// A trainer's training: once a round, in the host of its process, and ended with the trainer.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RoundEntry, TaskChain } from '../../../node/chain/index.ts';
import {
  initialModel,
  type ModelHost,
  modelLayout,
  scaledData,
  startModelThread,
  type TaskDescription,
  type TrainingDisguise,
} from '../../../node/learn/index.ts';
import { encodeModel } from '../../../node/protocol/index.ts';
import { readProgress } from '../../../node/roles/round/checkpoint.ts';
import type { SumRing } from '../../../node/roles/round/sum_ring.ts';
import type { RoleStorage } from '../../../node/roles/runtime/storage.ts';
import { Trainer } from '../../../node/roles/trainer.ts';
import { data, task } from './support/learning.ts';
import { plainStorage } from './support/plain_storage.ts';
import { makeRound, type TestRound } from './support/round.ts';

const basis = (byte: string): Hex => `0x${byte.repeat(32)}`;
const layout = modelLayout(task.model);
const { signal } = new AbortController();

let round: TestRound;
let host: ModelHost;
let entry: RoundEntry;
beforeAll(async () => {
  round = await makeRound();
  host = startModelThread(task.model);
  entry = {
    ...round.entry,
    phase: 'support',
    index: 0,
    opening: basis('00'),
    basis: basis('01'),
    model: await round.store.put(encodeModel(initialModel(layout, 1))),
    proposals: [],
    leader: round.accounts[2]!,
  };
});
afterAll(async () => {
  await host.close();
  await round.stop();
});

/** A trainer that stands in the Support phase, and notes its trainings. */
function createTrainer(
  storage: RoleStorage,
  {
    description = task,
    trained = [] as number[],
  }: { description?: TaskDescription; trained?: number[] } = {},
): Trainer {
  const { chain, ...context } = round.context({ member: 0, storage });
  const own: Partial<TaskChain> = {
    stage: async () => ({ ...round.stage, phase: 'support' }),
    isAnybodySuspected: async () => false,
    terms: async () => ({ ...(await chain.terms()), selector: 'leader' }),
  };
  const noting: TrainingDisguise = (honest) => (model, index, stop) => {
    trained.push(index);
    return honest(model, index, stop);
  };
  return new Trainer({
    ...context,
    chain: { ...chain, ...own },
    description,
    layout,
    host,
    data: scaledData(data),
    seed: 'x',
    peer: 'peer',
    ring: {} as SumRing,
    disguise: noting,
  });
}

describe("a trainer's training", () => {
  it('is one a round, also over a restart: what it found is on the disk', async () => {
    const storage = plainStorage();
    const trained: number[] = [];
    const trainer = createTrainer(storage, { trained });
    await trainer.round(entry, signal);
    await trainer.round(entry, signal);
    await createTrainer(storage, { trained }).round(entry, signal);
    expect(trained).toEqual([0]);
    expect((await readProgress(storage, 1))!.round).toBe(entry.number);
  });

  it('ends at once when the trainer is stopped in the middle of it, leaves nothing, and is made by the next look', async () => {
    const storage = plainStorage();
    const trained: number[] = [];
    const description = { ...task, training: { steps: 10_000, batch: 8192, rate: 1e-6 } };
    const trainer = createTrainer(storage, { description, trained });
    const stop = new AbortController();
    const looking = trainer.round(entry, stop.signal);
    looking.catch(() => undefined);
    await vi.waitUntil(() => trained.length === 1, 10_000);
    stop.abort(new Error('stopped'));
    await expect(looking).rejects.toThrow('stopped');
    expect(await readProgress(storage, 1)).toBeUndefined();
    await createTrainer(storage, { trained }).round(entry, signal);
    expect(trained).toEqual([0, 0]);
    expect(await readProgress(storage, 1)).toBeDefined();
  });
});
