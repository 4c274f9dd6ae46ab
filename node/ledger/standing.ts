// What a task's rounds came to for one trainer, from the journal alone.
import type { Address } from 'viem';
import type { RoundEntry } from '../chain/index.ts';
import { heldAt } from '../protocol/index.ts';

/** Amounts in the token's smallest unit. */
export interface TrainerStanding {
  /** Strikes that stand. */
  readonly level: number;
  /** What was slashed, and what strikes hold. */
  readonly lost: bigint;
  readonly reward: bigint;
}

/** A trainer after some rounds. @param strike of the task's economics */
export function standingOf(
  account: Address,
  rounds: readonly Pick<RoundEntry, 'settled' | 'penalties'>[],
  strike: bigint,
): TrainerStanding {
  const settled = rounds.flatMap((round) => round.settled.filter(({ trainer }) => trainer === account));
  const penalties = rounds.flatMap((round) => round.penalties.filter((one) => one.account === account));
  const level = settled.at(-1)?.level ?? 0;
  return {
    level,
    lost: penalties.reduce((sum, { amount }) => sum + amount, heldAt(level, strike)),
    reward: settled.reduce((sum, { reward }) => sum + reward, 0n),
  };
}
