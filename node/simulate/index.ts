// The federation's incentives and learning without proofs, encryption and network.
export { type AdversaryName, adversaryNames } from './adversaries/index.ts';
export {
  corruptVotes,
  defaultEconomy,
  type Economy,
  type SimulationInput,
  type SimulationOptions,
  simulationOptions,
} from './options.ts';
export { simulationReport } from './report.ts';
export type { SimulatedRound, SimulatedTrainer } from './round.ts';
export { type Simulation, type SimulationParts, simulate } from './simulate.ts';
export { digitsWorld, type World } from './world.ts';
