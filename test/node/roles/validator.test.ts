// A validator's vote: made once and kept, or it could not be revealed; and judged anew where the round rests
// on something else.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RoundEntry, SeatView, TaskChain } from '../../../node/chain/index.ts';
import {
  type Dataset,
  initialModel,
  type ModelHost,
  modelLayout,
  scaledData,
  startModelThread,
  type TaskDescription,
} from '../../../node/learn/index.ts';
import {
  digestOf,
  encodeModel,
  encodeProposal,
  encodeSum,
  probeSum,
  updateSum,
  type Vote,
} from '../../../node/protocol/index.ts';
import { readProgress } from '../../../node/roles/round/checkpoint.ts';
import { RoundSums } from '../../../node/roles/round/sums.ts';
import type { RoleStorage } from '../../../node/roles/runtime/storage.ts';
import { Validator } from '../../../node/roles/validator.ts';
import type { ContentStore } from '../../../node/store/index.ts';
import { data, task } from './support/learning.ts';
import { plainStorage } from './support/plain_storage.ts';
import { makeRound, type TestRound } from './support/round.ts';

const account = '0x9999999999999999999999999999999999999999';
const basis = (byte: string): Hex => `0x${byte.repeat(32)}`;
const { signal } = new AbortController();

let round: TestRound;
const layout = modelLayout(task.model);
let host: ModelHost;
let entry: RoundEntry;
beforeAll(async () => {
  round = await makeRound({ secondsLeft: () => 500 });
  host = startModelThread(task.model);
  await round.announceSet([0, 1]);
  const opened = new RoundSums(round.context({ member: 0 }), 1);
  const proven = async (number: number) => {
    const [sum] = (await opened.fromShares(round.entry, number))!;
    const digest = await round.store.put(encodeSum(sum!));
    const { h } = await round.context({ member: 0 }).prover.commit('aggregate', sum!);
    return [number, { prover: round.accounts[0]!, digests: [digest], h: [h] }] as const;
  };
  const support = Uint32Array.from({ length: round.sums.update.length }, (_, index) => index);
  entry = {
    ...round.entry,
    phase: 'commit',
    index: 0,
    opening: basis('00'),
    basis: basis('01'),
    model: await round.store.put(encodeModel(initialModel(layout, 1))),
    scale: 2n ** 36n,
    proposals: [{ proposer: round.accounts[0]!, digest: await round.store.put(encodeProposal(support)) }],
    voteBasis: basis('a1'),
    sums: new Map([await proven(updateSum), await proven(probeSum(0))]),
  };
});
afterAll(async () => {
  await host.close();
  await round.stop();
});

/** Years after this machine's clock, which must not matter. */
const chainTime = 10_000_000_000n;

/** Where a validator stands, and what it hears and says there. */
interface Place {
  readonly holdout: Dataset;
  readonly store: ContentStore;
  readonly abstained: number[];
  readonly said: string[];
  readonly proposed: Hex[];
  readonly isAnybodySuspected: boolean;
  readonly secondsLeft: number;
  readonly of: ModelHost;
  readonly description: TaskDescription;
  /** What the chain says and takes otherwise. */
  readonly otherwise: Partial<TaskChain>;
}

/** A validator that may look at the round again and again; a look resolves to the vote that was sent. */
function createValidator(
  storage: RoleStorage,
  {
    holdout = data,
    store = round.store,
    abstained = [],
    said = [],
    proposed = [],
    isAnybodySuspected = false,
    secondsLeft = 1200,
    of = host,
    description = task,
    otherwise = {},
  }: Partial<Place> = {},
): (at: RoundEntry, stop?: AbortSignal) => Promise<Vote | undefined> {
  const { chain, ...context } = round.context({ member: 0, storage, said });
  let now = entry;
  let vote: Vote | undefined;
  const own: Partial<TaskChain> = {
    account,
    isAnybodySuspected: async () => isAnybodySuspected,
    time: async () => chainTime,
    stage: async () => ({
      ...round.stage,
      round: now.number,
      phase: now.phase,
      deadline: chainTime + BigInt(secondsLeft),
    }),
    terms: async () => ({ ...(await chain.terms()), selector: 'probe' }),
    propose: async (_, digest) => {
      proposed.push(digest);
    },
    abstain: async (number) => {
      abstained.push(number);
    },
    seat: async () => ({ committedIn: now.phase === 'reveal' ? now.number : 0, revealedIn: 0 }) as SeatView,
    commitVote: async (_, made) => {
      vote = made;
    },
    revealVote: async (_, made) => {
      vote = made;
    },
  };
  const validator = new Validator({
    ...context,
    store,
    chain: { ...chain, ...own, ...otherwise },
    description,
    layout,
    host: of,
    holdout: scaledData(holdout),
    seed: 'v',
    peer: '0x00',
    sealingKey: '0x00',
  });
  return async (at, stop = signal) => {
    now = at;
    await validator.round(at, stop);
    return vote;
  };
}

/** Lets a validator look at the round once, as after a restart. */
const look = (at: RoundEntry, storage: RoleStorage, place?: Partial<Place>): Promise<Vote | undefined> =>
  createValidator(storage, place)(at);

/** A host that notes the models that are trained from. */
const noting = (of: ModelHost, models: Float32Array[]): ModelHost => ({
  describe: () => of.describe(),
  close: () => of.close(),
  async take(rows) {
    const taken = await of.take(rows);
    return {
      ...taken,
      train(model, steps, stop) {
        models.push(model);
        return taken.train(model, steps, stop);
      },
    };
  },
});

describe("a validator's training", () => {
  it('of a program is one a round also over a restart: it need not find the same change again', async () => {
    const models: Float32Array[] = [];
    const storage = plainStorage();
    const description: TaskDescription = {
      ...task,
      model: {
        kind: 'program',
        files: [{ name: 'train.py', sha256: '00'.repeat(32) }],
        settings: {},
        parameters: [
          { name: 'w', shape: [8, 12] },
          { name: 'b', shape: [12] },
        ],
      },
    };
    const place = { secondsLeft: 500, of: noting(host, models), description };
    await look({ ...entry, phase: 'support' }, storage, place);
    // The chain of this test takes no probe.
    await expect(look({ ...entry, phase: 'submit' }, storage, place)).rejects.toThrow();
    expect(models).toHaveLength(1);
  });

  it('is one a round: the probe is the change that the proposal was made of', async () => {
    const models: Float32Array[] = [];
    const said: string[] = [];
    const lookAgain = createValidator(plainStorage(), { secondsLeft: 500, said, of: noting(host, models) });
    await lookAgain({ ...entry, phase: 'support' });
    expect(said).toEqual(['proposes a support from its hold-out data']);
    // The chain of this test takes no probe.
    await expect(lookAgain({ ...entry, phase: 'submit' })).rejects.toThrow();
    expect(models).toEqual([initialModel(layout, 1)]);
    // The round of the same number on another model, after a reorganisation, is another training.
    const other = initialModel(layout, 1).map((each) => each + 1 / 64);
    const model = await round.store.put(encodeModel(other));
    await lookAgain({ ...entry, model, opening: basis('02'), basis: basis('03'), phase: 'support' });
    expect(models).toEqual([initialModel(layout, 1), other]);
  });

  it('ends at once when the validator is stopped in the middle of it, and is made again by the next look', async () => {
    const models: Float32Array[] = [];
    const training = { steps: 10_000, batch: 8192, rate: 1e-6 };
    const place = { of: noting(host, models), description: { ...task, training } };
    const lookAgain = createValidator(plainStorage(), place);
    for (const turn of ['first', 'second']) {
      const stop = new AbortController();
      const looking = lookAgain({ ...entry, phase: 'support' }, stop.signal);
      looking.catch(() => undefined);
      await vi.waitUntil(() => models.length === (turn === 'first' ? 1 : 2), 10_000);
      stop.abort(new Error(`stopped for the ${turn} time`));
      await expect(looking).rejects.toThrow(`stopped for the ${turn} time`);
    }
  });
});

describe("a validator's proposal", () => {
  /** What it proposes after a round in which its probe was of the first 96 of 108 parameters. */
  async function proposedAfter(outcome: RoundEntry['outcome']): Promise<number[]> {
    const proposed: Hex[] = [];
    const place = { secondsLeft: 500, proposed, isAnybodySuspected: true };
    const lookAgain = createValidator(plainStorage(), place);
    await lookAgain({ ...entry, phase: 'support' });
    // The chain of this test takes no probe.
    await expect(lookAgain({ ...entry, phase: 'submit' })).rejects.toThrow();
    const known = round.journal.rounds.splice(0, 1, { ...round.entry, outcome });
    await lookAgain({ ...entry, number: 2, index: 1, phase: 'support' });
    round.journal.rounds.splice(0, 1, ...known);
    const bytes = Buffer.from(await round.store.get(proposed[1]!, { maxBytes: 1e6 }));
    return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32LE(4 * at));
  }

  it('names nothing first that a sum has shown in vain: the next sum without a member would show the member’s', async () => {
    const isNew = (index: number) => index >= round.sums.update.length;
    expect(round.sums.update).toHaveLength(96);
    expect((await proposedAfter('rejected')).slice(0, 12).every(isNew)).toBe(true);
    expect((await proposedAfter('accepted')).slice(0, 12).every(isNew)).toBe(false);
  });
});

describe("a validator's vote", () => {
  it('is the one that it committed to when it is revealed, also after a restart', async () => {
    const storage = plainStorage();
    const committed = await look(entry, storage);
    expect(committed).toMatchObject({ basis: entry.voteBasis });
    expect(await look({ ...entry, phase: 'reveal' }, storage)).toEqual(committed);
  });

  it('is judged anew where the round of the same number rests on something else: the old one would be false', async () => {
    const storage = plainStorage();
    const before = await look(entry, storage);
    const reorganised = { ...entry, voteBasis: basis('a2') };

    const after = await look(reorganised, storage);

    expect(after!.basis).toBe(reorganised.voteBasis);
    expect(after!.basis).not.toBe(before!.basis);
    expect(after!.salt).not.toBe(before!.salt);
  });

  it('is forgotten two rounds later, also that of a round before an abstention or a kill', async () => {
    const storage = plainStorage();
    const rounds = [1, 2, 3, 4, 5];
    const kept = async () => {
      const there = await Promise.all(rounds.map((number) => storage.read(`vote-${number}`)));
      return rounds.filter((_, at) => there[at]);
    };
    const made = await look(entry, storage);
    // Rounds in which it abstained, or was killed between a vote and the removal of an older one.
    const vote = (await storage.read('vote-1'))!;
    for (const number of [2, 4, 5]) await storage.write(`vote-${number}`, vote);
    expect(await look({ ...entry, number: 5 }, storage)).toEqual(made);
    expect(await kept()).toEqual([4, 5]);
  });

  it('names the references that the opened sums give, whoever computes them', async () => {
    const vote = await look(entry, plainStorage());
    expect(vote!.references).toMatch(/^0x[0-9a-f]{64}$/);
    expect((await look(entry, plainStorage()))!.references).toBe(vote!.references);
    // Without the probes of the group there is another round to be scored.
    const sums = new Map([...entry.sums].filter(([number]) => number === updateSum));
    const without = await look({ ...entry, voteBasis: basis('a3'), sums }, plainStorage());
    expect(without!.model).toBe(vote!.model);
    expect(without!.references).not.toBe(vote!.references);
  });
});

describe('while a round is settled', () => {
  it.each([
    [
      'a validator that sees its model improve trains from it for the next round',
      { better: true, rounds: task.rounds },
      1,
    ],
    ['one that sees it get worse does not', { better: false, rounds: task.rounds }, 0],
    ['nor after the last round', { better: true, rounds: 1 }, 0],
  ])('%s', async (_, { better, rounds }, trainings) => {
    const models: Float32Array[] = [];
    let judged = 0;
    const of = noting(
      {
        ...host,
        describe: () => host.describe(),
        async take(rows) {
          const taken = await host.take(rows);
          const evaluate: typeof taken.evaluate = async (model, stop) => {
            judged += 1;
            const then = judged === 1;
            return { ...(await taken.evaluate(model, stop)), accuracy: then === better ? 0.25 : 0.5 };
          };
          return { ...taken, evaluate };
        },
      },
      models,
    );
    const vote = await look(entry, plainStorage(), { of, description: { ...task, rounds } });
    expect(vote!.quality > vote!.before).toBe(better);
    expect(models.map((model) => digestOf(encodeModel(model)))).toEqual(trainings ? [vote!.model] : []);
  });
});

describe('while submissions are inspected', () => {
  it('a validator has them left out that were drawn, at every look, and says once that it has looked', async () => {
    const done: string[] = [];
    let inspectedIn = 0;
    const otherwise: Partial<TaskChain> = {
      seat: async () => ({ standing: 'good', inspectedIn }) as SeatView,
      async isSifted() {
        done.push('sifts');
        return true;
      },
      async inspect(number) {
        done.push(`inspected ${number}`);
        inspectedIn = number;
      },
    };
    const lookAgain = createValidator(plainStorage(), { otherwise });
    const inspected = { ...entry, phase: 'inspect' } as const;
    await lookAgain(inspected);
    expect(done).toEqual(['sifts', 'inspected 1']);
    await lookAgain(inspected);
    expect(done).toEqual(['sifts', 'inspected 1', 'sifts']);
  });
});

describe('a validator without a vote', () => {
  const nowhere = `0x${'77'.repeat(32)}` as const;
  const unread = (): RoundEntry => ({
    ...entry,
    voteBasis: basis('a4'),
    sums: new Map([...entry.sums].map(([number, sum]) => [number, { ...sum, digests: [nowhere], h: [1n] }])),
  });

  it('abstains when half of the phase is over and the sums cannot be read, and not before', async () => {
    const announcements = round.journal.announcements.splice(0);
    const abstained: number[] = [];
    const early = look(unread(), plainStorage(), { abstained });
    await expect(early).rejects.toMatchObject({ name: 'StoreError' });
    expect(abstained).toEqual([]);
    expect(await look(unread(), plainStorage(), { abstained, secondsLeft: 500 })).toBeUndefined();
    expect(abstained).toEqual([1]);
    round.journal.announcements.push(...announcements);
  });

  it('abstains as well where its own disk or store keeps it from voting: silence would cost it stake', async () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    const fullDisk = { ...plainStorage(), write: () => Promise.reject(full) };
    const breaks = { ...round.store, get: () => Promise.reject(new TypeError('terminated')) };
    for (const [storage, store] of [[fullDisk, round.store] as const, [plainStorage(), breaks] as const]) {
      const abstained: number[] = [];
      const at = { ...entry, voteBasis: basis('a5') };
      await expect(look(at, storage, { abstained, store })).rejects.toThrow();
      expect(abstained).toEqual([]);
      expect(await look(at, storage, { abstained, store, secondsLeft: 500 })).toBeUndefined();
      expect(abstained).toEqual([1]);
    }
  });
});

describe('a probe of zeros', () => {
  /** Inputs of zeros: the change of every weight is 0, and the support of the round is the weights. */
  const holdout = { ...data, inputs: new Float32Array(data.inputs.length) };

  /** Seals a probe in the Submit phase, as far as the disk, and then votes. */
  async function probeAndVote(at: RoundEntry, own: Dataset, abstained: number[]): Promise<Vote | undefined> {
    const storage = plainStorage();
    const proposed = at.proposals[0]!.digest;
    const put: ContentStore['put'] = async (bytes) => {
      if (digestOf(bytes) !== proposed) throw new Error('sealed, and not shown');
      return proposed;
    };
    const submitting = look({ ...at, phase: 'submit' }, storage, {
      holdout: own,
      store: { ...round.store, put },
      secondsLeft: 500,
    });
    await expect(submitting).rejects.toThrow('sealed, and not shown');
    const progress = await readProgress(storage, 1);
    expect(progress!.sealed![0]!.coordinates.every((coordinate) => coordinate === 0)).toBe(true);
    return look(at, storage, { holdout: own, abstained });
  }

  it('of data that have nothing to say on the support is no abstention: its author judges as the others do', async () => {
    const abstained: number[] = [];
    const vote = await probeAndVote(entry, holdout, abstained);
    expect(vote!.model).toBe((await look(entry, plainStorage(), { holdout }))!.model);
    expect(vote!.model).not.toBe(entry.model);
    expect(abstained).toEqual([]);
  });

  it('of a validator that could not know the support is one: it has no vote', async () => {
    const abstained: number[] = [];
    const withheld = { proposer: round.accounts[0]!, digest: basis('77') };
    expect(await probeAndVote({ ...entry, proposals: [withheld] }, data, abstained)).toBeUndefined();
    expect(abstained).toEqual([1]);
  });
});
