// Validators that want their fee without the work, or the rounds on their side.
import { zeroHash } from 'viem';
import type { TaskChain } from '../../chain/index.ts';
import { encodeProposal, type Vote } from '../../protocol/index.ts';
import { type Adversary, disguised } from './adversary.ts';
import { opposite } from './trainings.ts';

/** A vote for the model as it was, as good as the last tally said, on no references: what nobody need look for. */
function withoutLooking({ journal }: TaskChain, round: number, vote: Vote): Vote {
  const { model } = journal.rounds.find(({ number }) => number === round)!;
  const last = journal.rounds.findLast(({ number, tally }) => number < round && tally);
  const quality = last?.tally?.quality ?? 5000;
  return { ...vote, model, references: zeroHash, quality, before: quality };
}

/** Votes without looking at anything. */
export const lazyVote: Adversary = {
  seat: 'validator',
  disguise: () =>
    disguised('chain', ({ chain }) => ({
      commitVote: (round, vote) => chain.commitVote(round, withoutLooking(chain, round, vote)),
      revealVote: (round, vote) => chain.revealVote(round, withoutLooking(chain, round, vote)),
    })),
};

/** Its probe points away from what its data want, so that updates which help look as if they did not. */
export const biasedProbe: Adversary = { seat: 'validator', disguise: () => ({ training: opposite }) };

/** Proposes a support of one index, on which scores and norms would be the updates themselves. */
export const emptySupport: Adversary = {
  seat: 'validator',
  disguise: () =>
    disguised('chain', ({ chain, store }) => ({
      propose: async (round) =>
        chain.propose(round, await store.put(encodeProposal(Uint32Array.of(0)), 'proposal')),
    })),
};
