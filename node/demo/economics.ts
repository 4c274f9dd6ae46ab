// The money, rules and deadlines that a demonstration's task is posted with. `murmur planner post` offers
// them as defaults.
import { token } from '../protocol/index.ts';
import type { TaskDeadlines, TaskEconomics, TaskRules } from '../roles/index.ts';

/** Stakes and fees in the token's smallest unit; `contracts/src/interfaces/Types.sol` says what each is. */
export const defaultEconomics: TaskEconomics = {
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
export const defaultRules: TaskRules = {
  reporterBps: 1000,
  phi: 6000,
  signalFloor: 100_000_000,
  delta: 30_000_000,
  ejectAt: 8,
  minGain: -1000,
  outlierBand: 2000,
};

/** The longest that each phase may take, in seconds. */
export const defaultDeadlines: TaskDeadlines = {
  join: 3600,
  draw: 3600,
  keying: 3600,
  support: 600,
  submit: 1200,
  aggregate: 1200,
  commit: 600,
  reveal: 600,
  settle: 1200,
  appeal: 86_400,
};
