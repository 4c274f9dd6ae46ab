// The adversaries of the demonstration's federation, by name; docs/adversaries.md says what becomes of each.
import type { Disguise } from '../../roles/index.ts';
import type { Adversary } from './adversary.ts';
import { badCiphertext, badShare, otherVector } from './ciphertexts.ts';
import { flipped, poisoned } from './data.ts';
import { garbageProof } from './garbage_proof.ts';
import { lyingHop } from './lying_hop.ts';
import { replayProbe } from './replay_probe.ts';
import { silent } from './silent.ts';
import { spam } from './spam.ts';
import { stolenProof } from './stolen_proof.ts';
import { noise, opposite, replayAggregate, trainingOn } from './trainings.ts';
import { biasedProbe, emptySupport, lazyVote } from './votes.ts';
import { withholding } from './withhold.ts';
import { wrongSum } from './wrong_sum.ts';

/** A trainer that learns something else, or from something else. */
const learning = (disguise: Pick<Disguise, 'training' | 'data'>): Adversary => ({
  seat: 'trainer',
  disguise: () => disguise,
});

const all = {
  noise: learning({ training: noise }),
  opposite: learning({ training: opposite }),
  'label-flip': learning({ data: trainingOn(flipped) }),
  backdoor: learning({ data: trainingOn(poisoned) }),
  'replay-aggregate': learning({ training: replayAggregate }),
  'replay-probe': { seat: 'trainer', disguise: replayProbe },
  'garbage-proof': garbageProof,
  'stolen-proof': stolenProof,
  'bad-ciphertext': badCiphertext,
  'other-vector': otherVector,
  'bad-share': badShare,
  'lying-hop': lyingHop,
  silent,
  'withhold-key': withholding('trainer', 'none'),
  'withhold-ciphertext': withholding('trainer', 'submit'),
  'withhold-proposal': withholding('validator', 'support'),
  'withhold-sum': withholding('prover', 'aggregate'),
  'wrong-sum': wrongSum,
  'lazy-vote': lazyVote,
  'biased-probe': biasedProbe,
  'empty-support': emptySupport,
  spam,
} as const satisfies Readonly<Record<string, Adversary>>;

/** The name of an adversary that sits in the demonstration's federation. */
export type AdversaryRole = keyof typeof all;
/** Their names. */
export const adversaryRoles = Object.keys(all) as readonly AdversaryRole[];

/** The adversary of a name. */
export const adversaryOf = (name: AdversaryRole): Adversary => all[name];
