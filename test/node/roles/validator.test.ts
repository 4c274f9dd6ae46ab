// A validator's vote: made once and kept, or it could not be revealed; and judged anew where the round rests
// on something else.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoundEntry, SeatView, TaskChain } from '../../../node/chain/index.ts';
import { type Dataset, Network, scaledData, startBackend } from '../../../node/learn/index.ts';
import {
  basisOfVote,
  encodeModel,
  encodeProposal,
  encodeSum,
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
let network: Network;
let entry: RoundEntry;
beforeAll(async () => {
  round = await makeRound({ secondsLeft: () => 500 });
  await startBackend('wasm');
  network = new Network(task.model);
  await round.announceSet([0, 1]);
  const opened = new RoundSums(round.context({ member: 0 }), 1);
  const proven = async (subject: 'update' | 'probe') => {
    const [sum] = (await opened.fromShares(round.entry, subject))!;
    const digest = await round.store.put(encodeSum(sum!));
    return { prover: round.accounts[0]!, digests: [digest], norm: 1n };
  };
  const support = Uint32Array.from({ length: round.sums.update.length }, (_, index) => index);
  entry = {
    ...round.entry,
    phase: 'commit',
    index: 0,
    basis: basis('01'),
    model: await round.store.put(encodeModel(network.initial(1))),
    scale: 2n ** 36n,
    proposals: [{ proposer: round.accounts[0]!, digest: await round.store.put(encodeProposal(support)) }],
    sums: { update: await proven('update'), probe: await proven('probe') },
  };
});
afterAll(async () => {
  network.dispose();
  await round.stop();
});

/**
 * Lets a validator look at the round once, as after a restart; resolves to the vote that it committed to or
 * revealed.
 */
async function look(
  at: RoundEntry,
  storage: RoleStorage,
  { holdout = data, store = round.store }: Partial<{ holdout: Dataset; store: ContentStore }> = {},
): Promise<Vote | undefined> {
  const { chain, ...context } = round.context({ member: 0, storage });
  let vote: Vote | undefined;
  const own: Partial<TaskChain> = {
    account,
    stage: async () => ({ ...round.stage, phase: at.phase }),
    seat: async () => ({ committedIn: at.phase === 'reveal' ? at.number : 0, revealedIn: 0 }) as SeatView,
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
    chain: { ...chain, ...own },
    description: task,
    network,
    holdout: scaledData(holdout),
    seed: 'v',
    peer: '0x00',
    sealingKey: '0x00',
  });
  await validator.round(at, signal);
  return vote;
}

const basisOf = ({ basis: of, sums }: RoundEntry) =>
  basisOfVote(of, sums.update!.digests, sums.probe!.digests);

describe("a validator's vote", () => {
  it('is the one that it committed to when it is revealed, also after a restart', async () => {
    const storage = plainStorage();
    const committed = await look(entry, storage);
    expect(committed).toMatchObject({ basis: basisOf(entry) });
    expect(await look({ ...entry, phase: 'reveal' }, storage)).toEqual(committed);
  });

  it('is judged anew where the round of the same number rests on something else: the old one would be false', async () => {
    const storage = plainStorage();
    const before = await look(entry, storage);
    const reorganised = { ...entry, basis: basis('02') };

    const after = await look(reorganised, storage);

    expect(after!.basis).toBe(basisOf(reorganised));
    expect(after!.basis).not.toBe(before!.basis);
    expect(after!.salt).not.toBe(before!.salt);
  });

  it('rests on both sums: with another probe it is another vote', async () => {
    const storage = plainStorage();
    const before = await look(entry, storage);
    const probe = { ...entry.sums.probe!, digests: entry.sums.update!.digests };
    const after = await look({ ...entry, sums: { ...entry.sums, probe } }, storage);
    expect(after!.basis).not.toBe(before!.basis);
  });
});

describe('a probe of zeros', () => {
  /** Inputs of zeros: the gradient of every weight is 0, and the support of the round is the weights. */
  const holdout = { ...data, inputs: new Float32Array(data.inputs.length) };

  /** Seals a probe in the Submit phase, as far as the disk, and then votes. */
  async function probeAndVote(at: RoundEntry, own: Dataset): Promise<Vote> {
    const storage = plainStorage();
    const put = () => Promise.reject(new Error('sealed, and not shown'));
    const submitting = look({ ...at, phase: 'submit' }, storage, {
      holdout: own,
      store: { ...round.store, put },
    });
    await expect(submitting).rejects.toThrow('sealed, and not shown');
    const progress = await readProgress(storage, 1);
    expect(progress!.sealed![0]!.coordinates.every((coordinate) => coordinate === 0)).toBe(true);
    return (await look(at, storage, { holdout: own }))!;
  }

  it('of data that have nothing to say on the support is no abstention: its author judges as the others do', async () => {
    const vote = await probeAndVote(entry, holdout);
    expect(vote.model).toBe((await look(entry, plainStorage(), { holdout }))!.model);
    expect(vote.model).not.toBe(entry.model);
    expect(vote.before).not.toBe(10_000);
  });

  it('of a validator that could not know the support is one: it votes for the model as it was', async () => {
    const withheld = { proposer: round.accounts[0]!, digest: basis('77') };
    const vote = await probeAndVote({ ...entry, proposals: [withheld] }, data);
    expect(vote).toMatchObject({ model: entry.model, quality: 0, before: 10_000 });
  });
});
