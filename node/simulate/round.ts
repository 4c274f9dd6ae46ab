// One simulated round, from training to settlement, by the protocol's own rules.
import { basisPoints, type Evaluation, evaluate, supportShape } from '../learn/index.ts';
import {
  type Alignment,
  afterRound,
  applySum,
  chunkShapes,
  inRow,
  judge,
  mergeProposals,
  nextScale,
  type Standing,
  share,
} from '../protocol/index.ts';
import type { Cast } from './cast.ts';
import type { Economy } from './options.ts';
import { inner, type Reference, sumOf } from './reference.ts';

/** One trainer in one round. */
export interface SimulatedTrainer extends Standing {
  /** Took part in the round: not ejected before it. */
  readonly present: boolean;
  readonly cosine: number;
  readonly struck: boolean;
  readonly slashed: bigint;
  /** Of this round. */
  readonly reward: bigint;
}

/** One round. */
export interface SimulatedRound {
  /** From 1. */
  readonly round: number;
  readonly accepted: boolean;
  /** On digits that nobody trained or validated on. */
  readonly plain: Evaluation;
  readonly mirrored: Evaluation;
  /** Lower median of the cosines; below the signal floor nobody is struck. */
  readonly median: number;
  readonly coordinates: number;
  readonly scale: bigint;
  readonly milliseconds: number;
  readonly trainers: readonly SimulatedTrainer[];
}

/** What a round leaves to the next one. */
export interface State {
  readonly model: Float32Array;
  readonly scale: bigint;
  /** Slashed and not yet paid out. */
  readonly pool: bigint;
  /** In the order of the trainers. */
  readonly standings: readonly Standing[];
}

/** What a simulation plays, and by which rules. */
export interface Game {
  readonly cast: Cast;
  readonly economy: Economy;
  readonly reference: Reference;
}

/**
 * Plays round `round` (from 0).
 * @returns undefined where fewer than two trainers are left.
 */
export function playRound(
  { cast, economy, reference: against }: Game,
  state: State,
  round: number,
): { readonly played: SimulatedRound; readonly state: State } | undefined {
  const start = performance.now();
  const { task, network, digits, trainers, validators } = cast;
  const { model, scale, standings } = state;
  const members = trainers.map((_, i) => i).filter((i) => !standings[i]!.ejected);
  if (members.length < 2) return undefined;

  for (const i of members) trainers[i]!.train(model, round, members.length);
  const support = agree(cast, { model, members, round });
  const updates = members.map((i) => trainers[i]!.compress(support, scale, round));
  const sum = sumOf(updates);
  const reference = against === 'sum' ? sum : sumOf(validators.map((v) => v.probe(model, support)));

  const next = applySum(model, {
    support,
    sum: inRow(sum),
    weight: members.length,
    scale,
    eta: task.aggregation.eta,
  });
  const accepted = vote(cast, model, next) >= economy.minGain;
  const alignments = updates.map((u) => ({ score: inner(u, reference), norm: inner(u, u) }));
  const settlement = settle(state, {
    economy,
    members,
    accepted,
    alignments,
    square: inner(reference, reference),
  });

  for (const i of members) trainers[i]!.settle(accepted ? 'applied' : 'rolled-back');
  for (const validator of validators) validator.settle();
  const after = accepted ? next : model;
  return {
    played: {
      round: round + 1,
      accepted,
      plain: evaluate(network, after, digits.test),
      mirrored: evaluate(network, after, digits.testMirrored),
      median: settlement.median,
      coordinates: support.length,
      scale,
      milliseconds: performance.now() - start,
      trainers: settlement.trainers,
    },
    state: {
      model: after,
      scale: nextScale(scale, {
        accepted,
        norms: alignments.map((a) => a.norm),
        coordinates: task.compression.chunks * chunkShapes[task.preset].coordinatesPerChunk,
        targetRms: task.aggregation.targetRms,
      }),
      pool: settlement.pool,
      standings: settlement.trainers.map(({ stake, strikes, ejected }) => ({ stake, strikes, ejected })),
    },
  };
}

/** The round's support, by the task's selector. */
function agree(
  { task, network, trainers, validators }: Cast,
  {
    model,
    members,
    round,
  }: { readonly model: Float32Array; readonly members: readonly number[]; readonly round: number },
): Uint32Array {
  const proposals =
    task.compression.selector === 'leader'
      ? [trainers[members[round % members.length]!]!.propose(round)]
      : validators.map((validator) => validator.propose(model, round));
  return mergeProposals(proposals, supportShape(task, network, round));
}

/** The validators' median gain in accuracy, in basis points; of an even number the lower middle one. */
function vote({ validators }: Cast, model: Float32Array, next: Float32Array): number {
  const gains = validators
    .map((v) => basisPoints(v.evaluate(next).accuracy) - basisPoints(v.evaluate(model).accuracy))
    .sort((a, b) => a - b);
  return gains[(gains.length - 1) >> 1]!;
}

/** A round as it is settled. */
interface Judged {
  readonly economy: Economy;
  /** The trainers that took part, by their place. */
  readonly members: readonly number[];
  readonly accepted: boolean;
  /** In the order of the members. */
  readonly alignments: readonly Alignment[];
  /** `<reference, reference>`. */
  readonly square: bigint;
}

/** Strikes, slashes and pays. Slashed stake goes to the pool, which the next accepted round pays out. */
function settle(
  { pool: before, standings }: State,
  { economy, members, accepted, alignments, square }: Judged,
): { readonly median: number; readonly pool: bigint; readonly trainers: readonly SimulatedTrainer[] } {
  const { median, judgements } = judge(alignments, square, economy.score);
  const pot = economy.roundReward + before;
  const weights = judgements.map(({ weight }) => weight);
  const rewards = accepted ? share(pot, weights) : weights.map(() => 0n);
  const paid = rewards.reduce((a, b) => a + b, 0n);
  const left = accepted ? before - paid : before;
  let pool = left < 0n ? 0n : left;
  const trainers = standings.map((standing, i): SimulatedTrainer => {
    const seat = members.indexOf(i);
    if (seat < 0) return { ...standing, present: false, cosine: 0, struck: false, slashed: 0n, reward: 0n };
    const { strike, cosine } = judgements[seat]!;
    const after = afterRound(standing, strike, economy.strike);
    pool += after.slashed;
    return { ...after, present: true, cosine: Number(cosine) / 1e9, struck: strike, reward: rewards[seat]! };
  });
  return { median: Number(median) / 1e9, pool, trainers };
}
