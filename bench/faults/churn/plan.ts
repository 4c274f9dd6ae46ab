// The plan of a long run with churn: which members come and go between its tasks, who cheats, who is killed when, and
// when the chain's provider is away. A seed decides all of it.
import { phases } from '@murmuration/contracts';
import type { Phase } from '../../../node/chain/index.ts';
import type { AdversaryRole } from '../../../node/demo/index.ts';
import { type Random, seeded } from '../../../node/learn/index.ts';

/** How long a run is. */
export interface Length {
  readonly seed: number;
  /** One after the other, on one chain. */
  readonly tasks: number;
  /** Of each task. */
  readonly rounds: number;
}

/** The run of docs/faults.md: 500 rounds. */
export const longest: Omit<Length, 'seed'> = { tasks: 50, rounds: 10 };

/** Where a member dies: at the first write, content or call of its own from the begin of a phase on. */
export interface Kill {
  readonly round: number;
  readonly phase: Phase;
  readonly member: string;
  readonly fate: 'dies before' | 'torn' | 'dies after';
}

/** For how long the only provider of the chain answers no member, from the begin of a phase on. */
export interface Outage {
  readonly round: number;
  readonly phase: Phase;
  /** It says 503, or nothing at all. */
  readonly manner: 'refuses' | 'is silent';
  readonly milliseconds: number;
}

/** One task of the run. */
export interface TaskPlan {
  /** From 1. */
  readonly number: number;
  readonly rounds: number;
  /** Sits in one seat of this task, under an account of its own. */
  readonly adversary: AdversaryRole;
  /** Honest members whose seats were given up after the task before, and are taken by newcomers. */
  readonly newcomers: readonly string[];
  readonly kills: readonly Kill[];
  readonly outages: readonly Outage[];
}

/** Who sits in every task. */
export const company = { trainers: 4, validators: 3 } as const;
/** Members that are honest in every task; the other seats are adversaries' in some. */
export const honest = [
  ...['trainer 1', 'trainer 2', 'trainer 4'],
  ...['validator 1', 'validator 2', 'prover'],
] as const;

/**
 * One of them to a task, in turn. Not among them are those that void rounds by what they are (`other-vector`,
 * `withhold-proposal`), or let phases run to their deadlines (`silent`, `withhold-key`): they cost a run its rounds or
 * its hours, and docs/adversaries.md has them.
 */
const adversaries: readonly AdversaryRole[] = [
  ...(['garbage-proof', 'lazy-vote', 'bad-ciphertext', 'wrong-sum', 'noise'] as const),
  ...(['stolen-proof', 'biased-probe', 'bad-share', 'spam', 'opposite'] as const),
];

/** Rounds for each kill, and for each time that the provider is away; each happens once at least. */
const [roundsAKill, roundsAnOutage] = [4, 8];
const fates = ['dies before', 'torn', 'dies after'] as const;
const running = phases.filter((phase) => phase !== 'none' && phase !== 'closed');

/** The tasks of a run. */
export const tasksOf = ({ seed, tasks, rounds }: Length): TaskPlan[] =>
  Array.from({ length: tasks }, (_, at) => {
    const random = seeded(seed, 'churn', at);
    const pick = <Of>(all: readonly Of[]): Of => all[random.below(all.length)]!;
    const moment = () => ({ round: 1 + random.below(rounds), phase: pick(running) });
    return {
      number: at + 1,
      rounds,
      adversary: adversaries[at % adversaries.length]!,
      newcomers: at === 0 ? [...honest] : [...new Set([pick(honest), pick(honest)])],
      kills: times(rounds / roundsAKill, () => ({ ...moment(), member: pick(honest), fate: pick(fates) })),
      outages: times(rounds / roundsAnOutage, () => outage(moment(), random)),
    };
  });

const times = <Of>(count: number, make: () => Of): Of[] =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, make);

const outage = (moment: Pick<Outage, 'round' | 'phase'>, random: Random): Outage => ({
  ...moment,
  manner: random.uniform() < 0.7 ? 'refuses' : 'is silent',
  milliseconds: 500 + random.below(2000),
});
