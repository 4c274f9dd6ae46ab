// The money, rules and deadlines that a demonstration's task is posted with. `murmur planner post` offers
// them as defaults.
import type { Deadlines, Economics, Rules } from '@murmuration/contracts';
import { defaultScoreRule, token } from '../protocol/index.ts';

/** Stakes and fees in the token's smallest unit; `contracts/src/interfaces/Types.sol` says what each is. */
export const defaultEconomics: Economics = {
  roundReward: 10n * token,
  validatorFee: token / 2n,
  proverFee: token / 2n,
  minStake: 20n * token,
  stakeFloor: token,
  noShow: token,
  invalidProof: 2n * token,
  strike: token / 2n,
  outlier: token / 4n,
  dispute: 10n * token,
  failedSum: 2n * token,
};

/** The rules of scoring and voting (docs/encodings.md, "Scores"). */
export const defaultRules: Rules = {
  reporterBps: 1000,
  ...defaultScoreRule,
  minGain: -1000,
  outlierBand: 2000,
};

/** The longest that each phase may take, in seconds. */
export const defaultDeadlines: Deadlines = {
  join: 3600,
  draw: 3600,
  keying: 3600,
  support: 600,
  submit: 1200,
  inspect: 600,
  aggregate: 1200,
  commit: 600,
  reveal: 600,
  settle: 1200,
  appeal: 86_400,
};

/**
 * What is otherwise among those who know each other. Sites that differ are honest, and outvoted all the same: there a
 * strike withholds no stake and ends no seat, and what is left of it is the reward that is not earned
 * (docs/decisions/0062-no-stake-for-a-direction.md).
 */
export const amongMembers = {
  economics: { strike: 0n } satisfies Partial<Economics>,
  rules: { ejectAt: 255 } satisfies Partial<Rules>,
};
