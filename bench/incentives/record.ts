// One run as it is kept: what it was, what each trainer got, and the figures, from which pay can be computed again by
// other numbers of the rule.
import { freshSeat, type ScorePolicy, settleRound, token } from '../../node/protocol/index.ts';
import { defaultEconomy, type Simulation, type SimulationOptions } from '../../node/simulate/index.ts';

/** A trainer's result. */
export interface TrainerRecord {
  readonly kind: string;
  /** Of all that was paid, in [0, 1]. */
  readonly share: number;
  /** Rounds in which it was struck. */
  readonly strikes: number;
  /** Most that was held of it at any time, and at the end, in tokens. */
  readonly mostHeld: number;
  readonly held: number;
  readonly ejected: boolean;
}

/** One round: the figures of the groups that count, one row a trainer; null where it took no part. */
export interface RoundRecord {
  readonly accepted: boolean;
  readonly accuracy: number;
  readonly minorityAccuracy: number;
  readonly figures: readonly (readonly number[] | null)[];
  readonly rewards: readonly number[];
  readonly levels: readonly number[];
}

/** A run. */
export interface RunRecord {
  readonly minority: number | undefined;
  /** Seats of the adversary. */
  readonly adversary: readonly number[];
  readonly trainers: readonly TrainerRecord[];
  readonly rounds: readonly RoundRecord[];
  /** Share of rows with the trigger that the last model puts into the backdoor's class. */
  readonly backdoor: number | undefined;
}

const tokens = (amount: bigint): number => Number((amount * 1_000_000n) / token) / 1e6;

const isAdversary = ({ adversary }: SimulationOptions, kind: string) =>
  adversary.some((name) => name === kind);

/** The record of a simulation. */
export function recordOf(
  { kinds, rounds, world, options }: Simulation,
  backdoor: number | undefined,
): RunRecord {
  const paid = kinds.map((_, i) => rounds.reduce((sum, r) => sum + tokens(r.trainers[i]!.reward), 0));
  const all = paid.reduce((a, b) => a + b, 0) || 1;
  const last = rounds.at(-1)!.trainers;
  return {
    minority: world.minority,
    adversary: kinds.flatMap((kind, i) => (isAdversary(options, kind) ? [i] : [])),
    backdoor,
    trainers: kinds.map((kind, i) => ({
      kind,
      share: paid[i]! / all,
      strikes: rounds.filter((r) => r.trainers[i]!.struck).length,
      mostHeld: Math.max(...rounds.map((r) => tokens(r.trainers[i]!.held))),
      held: tokens(last[i]!.held),
      ejected: last[i]!.ejected,
    })),
    rounds: rounds.map((r) => ({
      accepted: r.accepted,
      accuracy: r.plain.accuracy,
      minorityAccuracy: r.mirrored.accuracy,
      figures: r.trainers.map(({ figures }) => (figures ? r.counting.map((g) => figures.scores[g]!) : null)),
      rewards: r.trainers.map(({ reward }) => tokens(reward)),
      levels: r.trainers.map(({ level }) => level),
    })),
  };
}

/** What another rule would have paid and held for the same figures. */
export function settledBy(
  { trainers, rounds }: RunRecord,
  { debts = true, ...over }: Partial<ScorePolicy> & { readonly debts?: boolean },
): {
  readonly share: readonly number[];
  readonly strikes: readonly number[];
  readonly held: readonly number[];
} {
  const policy = { ...defaultEconomy.score, ...over };
  let seats = trainers.map(() => freshSeat(defaultEconomy.stake));
  const paid = trainers.map(() => 0n);
  const strikes = trainers.map(() => 0);
  const most = trainers.map(() => 0n);
  for (const { accepted, figures } of rounds) {
    const here = figures.flatMap((row, i) => (row && !seats[i]!.ejected ? [i] : []));
    if (here.length === 0) break;
    const groups = figures[here[0]!]!.length;
    const settled = settleRound(
      here.map((i) => (debts ? seats[i]! : { ...seats[i]!, debt: 0 })),
      {
        accepted,
        pot: defaultEconomy.roundReward,
        counting: Array.from({ length: groups }, (_, g) => g),
        figures: here.map((i) => ({ scores: figures[i]!, bucket: 1 })), // of some size
      },
      policy,
    );
    here.forEach((i, k) => {
      const { seat, reward } = settled[k]!;
      if (seat.level > seats[i]!.level) strikes[i]!++;
      paid[i]! += reward;
      if (seat.held > most[i]!) most[i] = seat.held;
      seats = seats.with(i, seat);
    });
  }
  const all = paid.reduce((a, b) => a + b, 0n) || 1n;
  return { share: paid.map((p) => Number((p * 1_000_000n) / all) / 1e6), strikes, held: most.map(tokens) };
}
