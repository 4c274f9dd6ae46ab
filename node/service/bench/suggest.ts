// What follows from a machine's figures: how many proofs at once it bears, and the fee below which proving loses money.
import type { Yield } from './measure.ts';

/** A machine. */
export interface Machine {
  readonly processors: number;
  /** Bytes that can be had. */
  readonly memory: number;
}

/** Part of the memory that agents may take: the rest is the system's. */
const memoryShare = 0.8;

/**
 * Agents of one proof each that the machine bears, at least 1: as many as keep its processors busy, and fit its memory.
 * More would make each proof slower by as much.
 */
export function suggestAgents(
  yields: readonly Pick<Yield, 'processors' | 'peak'>[],
  machine: Machine,
): number {
  const busy = Math.max(...yields.map(({ processors }) => processors));
  const peak = Math.max(...yields.map(({ peak }) => peak));
  // Less than one processor was busy: other programs had the rest while it was measured, and an agent will want it.
  const byProcessors = Math.round(machine.processors / Math.max(busy, 1));
  const byMemory = Math.floor((machine.memory * memoryShare) / peak);
  return Math.max(1, Math.min(byProcessors, byMemory));
}

/**
 * Gas of `Rounds.submitAggregate` with one chunk, that of the updates, which is the dearer (`snapshots/Round.json`).
 * Each further chunk adds its proof's words and pairings.
 */
export const gasOfSum = 396_600n;

/** What proofs cost, and what a token is worth. */
export interface Prices {
  /** Wei for one gas. */
  readonly gasPrice: bigint;
  /** Wei that the machine costs in an hour: power, rent. */
  readonly anHour: bigint;
  /** Wei for one whole token; undefined where it has no price. */
  readonly ofToken: bigint | undefined;
}

/** The fee of a sum at which a prover neither wins nor loses. */
export interface BreakEven {
  /** Wei that gas and machine take for one sum of one chunk. */
  readonly cost: bigint;
  /** That in the token's smallest unit, rounded up; undefined where the token has no price. */
  readonly fee: bigint | undefined;
}

export function breakEven({ anHour }: Pick<Yield, 'anHour'>, prices: Prices): BreakEven {
  const machine = (prices.anHour * 1_000_000n) / BigInt(Math.max(1, Math.round(anHour * 1e6)));
  const cost = gasOfSum * prices.gasPrice + machine;
  const unit = 10n ** 18n;
  const { ofToken } = prices;
  return { cost, fee: ofToken === undefined ? undefined : (cost * unit + ofToken - 1n) / ofToken };
}
