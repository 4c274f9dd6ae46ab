// The rules behind bookings, in words: docs/protocol.md, "Scores, strikes, rewards" and "Slashing and absence".
import type { Fault, Verdict } from '@murmuration/contracts';

/** Why a fault costs stake. */
const faultRules: Readonly<Record<Fault, string>> = {
  none: 'slashed without a fault',
  'no-show': 'missed a duty that it could have done: most of the validators were there',
  'invalid-proof': 'sent a proof that failed',
  outlier: "voted for other than the majority's model and references, or an accuracy far from the median",
  disputed: 'an accusation that most of the validators signed stood',
  excluded: "most of the validators' stake found the content of its submission missing or false",
};

/** Why a member was slashed in a round. */
export const faultRule = (fault: Fault): string => faultRules[fault];

/** What the groups said of a trainer's update. */
const verdictRules: Readonly<Record<Verdict, string>> = {
  neither: 'the groups neither struck nor cleared it',
  cleared: 'a third of the groups or more saw it point their way',
  struck: 'more than two thirds of the groups saw it point elsewhere',
  harsher: 'more than two thirds of the groups saw it point nowhere',
};

/** What a trainer's reward was computed from. */
export interface RewardBasis {
  /** What the median group saw, in 1/128; -128 without a proof. */
  readonly seen: number;
  /** Above the toll and its debt, in 1/128; of all trainers together, `weights`. */
  readonly weight: bigint;
  readonly weights: bigint;
}

export function rewardRule({ seen, weight, weights }: RewardBasis): string {
  const looked = seen === -128 ? 'no alignment was proven' : `the median group saw ${seen}/128`;
  return `part of an accepted round's reward: ${looked}, weight ${weight} of ${weights}; a quiet rest goes by credit`;
}

/** A strike, or one that is cleared. */
export const levelRule = (verdict: Verdict, before: number, after: number): string =>
  `${verdictRules[verdict]}: level ${before} became ${after}, and level L holds strike x L (L - 1) / 2`;

export const proverFeeRule = (sum: number): string =>
  `first to prove ${sum === 0 ? 'the sum of the updates' : `the sum of the probes of group ${sum - 1}`}`;

export const rules = {
  bond: 'brought into the vault',
  queue: 'put into the queue to leave',
  requeue: 'taken back from the queue',
  withdraw: 'left the vault after its wait',
  claim: 'earnings paid out',
  pledge: 'applied for a seat',
  release: 'the seat is over, or the application was taken back',
  burn: 'what strikes still held when the seat ended is burnt',
  over: 'the seat is over, and with it what strikes held of an empty pledge',
  vote: "a vote with the majority's model and references, after an accepted probe",
  report: "reporter's share of a slash: it advanced the task past a missed duty, or an accusation named it",
  fund: "a task's bounty, or an addition to it",
  ended: 'the task ended: what of the bounty was not paid out',
  cancelled: 'the task was cancelled: its whole pot',
  missedStart: 'did not do before the start what its application asked for',
  failedSum: 'sent a sum that failed; paid from free stake',
  unknown: 'no rule of this version accounts for it',
} as const;
