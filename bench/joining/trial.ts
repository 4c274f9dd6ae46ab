// The trials of control variates: who uses them, among whom.
import { permutation, seeded } from '../../node/learn/index.ts';
import { type Simulation, type SimulationInput, simulate, type World } from '../../node/simulate/index.ts';
import type { Trial } from './plan.ts';
import { VariateNetwork } from './variates.ts';

/** Of the rounds, for a site of those beyond the two that every round has. */
const awayShare = 0.5;

/** The simulation of a trial, and of each site the share of its rounds in which it pointed away from the others. */
export async function simulateTrial(
  options: SimulationInput & { readonly seed: number },
  world: World,
  { users, cast }: Trial,
): Promise<Simulation & { readonly backwards: readonly number[] }> {
  const played = castInto(world, cast, options.seed);
  const rows = world.trainers.map(({ count }) => count);
  const smallest = rows.indexOf(Math.min(...rows));
  const uses = (site: number) => users === 'everybody' || (users === 'smallest' && site === smallest);
  let network: VariateNetwork | undefined;
  const simulation = await simulate(options, {
    worldOf: () => played,
    networkOf: () => {
      network = new VariateNetwork(played, uses);
      return network;
    },
    onRound: (round) => network!.ended(round),
  });
  return { ...simulation, backwards: network!.backwards };
}

function castInto(world: World, cast: Trial['cast'], seed: number): World {
  if (cast === 'swapped') {
    const trainers = world.trainers.map((data, i) =>
      i === world.adversarySeat ? { ...data, labels: data.labels.map((label) => 1 - label) } : data,
    );
    return { ...world, trainers };
  }
  if (cast === 'all') return world;
  const away = Array.from({ length: world.task.rounds }, (_, round) => {
    const random = seeded(seed, 'away', round);
    const [, , ...others] = permutation(world.trainers.length, random);
    return new Set(others.filter(() => random.uniform() < awayShare));
  });
  return { ...world, isAway: (trainer, round) => away[round]!.has(trainer) };
}
