// The flags of a plan: the command line reads them, and the desk's form has their words, bounds and defaults.
import { flag, saying, withShown } from './flag.ts';
import { members } from './flags.ts';
import { amount, path, whole } from './rules.ts';

/** Rounds of the demonstration. */
export const rounds = withShown(flag('N', 'of the demonstration', whole(1, 100_000)), '8');

/** What a policy decides; a flag wins over the file, and the file over the default. */
export const policyFlags = {
  policy: flag(
    'FILE',
    'JSON with any of: trainers, validators, threshold, members, economics, rules, deadlines',
    path,
  ),
  members: saying(
    members,
    'who may join: a file of `murmur planner members`; seats for all of them unless told',
  ),
  trainers: withShown(flag('N', 'seats; one more than the threshold are enough to start', whole(2, 64)), '5'),
  validators: withShown(flag('N', 'seats', whole(2, 32)), '6'),
  threshold: withShown(flag('N', 'trainers needed to decrypt', whole(2, 64)), 'more than half'),
  roundReward: withShown(
    flag('TOKENS', 'what an accepted round pays its trainers, by how far they point the right way', amount),
    '10',
  ),
  validatorFee: withShown(flag('TOKENS', 'to each validator whose vote counted in a round', amount), '0.5'),
  minStake: withShown(flag('TOKENS', 'the least that a member pledges', amount), '20'),
  minGain: withShown(
    flag('N', 'smallest gain of an accepted model, in basis points', whole(-10_000, 10_000)),
    '-1000',
  ),
  phase: withShown(
    flag('SECONDS', 'longest duration of each phase, joining and appeal apart', whole(1, 86_400)),
    'each its own',
  ),
  join: withShown(flag('SECONDS', 'time to join', whole(1, 604_800)), '3600'),
  appeal: withShown(flag('SECONDS', 'until stake is free after the end', whole(1, 604_800)), '86400'),
} as const;
