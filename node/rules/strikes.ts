/** How strikes are counted and what one costs: each one in a row costs more, a clean round lets one fade. */

/** The task's strike policy. `slash` in basis points of the stake promised; `eject`: strikes that end membership. */
export interface StrikePolicy {
  slash: bigint;
  eject: number;
}

/** One trainer's standing. Amounts are in the stake token's smallest unit. */
export interface Standing {
  stake: bigint;
  strikes: number;
  ejected: boolean;
}

/** The standing after a round: the n-th strike that stands costs `n * slash` of what is left of the stake. */
export function afterRound(standing: Standing, strike: boolean, policy: StrikePolicy): Standing {
  if (standing.ejected) return standing;
  if (!strike) return { ...standing, strikes: Math.max(0, standing.strikes - 1) };
  const strikes = standing.strikes + 1;
  const cost = (standing.stake * policy.slash * BigInt(strikes)) / 10_000n;
  const stake = cost > standing.stake ? 0n : standing.stake - cost;
  return { stake, strikes, ejected: strikes >= policy.eject };
}
