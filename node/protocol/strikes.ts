// How strikes are counted and what a strike costs (docs/encodings.md, "Scores"): strikes in a row cost more
// each, and a round without a strike takes one back.

/** The task's strike policy; amounts in the stake token's smallest unit. */
export interface StrikePolicy {
  /** Slashed times the number of strikes that stand. */
  readonly strike: bigint;
  /** So many standing strikes eject. */
  readonly ejectAt: number;
  /** A member whose stake falls below this is ejected. */
  readonly stakeFloor: bigint;
}

/** One trainer's standing. */
export interface Standing {
  readonly stake: bigint;
  readonly strikes: number;
  readonly ejected: boolean;
}

/**
 * The standing after a round and what was slashed: the n-th strike that stands costs `n * strike`, at most
 * the stake.
 */
export function afterRound(
  standing: Standing,
  struck: boolean,
  policy: StrikePolicy,
): Standing & { slashed: bigint } {
  if (standing.ejected) return { ...standing, slashed: 0n };
  if (!struck) return { ...standing, strikes: Math.max(0, standing.strikes - 1), slashed: 0n };
  const strikes = standing.strikes + 1;
  const cost = policy.strike * BigInt(strikes);
  const slashed = cost > standing.stake ? standing.stake : cost;
  const stake = standing.stake - slashed;
  return { stake, strikes, slashed, ejected: strikes >= policy.ejectAt || stake < policy.stakeFloor };
}
