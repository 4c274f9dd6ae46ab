// The cast of a simulation: its trainers and validators, and adversaries among them.
import { NodeError } from '../errors.ts';
import {
  LocalTrainer,
  LocalValidator,
  type Network,
  permutation,
  type Random,
  seeded,
} from '../learn/index.ts';
import { groupsOf } from '../protocol/index.ts';
import { type AdversaryName, type Strategy, strategyOf } from './adversaries/index.ts';
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
  readonly adversaries: readonly Adversary[];
}

/** An adversary of a run. */
export interface Adversary {
  readonly name: AdversaryName;
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
  const adversaries = adversariesOf(options, world);
  const adversaryAt = (seat: number) => adversaries.find(({ seats }) => seats.includes(seat));
  return {
    world,
    network,
    kinds: world.kinds.map((kind, i) => adversaryAt(i)?.name ?? kind),
    trainers: world.trainers.map((own, i) => {
      const adversary = adversaryAt(i);
      const data = adversary?.strategy.data?.(own, adversary.random) ?? own;
      return new LocalTrainer({ task, network, data, seed: `${seed}/${i}` });
    }),
    validators: world.validators.map(
      (holdout, i) => new LocalValidator({ task, network, holdout, seed: `${seed}/v${i}` }),
    ),
    groups: groupsOf(permutation(world.validators.length, seeded(seed, 'groups')), groups),
    adversaries,
  };
}

/** @throws NodeError `input` where more seats are asked for than there are before the first. */
function adversariesOf(
  { adversary: names, corrupt, seed, validators }: SimulationOptions,
  world: World,
): Adversary[] {
  let free = world.adversarySeat;
  return names.map((name, k) => {
    const strategy = strategyOf(name);
    const count = 1 + (strategy.extraSeats ?? 0);
    free -= count;
    if (free < -1)
      throw new NodeError(
        'input',
        `simulation: its adversaries take more than the ${world.adversarySeat + 1} seats that there are for them`,
      );
    return {
      name,
      strategy,
      seats: Array.from({ length: count }, (_, at) => free + 1 + at),
      // The validators that are corrupt work for the first.
      corrupt: k === 0 ? Array.from({ length: corrupt }, (_, at) => validators - corrupt + at) : [],
      random: k === 0 ? seeded(seed, 'adversary', name) : seeded(seed, 'adversary', name, k),
    };
  });
}
