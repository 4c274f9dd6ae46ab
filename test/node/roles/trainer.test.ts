// A trainer's training: once a round, in the host of its process, and ended with the trainer.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RoundEntry, TaskChain } from '../../../node/chain/index.ts';
import { Compressor } from '../../../node/compress/index.ts';
import {
  initialModel,
  type ModelHost,
  modelLayout,
  scaledData,
  startModelThread,
  type TaskDescription,
  TrainerRounds,
  type TrainingDisguise,
} from '../../../node/learn/index.ts';
import { encodeModel } from '../../../node/protocol/index.ts';
import { progressIn, readProgress } from '../../../node/roles/round/checkpoint.ts';
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
    own: given = {},
    said = [] as string[],
  }: { description?: TaskDescription; trained?: number[]; own?: Partial<TaskChain>; said?: string[] } = {},
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
    chain: { ...chain, ...own, ...given },
    observe: (event) => void (event.type === 'step' && said.push(event.text)),
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

describe('what became of its update', () => {
  it.each([
    ['applied', 'accepted', true],
    ['left-out', 'accepted', false],
    ['rolled-back', 'rejected', true],
    ['rolled-back', undefined, false],
  ] as const)(
    'is settled before the next training: %s where its round is %s',
    async (settled, outcome, counted) => {
      const storage = plainStorage();
      const settle = vi.spyOn(TrainerRounds.prototype, 'settle');
      onTestFinished(() => settle.mockRestore());
      await createTrainer(storage).round(entry, signal);
      expect(settle.mock.lastCall).toEqual(['rolled-back']);
      const { journal, account } = round.context({ member: 0 }).chain;
      const update = entry.submitted.update.filter(({ sender }) => counted || sender !== account);
      const other = {
        ...entry,
        number: 7,
        outcome: outcome === 'accepted' ? 'rejected' : 'accepted',
      } as const;
      const last = { ...entry, outcome, submitted: { ...entry.submitted, update } } as RoundEntry;
      // Without an outcome the round is gone with a reorganisation.
      const rounds = [other, ...(outcome === undefined ? [] : [last])];
      const next = { ...entry, number: 2, index: 1, opening: basis('c1'), basis: basis('c1') };
      const own = {
        journal: { ...journal, rounds },
        stage: async () => ({ ...round.stage, round: 2, phase: 'support' }),
      };
      await createTrainer(storage, { own: own as Partial<TaskChain> }).round(next, signal);
      expect(settle).toHaveBeenCalledTimes(2);
      expect(settle.mock.lastCall).toEqual([settled]);
    },
  );
});

describe("a trainer's alignment", () => {
  const settle = (at: RoundEntry, own: Partial<TaskChain> = {}, storage = plainStorage()) =>
    createTrainer(storage, {
      own: {
        stage: async () => ({ ...round.stage, phase: 'settle' }),
        alignmentProvenIn: async () => 0,
        ...own,
      },
    }).round({ ...at, phase: 'settle' }, signal);

  it('is due of who has an update in the round and has not proven it yet, and needs what was sent', async () => {
    const lost = { code: 'state', message: expect.stringContaining('is not in its state folder') };
    await expect(settle(entry)).rejects.toMatchObject(lost);
    await expect(settle(entry, { alignmentProvenIn: async () => entry.number - 1 })).rejects.toMatchObject(
      lost,
    );
    await settle(entry, { alignmentProvenIn: async () => entry.number });
    const { account } = round.context({ member: 0 }).chain;
    const update = entry.submitted.update.filter(({ sender }) => sender !== account);
    await settle(
      { ...entry, submitted: { ...entry.submitted, update } },
      {
        stage: async () => ({ ...round.stage, phase: 'settle', weight: update.length }),
      },
    );
  });
});

describe("what a trainer's updates cost in privacy", () => {
  const noisy: TaskDescription = {
    ...task,
    rounds: 2,
    privacy: { clip: 1, sigma: 10, delta: 1e-5 },
    compression: { ...task.compression, selector: 'probe' },
  };
  const sealed = new Error('sealed');
  const storageOf = async (storage: RoleStorage) => {
    const { state, sealed } = (await readProgress(storage, 1))!;
    return { releases: Compressor.decode(state, layout.size).releases, content: sealed![0]!.content };
  };

  /** Seals the round's update as the chain has the round now; the sending that follows is cut off. */
  async function seal(storage: RoleStorage, at: RoundEntry, submittedBefore = 0): Promise<string[]> {
    const said: string[] = [];
    const { chain } = round.context({ member: 0, storage });
    const { journal, account } = chain;
    const [mine, theirs] = [account, round.accounts[1]!].map((sender) => ({
      ...at,
      submitted: { ...at.submitted, update: at.submitted.update.filter((one) => one.sender === sender) },
    }));
    const rounds = [theirs!, ...Array.from({ length: submittedBefore }, () => mine!)];
    const own = {
      journal: { ...journal, rounds },
      stage: async () => ({ ...round.stage, phase: 'submit' as const }),
      seat: async () => ({ submittedIn: 0 }) as Awaited<ReturnType<TaskChain['seat']>>,
      async terms() {
        // What is asked for last before an update is shown.
        if (progressIn(at, await readProgress(storage, 1))?.sealed) throw sealed;
        return chain.terms();
      },
    };
    const trainer = createTrainer(storage, { description: noisy, own, said });
    await expect(trainer.round({ ...at, phase: 'submit' }, signal)).rejects.toBe(sealed);
    return said;
  }
  const again = (turn: string): RoundEntry => ({ ...entry, opening: basis(turn), basis: basis(turn) });

  it('is counted once for a round that a restart goes on with, and again for one that a reorganisation replaced', async () => {
    const storage = plainStorage();
    const said = await seal(storage, entry);
    expect(said.at(-1)).toMatch(/^privacy spent: 1 of 2 updates, epsilon 0\.79 at delta 0.00001$/);
    const first = await storageOf(storage);
    await seal(storage, entry);
    expect(await storageOf(storage)).toEqual(first);
    await seal(storage, again('b1'));
    const second = await storageOf(storage);
    expect(second.releases).toBe(2);
    expect(second.content).not.toEqual(first.content);
    // The third would be beyond what was stated before it joined.
    expect((await seal(storage, again('b2'))).at(-1)).toMatch(/^sends zeros: its privacy is spent, 2 of 2/);
    expect((await storageOf(storage)).releases).toBe(2);
    expect((await readProgress(storage, 1))!.abstained).toBe(true);
  });

  it('counts what the chain says was sent before its folder was lost', async () => {
    const storage = plainStorage();
    await seal(storage, entry, 1);
    expect((await storageOf(storage)).releases).toBe(2);
    const other = plainStorage();
    expect((await seal(other, entry, 2)).at(-1)).toMatch(/^sends zeros/);
  });
});
