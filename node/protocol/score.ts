// What an update is worth and what it is paid, in integers (docs/encodings.md, "Scores"). Figures are in units
// of 1/128; amounts in the token's smallest unit.

/** How figures become pay; all in units of 1/128. */
export interface PayPolicy {
  /** Subtracted from what the median group saw: what luck alone earns is below it. */
  readonly toll: number;
  /** More than this is not paid for, and no debt grows beyond it. */
  readonly cap: number;
  /** Weight a head at which a round pays out all of its pot. */
  readonly reserve: number;
}

/** What rounds leave to later rounds of one trainer's pay. */
export interface Account {
  /** Owed for figures below the toll, in [0, cap]: weight is earned only beyond it. */
  readonly debt: number;
  /** All weights of accepted rounds so far. */
  readonly credit: number;
}

/**
 * The weight of a round and the debt after it. Figures below the toll are owed: otherwise the lucky rounds of
 * guesses would be paid and the unlucky ones cost nothing.
 * @param seen the lower median of the figures over the groups that count.
 */
export function weigh(
  debt: number,
  seen: number,
  { toll, cap }: PayPolicy,
): { readonly weight: number; readonly debt: number } {
  const earned = Math.min(seen, cap) - toll;
  return { weight: Math.max(0, earned - debt), debt: Math.min(cap, Math.max(0, debt - earned)) };
}

/**
 * The pay of an accepted round, each part rounded down; what nobody can get stays in the pot.
 * @param pot the round's, in the token's smallest unit.
 * @param earners the trainers with an accepted update: weight of this round, credit with this round's weight.
 * @param reserve weight a head below which a part of the pot goes by credit: a quiet round pays those on whose
 * work the model rests.
 */
export function payOf(
  pot: bigint,
  earners: readonly { readonly weight: number; readonly credit: number }[],
  reserve: number,
): bigint[] {
  const total = earners.reduce((sum, { weight }) => sum + weight, 0);
  const credits = BigInt(earners.reduce((sum, { credit }) => sum + credit, 0));
  const whole = BigInt(Math.max(total, reserve * earners.length));
  if (whole === 0n) return earners.map(() => 0n);
  const rest = (pot * (whole - BigInt(total))) / whole;
  return earners.map(
    ({ weight, credit }) =>
      (pot * BigInt(weight)) / whole + (credits === 0n ? 0n : (rest * BigInt(credit)) / credits),
  );
}
