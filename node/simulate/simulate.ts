// The federation with proofs, encryption and network off: the same learning, compression, rules and money, in
// one loop. It shows what the incentives do. It proves nothing, and every output says that it is a
// simulation.
import { demoTask } from '../demo/index.ts';
import { Network, startBackend, type TaskDescription } from '../learn/index.ts';
import { digestOf, encodeModel } from '../protocol/index.ts';
import { castOf } from './cast.ts';
import {
  defaultEconomy,
  type Economy,
  type SimulationInput,
  type SimulationOptions,
  simulationOptions,
} from './options.ts';
import { playRound, type SimulatedRound, type State } from './round.ts';

/** A simulation that has ended. */
export interface Simulation {
  readonly options: SimulationOptions;
  readonly task: TaskDescription;
  readonly economy: Economy;
  /** What each trainer is: `plain`, `mirrored`, or an adversary. */
  readonly kinds: readonly string[];
  readonly rounds: readonly SimulatedRound[];
  readonly model: Float32Array;
  /** Of the model, in hexadecimal without 0x. */
  readonly digest: string;
}

/**
 * Runs a simulation; `onRound` sees each round as it ends.
 * @throws ZodError for options beyond their range.
 */
export async function simulate(
  input: SimulationInput = {},
  onRound: (round: SimulatedRound, kinds: readonly string[]) => void = () => {},
  economy: Economy = defaultEconomy,
): Promise<Simulation> {
  const options = simulationOptions.parse(input);
  const { preset, rounds: count, selector, density, seed, reference } = options;
  const task = demoTask({ preset, rounds: count, selector, ...(density === undefined ? {} : { density }) });
  await startBackend('wasm');
  const network = new Network(task.model);
  try {
    const cast = await castOf(options, { task, network });
    const rounds: SimulatedRound[] = [];
    let state: State = {
      model: network.initial(seed),
      scale: BigInt(task.aggregation.scale),
      pool: 0n,
      standings: cast.trainers.map(() => ({ stake: economy.stake, strikes: 0, ejected: false })),
    };
    for (let round = 0; round < count; round++) {
      const next = playRound({ cast, economy, reference }, state, round);
      if (!next) break;
      state = next.state;
      rounds.push(next.played);
      onRound(next.played, cast.kinds);
    }
    const { model } = state;
    const digest = digestOf(encodeModel(model)).slice(2);
    return { options, task, economy, kinds: cast.kinds, rounds, model, digest };
  } finally {
    network.dispose();
  }
}
