// The cast of a simulation: its trainers and validators, and an adversary among them.
import {
  LocalTrainer,
  LocalValidator,
  type Network,
  permutation,
  type Random,
  seeded,
} from '../learn/index.ts';
import { groupsOf } from '../protocol/index.ts';
import { type Strategy, strategyOf } from './adversaries/index.ts';
import type { SimulationOptions } from './options.ts';
import type { World } from './world.ts';

/** Who takes part, on what. */
export interface Cast {
  readonly world: World;
  readonly network: Network;
  /** What each trainer is: a kind of the world, or an adversary. */
  readonly kinds: readonly string[];
  readonly trainers: readonly LocalTrainer[];
  readonly validators: readonly LocalValidator[];
  /** The group of each validator. */
  readonly groups: readonly number[];
  readonly adversary: Adversary | undefined;
}

/** The adversary of a run. */
export interface Adversary {
  readonly strategy: Strategy;
  /** Seats of its trainers. */
  readonly seats: readonly number[];
  /** Seats of its validators. */
  readonly corrupt: readonly number[];
  readonly random: Random;
}

/** The cast of the options in a world. @param groups of validators; without it as many as the rule says. */
export function castOf(
  options: SimulationOptions,
  { world, network, groups }: Pick<Cast, 'world' | 'network'> & { readonly groups?: number | undefined },
): Cast {
  const { seed } = options;
  const { task } = world;
  const adversary = adversaryOf(options, world);
  const training = adversary?.strategy.data;
  return {
    world,
    network,
    kinds: world.kinds.map((kind, i) => (adversary?.seats.includes(i) ? options.adversary : kind)),
    trainers: world.trainers.map((own, i) => {
      const data = training && adversary.seats.includes(i) ? training(own, adversary.random) : own;
      return new LocalTrainer({ task, network, data, seed: `${seed}/${i}` });
    }),
    validators: world.validators.map(
      (holdout, i) => new LocalValidator({ task, network, holdout, seed: `${seed}/v${i}` }),
    ),
    groups: groupsOf(permutation(world.validators.length, seeded(seed, 'groups')), groups),
    adversary,
  };
}

function adversaryOf(
  { adversary, corrupt, seed, validators }: SimulationOptions,
  world: World,
): Adversary | undefined {
  if (adversary === 'honest') return undefined;
  const strategy = strategyOf(adversary);
  const extra = strategy.extraSeats ?? 0;
  return {
    strategy,
    seats: Array.from({ length: 1 + extra }, (_, k) => world.adversarySeat - extra + k),
    corrupt: Array.from({ length: corrupt }, (_, k) => validators - corrupt + k),
    random: seeded(seed, 'adversary', adversary),
  };
}
