// The federation with proofs, encryption and network off: the same learning, compression, rules and money, in
// one loop. It shows what the incentives do. It proves nothing, and every output says that it is a
// simulation.
import { geometryOf, type ModelSpec, Network, startBackend } from '../learn/index.ts';
import { digestOf, encodeModel, freshSeat, PublicHistory } from '../protocol/index.ts';
import { castOf } from './cast.ts';
import {
  defaultEconomy,
  type Economy,
  type SimulationInput,
  type SimulationOptions,
  simulationOptions,
} from './options.ts';
import { playRound, type SimulatedRound, type State } from './round.ts';
import { digitsWorld, type World } from './world.ts';

/** A simulation that has ended. */
export interface Simulation {
  readonly options: SimulationOptions;
  readonly world: World;
  readonly economy: Economy;
  /** What each trainer is: a kind of the world, for example `plain`, or an adversary. */
  readonly kinds: readonly string[];
  readonly rounds: readonly SimulatedRound[];
  readonly model: Float32Array;
  /** Of the model, in hexadecimal without 0x. */
  readonly digest: string;
}

/** What a simulation departs from the defaults in. */
export interface SimulationParts {
  /** Called with each round as it ends. */
  readonly onRound?: (round: SimulatedRound, kinds: readonly string[]) => void;
  readonly economy?: Partial<Economy>;
  /** The world of the options; without it the demonstration's digits. */
  readonly worldOf?: (options: SimulationOptions) => World | Promise<World>;
  /** The model of a task's description; without it the one that every role computes with. */
  readonly networkOf?: (spec: ModelSpec) => Network;
}

/**
 * Runs a simulation.
 * @throws ZodError for options beyond their range.
 */
export async function simulate(
  input: SimulationInput = {},
  parts: SimulationParts = {},
): Promise<Simulation> {
  const { onRound, worldOf = digitsWorld, networkOf = (spec) => new Network(spec) } = parts;
  const options = simulationOptions.parse(input);
  const economy = { ...defaultEconomy, ...parts.economy };
  await startBackend('wasm');
  const world = await worldOf(options);
  const network = networkOf(world.task.model);
  try {
    const cast = castOf(options, { world, network, groups: economy.groups });
    const initial = network.initial(options.seed);
    const game = { cast, options, economy, geometry: geometryOf(world.task, network) };
    const rounds: SimulatedRound[] = [];
    let state: State = {
      model: initial,
      scale: BigInt(world.task.aggregation.scale),
      history: new PublicHistory(network.size),
      seats: cast.trainers.map(() => freshSeat(economy.stake)),
    };
    for (let round = 0; round < options.rounds; round++) {
      const next = playRound(game, state, round);
      if (!next) break;
      state = next.state;
      rounds.push(next.played);
      onRound?.(next.played, cast.kinds);
    }
    const { model } = state;
    const digest = digestOf(encodeModel(model)).slice(2);
    return { options, world, economy, kinds: cast.kinds, rounds, model, digest };
  } finally {
    network.dispose();
  }
}
