// What stops each adversary that whole federations play, in the words of the page. Its figures come from runs.
import type { AdversaryRole } from '../../node/demo/index.ts';

/** What stops it, or what limits it. */
export const defences: Readonly<Partial<Record<AdversaryRole, string>>> = {
  'garbage-proof':
    'the contract checks the proof and the opening, records, slashes and leaves the update out',
  'stolen-proof': "the challenge binds the sender: the proof is another statement's for anybody else",
  'bad-ciphertext': 'validators look before anything is opened, vote it out, and the contract slashes it',
  'other-vector':
    'what opens must open the sum of the commitments; who was in all sums that stayed closed is left out of the next ones',
  'bad-share': 'any t right shares open a sum; beside 2t - 1 that agree a wrong one is convicted',
  'lying-hop':
    'who decrypts adds by itself; the signed hops convict the liar, and a quorum of validators files',
  silent: 'phases end at their deadline; a missed duty is slashed where most of the stake was present',
  'withhold-key': 'validators vote against it; it is slashed as absent, and the next epoch is without it',
  'withhold-ciphertext':
    'validators wait for half of the phase Inspect, vote it out, and the contract slashes it',
  'withhold-proposal': 'who cannot read a proposal sends zeros, and validators abstain',
  'withhold-sum':
    'the proof is of the sum, not of the file: trainers put what they open into the store, and anybody opens it from the shares',
  'wrong-sum': 'the sum must open the running total of the contract; another prover proves the right one',
  'lazy-vote': 'only votes for the model that a majority names earn; others are outliers',
  'biased-probe': 'the median group pays, more than two thirds strike: one group decides nothing',
  'empty-support': 'a proposal that is not exactly as long as the round carries counts as not made',
  spam: "members ask the chain's node for posts of members alone",
};
