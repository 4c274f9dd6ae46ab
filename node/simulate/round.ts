// One simulated round, from training to settlement, by the protocol's own rules.
import { type Figures, maxGroups } from '@murmuration/prover';
import { basisPoints, type Evaluation, evaluate } from '../learn/index.ts';
import {
  applySum,
  chunkShapes,
  figureUnit,
  type Geometry,
  isSilent,
  leastProbes,
  measureUpdate,
  nextScale,
  type PublicHistory,
  publicBasis,
  referencesOf,
  type Seat,
  settleRound,
  without,
} from '../protocol/index.ts';
import type { Cast } from './cast.ts';
import type { Economy, SimulationOptions } from './options.ts';
import { agree, type Sent, type Start, send } from './play.ts';
import { sumOf } from './sums.ts';

/** One trainer in one round. */
export interface SimulatedTrainer extends Seat {
  /** Took part in the round: not ejected before it, nor refused in it, nor away. */
  readonly present: boolean;
  /** What the median group saw of its update, as a cosine. */
  readonly cosine: number;
  /** A level up in this round. */
  readonly struck: boolean;
  /** Of this round. */
  readonly reward: bigint;
  /** What was proven of its update; undefined where it did not take part. */
  readonly figures: Figures | undefined;
}

/** One round. */
export interface SimulatedRound {
  /** From 1. */
  readonly round: number;
  readonly accepted: boolean;
  /** On data that nobody trained or validated on. */
  readonly plain: Evaluation;
  /** On such data that are like the minority's. */
  readonly mirrored: Evaluation;
  /** Coordinates of the support. */
  readonly coordinates: number;
  readonly scale: bigint;
  /** Groups whose sum was opened. */
  readonly counting: readonly number[];
  readonly milliseconds: number;
  readonly trainers: readonly SimulatedTrainer[];
}

/** What a round leaves to the next one. The history is added to in place. */
export interface State {
  readonly model: Float32Array;
  readonly scale: bigint;
  readonly history: PublicHistory;
  /** In the order of the trainers. */
  readonly seats: readonly Seat[];
}

/** What a simulation plays, and by which rules. */
export interface Game {
  readonly cast: Cast;
  readonly options: SimulationOptions;
  readonly economy: Economy;
  readonly geometry: Geometry;
}

/**
 * Plays round `round` (from 0).
 * @returns undefined where fewer than two trainers are left.
 */
export function playRound(
  { cast, options, economy, geometry }: Game,
  state: State,
  round: number,
): { readonly played: SimulatedRound; readonly state: State } | undefined {
  const begin = performance.now();
  const { world, network, trainers, validators, adversaries } = cast;
  const { task } = world;
  const { model, scale, seats, history } = state;
  const refused = adversaries.flatMap(({ strategy, seats: own }) => (strategy.refused ? own : []));
  const members = trainers
    .map((_, i) => i)
    .filter((i) => !seats[i]!.ejected && !refused.includes(i) && !world.isAway?.(i, round));
  if (members.length < 2) return undefined;
  const start: Start = { model, scale, members, round, rounds: options.rounds };

  for (const i of members) trainers[i]!.train(model, round, members.length);
  const support = agree(cast, start);
  const sources = { history, geometry, support };
  const sent = send(cast, start, sources);
  const weights = members.map((i) => world.weights?.[i] ?? 1);
  const { updates, groups } = open(cast, { sent, weights, reference: options.reference });
  const basis = publicBasis(sources, economy.clues);
  const references = referencesOf(groups, basis, support.length);
  const counting = groups.flatMap((sum, g) => (sum ? [g] : []));
  const figures = sent.updates.map((update) => measureUpdate(update, references));
  const whole = economy.strikesOn === 'whole' ? referencesOf(groups, [], support.length) : references;
  const strikeFigures = sent.updates.map((update) => measureUpdate(update, whole));

  const { eta, targetRms } = task.aggregation;
  const weight = weights.reduce((sum, w) => sum + w, 0);
  const next = applySum(model, { support, sum: updates, weight, scale, eta });
  const accepted = vote(cast, options, { model, next }) >= economy.minGain;
  const pot = economy.roundReward;
  const settled = settleRound(
    members.map((i) => seats[i]!),
    { accepted, pot, counting, figures, strikeFigures },
    economy.score,
  );
  const opened = groups.filter((sum) => sum !== undefined);
  const probes = Float64Array.from(sumOf(opened, support.length));
  const seen = { probes, innovation: without(probes, basis), updates };
  for (const { strategy } of adversaries) strategy.learn?.(seen);
  history.add({ support, updates, probes: opened });

  for (const i of members) trainers[i]!.settle(accepted ? 'applied' : 'rolled-back');
  for (const validator of validators) validator.settle();
  const after = accepted ? next : model;
  const shown = seats.map((seat, i): SimulatedTrainer => {
    const k = members.indexOf(i);
    if (k < 0) return { ...seat, present: false, cosine: 0, struck: false, reward: 0n, figures: undefined };
    const { seat: now, seen, reward } = settled[k]!;
    return {
      ...now,
      present: true,
      cosine: seen / figureUnit,
      struck: now.level > seat.level,
      reward,
      figures: figures[k],
    };
  });
  return {
    played: {
      round: round + 1,
      accepted,
      plain: evaluate(network, after, world.test),
      mirrored: evaluate(network, after, world.testMinority),
      coordinates: support.length,
      scale,
      counting,
      milliseconds: performance.now() - begin,
      trainers: shown,
    },
    state: {
      model: after,
      scale: nextScale(scale, {
        accepted,
        buckets: figures.filter((of) => !isSilent(of)).map(({ bucket }) => bucket),
        coordinates: task.compression.chunks * chunkShapes[task.preset].coordinatesPerChunk,
        targetRms,
      }),
      history,
      seats: seats.map((seat, i) => settled[members.indexOf(i)]?.seat ?? seat),
    },
  };
}

/** The sums that a round opens, on the support; `undefined` for a group that does not count. */
interface OpenedSums {
  readonly updates: Int32Array;
  readonly groups: readonly (Int32Array | undefined)[];
}

/** The sums that the round opens: the updates', and each group's of two probes or more. */
function open(
  { groups }: Cast,
  {
    sent: { updates, probes },
    weights,
    reference,
  }: {
    readonly sent: Sent;
    readonly weights: readonly number[];
    readonly reference: SimulationOptions['reference'];
  },
): OpenedSums {
  const n = updates[0]!.length;
  const sum = sumOf(updates, n, weights);
  return {
    updates: sum,
    groups: Array.from({ length: maxGroups }, (_, g) => {
      const own = probes.filter((_, v) => groups[v] === g);
      if (own.length < leastProbes) return undefined;
      return reference === 'sum' ? sum : sumOf(own, n);
    }),
  };
}

/** What a corrupt validator says that the model gained, in basis points. */
const corruptGain = { for: 10_000, against: -10_000 } as const;

/** The validators' median gain in accuracy, in basis points; of an even number the lower middle one. */
function vote(
  { validators, adversaries }: Cast,
  { corruptVotes }: SimulationOptions,
  { model, next }: { readonly model: Float32Array; readonly next: Float32Array },
): number {
  const gains = validators
    .map((validator, v) => {
      if (corruptVotes !== 'honest' && adversaries.some(({ corrupt }) => corrupt.includes(v)))
        return corruptGain[corruptVotes];
      return basisPoints(validator.evaluate(next).accuracy) - basisPoints(validator.evaluate(model).accuracy);
    })
    .sort((a, b) => a - b);
  return gains[(gains.length - 1) >> 1]!;
}
