// A validator's vote: made once and kept, or it could not be revealed; and judged anew where the round rests
// on something else.
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoundEntry, SeatView, TaskChain } from '../../../node/chain/index.ts';
import { Network, scaledData, startBackend } from '../../../node/learn/index.ts';
import {
  basisOfVote,
  encodeModel,
  encodeProposal,
  encodeSum,
  type Vote,
} from '../../../node/protocol/index.ts';
import { RoundSums } from '../../../node/roles/round/sums.ts';
import type { RoleStorage } from '../../../node/roles/runtime/storage.ts';
import { Validator } from '../../../node/roles/validator.ts';
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
  round = await makeRound();
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
async function look(at: RoundEntry, storage: RoleStorage): Promise<Vote | undefined> {
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
    chain: { ...chain, ...own },
    description: task,
    network,
    holdout: scaledData(data),
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
